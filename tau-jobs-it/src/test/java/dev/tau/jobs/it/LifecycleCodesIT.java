package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** All lifecycle codes but job_recovered_after_restart, which is in {@link RestartIT}. */
class LifecycleCodesIT {
    @TempDir
    Path root;

    private JobsHost oneWorker() {
        return JobsHost.open(root, "jobs-workers", "1", "no-session", "true", "jobs-kill-grace-ms", "500");
    }

    private static void assertEnd(JsonNode answer, String status, String code) {
        assertThat(answer.path("job").path("status").asString())
                .as(answer.toString())
                .isEqualTo(status);
        assertThat(answer.path("job").path("reason_code").asString())
                .as(answer.toString())
                .isEqualTo(code);
    }

    @Test
    void queuedStartedAndCancelled() {
        try (JobsHost host = oneWorker()) {
            String blocker = host.shell(HostMain.TREE);
            host.awaitStatus(blocker, "running");
            assertThat(host.job(blocker).path("reason_code").asString()).isEqualTo("job_started");
            String queued = host.shell("echo never");
            assertThat(host.job(queued).path("status").asString()).isEqualTo("queued");
            assertThat(host.job(queued).path("reason_code").asString()).isEqualTo("job_queued");
            host.cancel(queued);
            assertEnd(host.awaitEnd(queued), "cancelled", "job_cancelled_before_start");
            JobProcess.await(JobsHost.stateDir(root), blocker, 3);
            host.cancel(blocker);
            assertEnd(host.awaitEnd(blocker), "cancelled", "job_cancelled_during_run");
            JobProcess.awaitNone(JobsHost.stateDir(root), blocker);
            assertThat(host.events(blocker))
                    .containsExactly(
                            "created/job_queued",
                            "started/job_started",
                            "cancel_requested/job_cancelled_during_run",
                            "cancelled/job_cancelled_during_run");
            assertThat(host.cancel(blocker).path("reason_code").asString()).isEqualTo("jobs_cancel_ok");
        }
    }

    @Test
    void succeededAndNonZeroExit() {
        try (JobsHost host = oneWorker()) {
            JsonNode good = host.awaitEnd(host.shell("echo out; echo err >&2"));
            assertEnd(good, "succeeded", "job_succeeded");
            assertThat(good.path("job").path("exit_code").asInt(-1)).isZero();
            assertThat(good.path("stdout_preview").asString()).isEqualTo("out\n");
            assertThat(good.path("stderr_preview").asString()).isEqualTo("err\n");
            JsonNode bad = host.awaitEnd(host.shell("exit 7"));
            assertEnd(bad, "failed", "job_non_zero_exit");
            assertThat(bad.path("job").path("exit_code").asInt()).isEqualTo(7);
            assertEnd(host.awaitEnd(host.shell("kill -KILL $$")), "failed", "job_non_zero_exit");
        }
    }

    @Test
    void spawnFailed() throws Exception {
        Path plain = Files.writeString(root.resolve("plain.txt"), "no program");
        try (JobsHost host = oneWorker()) {
            for (Map<String, Object> arguments : List.<Map<String, Object>>of(
                    Map.of("command", "no-such-program-here"),
                    Map.of("command", plain.toString()),
                    Map.of("command", "true", "args", List.of("x".repeat(200_000))))) {
                JsonNode end = host.awaitEnd(host.create(arguments));
                assertEnd(end, "failed", "job_spawn_failed");
                assertThat(end.path("job").path("error").asString()).isNotEmpty();
                assertThat(end.path("job").path("exit_code").isNull()).isTrue();
            }
        }
    }

    @Test
    void spawnFailedForADirectoryThatHasGone() throws Exception {
        Path directory = Files.createDirectory(root.resolve("gone"));
        try (JobsHost host = oneWorker()) {
            String blocker = host.shell("until test -e go; do sleep 0.05; done");
            String id = host.create(Map.of("command", "true", "cwd", directory.toString()));
            Files.delete(directory);
            Files.createFile(root.resolve("go"));
            assertEnd(host.awaitEnd(blocker), "succeeded", "job_succeeded");
            assertEnd(host.awaitEnd(id), "failed", "job_spawn_failed");
        }
    }

    @Test
    void timeoutEndsTheTree() {
        try (JobsHost host = oneWorker()) {
            String id = host.create(Map.of("command", "sh", "args", List.of("-c", HostMain.TREE), "timeout_ms", 400));
            JsonNode end = host.awaitEnd(id);
            assertEnd(end, "failed", "job_timeout");
            assertThat(end.path("job").path("exit_code").isNull()).isTrue();
            JobProcess.awaitNone(JobsHost.stateDir(root), id);
        }
    }

    @Test
    void runtimeErrorWhenTheLogCannotBeWritten() throws Exception {
        try (JobsHost host = oneWorker()) {
            String blocker = host.shell("until test -e go; do sleep 0.05; done");
            host.awaitStatus(blocker, "running");
            String id = host.shell("true");
            Path log = JobsHost.jobFile(root, id, ".stdout.log");
            Files.deleteIfExists(log);
            Files.createDirectory(log);
            Files.createFile(log.resolve("in-the-way"));
            Files.createFile(root.resolve("go"));
            assertEnd(host.awaitEnd(id), "failed", "job_runtime_error");
        }
    }

    @Test
    void traceWriteFailedNeverFailsTheJob() throws Exception {
        Files.createDirectory(root.resolve("directory"));
        Path file = Files.createFile(root.resolve("file"));
        try (JobsHost host = JobsHost.open(root, "channel-store-root", file.toString())) {
            String session = host.create(Map.of("command", "true", "session_path", "directory"));
            String channel = host.create(Map.of("command", "true", "channel_transport", "slack", "channel_id", "c1"));
            for (String id : List.of(session, channel)) {
                assertEnd(host.awaitEnd(id), "succeeded", "job_succeeded");
                await().untilAsserted(() -> assertThat(host.events(id)).contains("trace_error/job_trace_write_failed"));
            }
        }
    }
}
