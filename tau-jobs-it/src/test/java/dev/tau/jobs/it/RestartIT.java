package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartIT {
    private static final String[] ONE_WORKER = {"jobs-workers", "1", "no-session", "true"};

    @Test
    void afterAKillTheOldProcessesAreGoneAndTheJobRunsAgain(@TempDir Path root) throws Exception {
        try (KillableJvm child = HostMain.start(root)) {
            String id = HostMain.jobId(child);
            List<String> old = JobsHost.liveProcessesOf(id);
            child.kill();
            try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
                host.awaitStatus(id, "running");
                assertThat(JobsHost.liveProcessesOf(id)).doesNotContainAnyElementsOf(old);
                assertThat(host.events(id))
                        .containsExactly(
                                "created/job_queued",
                                "started/job_started",
                                "recovered/job_recovered_after_restart",
                                "started/job_started");
                host.cancel(id);
                assertThat(host.awaitEnd(id).path("job").path("reason_code").asText())
                        .isEqualTo("job_cancelled_during_run");
                JobsHost.awaitNoProcessOf(id);
            }
        }
    }

    @Test
    void afterAGracefulCloseRunningJobsComeFirstAndQueuedOnesKeepTheirOrder(@TempDir Path root) throws Exception {
        Path flag = root.resolve("go");
        String script = "test -e go && echo again || { echo first; sleep 300; }";
        String running;
        String second;
        String third;
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            running = host.shell(script);
            second = host.shell("echo second >> order");
            third = host.shell("echo third >> order");
            host.awaitOutput(running, "first");
        }
        assertThat(JobsHost.liveProcessesOf(running)).isEmpty();
        Files.createFile(flag);
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            assertThat(host.awaitEnd(third).path("job").path("status").asText()).isEqualTo("succeeded");
            assertThat(host.job(second).path("status").asText()).isEqualTo("succeeded");
            assertThat(host.job(running).path("status").asText()).isEqualTo("succeeded");
            assertThat(host.status(running).path("stdout_preview").asText()).isEqualTo("again\n");
            assertThat(Json.text(root.resolve("order"))).isEqualTo("second\nthird\n");
            assertThat(host.events(running))
                    .containsSubsequence(
                            "started/job_started",
                            "recovered/job_recovered_after_restart",
                            "started/job_started",
                            "succeeded/job_succeeded");
            assertThat(host.job(running).path("started_unix_ms").asLong())
                    .isLessThanOrEqualTo(
                            host.job(second).path("started_unix_ms").asLong());
        }
    }

    @Test
    void aJobThatWasRunningAtTooManyRestartsFails(@TempDir Path root) throws Exception {
        try (KillableJvm child = HostMain.start(root)) {
            String id = HostMain.jobId(child);
            child.kill();
            // Either the first restart or the second is one too many; which of them is the plugin's to say.
            try (JobsHost host =
                    JobsHost.open(root, "jobs-workers", "1", "no-session", "true", "jobs-max-recoveries", "1")) {
                await().untilAsserted(() ->
                        assertThat(host.job(id).path("status").asText()).isIn("running", "failed"));
            }
            try (JobsHost host =
                    JobsHost.open(root, "jobs-workers", "1", "no-session", "true", "jobs-max-recoveries", "1")) {
                assertThat(host.awaitEnd(id).path("job").path("reason_code").asText())
                        .isEqualTo("job_runtime_error");
                assertThat(host.job(id).path("status").asText()).isEqualTo("failed");
                JobsHost.awaitNoProcessOf(id);
            }
        }
    }
}
