package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(180)
class TwoRuntimesIT {
    private static final String[] TWO_WORKERS = {"no-session", "true", "jobs-workers", "2"};

    @Test
    void theSecondServesAllFourToolsThroughTheOwner(@TempDir Path root) throws Exception {
        try (KillableJvm owner = HostMain.start(root);
                JobsHost guest = JobsHost.open(root, TWO_WORKERS)) {
            String running = HostMain.jobId(root, owner);
            guest.awaitStatus(running, "running");
            assertThat(guest.list(Map.of("status", "running")).path("count").asInt())
                    .isEqualTo(1);

            guest.cancel(running);
            assertThat(guest.awaitEnd(running).path("job").path("reason_code").asString())
                    .isEqualTo("job_cancelled_during_run");
            JobProcess.awaitNone(JobsHost.stateDir(root), running);

            String id = guest.create(Map.of("command", "sh", "args", List.of("-c", "pwd; echo err >&2; exit 3")));
            JsonNode end = guest.awaitEnd(id);
            assertThat(end.path("job").path("exit_code").asInt()).isEqualTo(3);
            assertThat(end.path("stdout_preview").asString()).isEqualTo(root.toRealPath() + "\n");
            // The owner tells it after the manifest, by which the guest has seen the end.
            await().untilAsserted(() -> assertThat(guest.events(id))
                    .containsExactly("created/job_queued", "started/job_started", "failed/job_non_zero_exit"));
            await().untilAsserted(() ->
                    assertThat(JobsHost.stateDir(root).resolve("requests")).isEmptyDirectory());
        }
    }

    /** A newer version's job waits for a newer owner, and so does its cancel; the others must not. */
    @Test
    void aRequestThatTheOwnerCantTakeKeepsNoOtherWaiting(@TempDir Path root) throws Exception {
        String manifest;
        String known;
        try (JobsHost host = JobsHost.open(root, TWO_WORKERS)) {
            known = host.create(Map.of("command", "true", "delay_ms", 3_600_000));
            await().until(() -> Files.exists(JobsHost.jobFile(root, known, ".json")));
            manifest = host.manifest(known).toString();
        }
        Path requests = Files.createDirectories(JobsHost.stateDir(root).resolve("requests"));
        Files.writeString(
                requests.resolve("job-9-0001.json"),
                manifest.replace(known, "job-9-0001").replace("\"schema_version\":1", "\"schema_version\":99"));
        Files.writeString(requests.resolve("job-9-0001.cancel"), "cancel\n");
        Files.writeString(requests.resolve("job-9-0002.json"), manifest.replace(known, "job-9-0002"));
        try (JobsHost host = JobsHost.open(root, TWO_WORKERS)) {
            assertThat(host.job("job-9-0002").path("status").asString()).isEqualTo("queued");
            Path late = Files.writeString(root.resolve("late"), manifest.replace(known, "job-9-0003"));
            Files.move(late, requests.resolve("job-9-0003.json"));
            await().until(() -> host.list(Map.of()).path("count").asInt() == 3);
            assertThat(requests.resolve("job-9-0001.cancel")).exists();
        }
    }

    @Test
    void theSecondTakesOverWhenTheOwnerIsKilled(@TempDir Path root) throws Exception {
        try (KillableJvm owner = HostMain.start(root);
                JobsHost guest = JobsHost.open(root, TWO_WORKERS)) {
            String running = HostMain.jobId(root, owner);
            List<String> old = JobProcess.pidsOf(JobsHost.stateDir(root), running);
            owner.kill();
            // Asked while nobody owns the dir: the request waits for whoever will.
            String id = guest.create(Map.of("command", "true"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(guest.job(id).path("status").asString()).isEqualTo("succeeded"));
            assertThat(guest.events(running)).contains("recovered/job_recovered_after_restart");
            assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), running)).doesNotContainAnyElementsOf(old);
            guest.cancel(running);
            guest.awaitEnd(running);
            JobProcess.awaitNone(JobsHost.stateDir(root), running);
            assertThat(guest.events(id))
                    .containsExactly("created/job_queued", "started/job_started", "succeeded/job_succeeded");
        }
    }

    /** Neither by a worker that is quicker than the next request. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsCancelledBeforeTheOwnerTakesItNeverStarts(@TempDir Path root) throws Exception {
        try (KillableJvm owner = HostMain.start(root, "jobs-workers", "4");
                JobsHost guest = JobsHost.open(root, TWO_WORKERS)) {
            guest.cancel(HostMain.jobId(root, owner));
            Processes.stop(owner.pid());
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(guest.shell("touch ran"));
            }
            for (String id : ids) {
                guest.cancel(id);
            }
            Processes.goOn(owner.pid());
            for (String id : ids) {
                assertThat(guest.awaitEnd(id).path("job").path("reason_code").asString())
                        .isEqualTo("job_cancelled_before_start");
                await().untilAsserted(() -> assertThat(guest.events(id))
                        .containsExactly("created/job_queued", "cancelled/job_cancelled_before_start"));
            }
            assertThat(root.resolve("ran")).doesNotExist();
        }
    }

    @Test
    void aWaitIsNotCutShortByATakeOver(@TempDir Path root) throws Exception {
        try (KillableJvm owner = HostMain.start(root);
                JobsHost guest = JobsHost.open(root, TWO_WORKERS)) {
            guest.cancel(HostMain.jobId(root, owner));
            String id = guest.shell("echo run >> runs; until test -e go; do sleep 0.02; done");
            await().until(() -> Files.exists(root.resolve("runs")));
            var waiting = CompletableFuture.supplyAsync(
                    () -> guest.content(guest.call("jobs_status", Map.of("job_id", id, "wait_ms", 20_000))));
            owner.kill();
            await().until(() -> Json.text(root.resolve("runs")).equals("run\nrun\n"));
            assertThat(waiting).isNotDone();
            Files.createFile(root.resolve("go"));
            assertThat(waiting.join().path("job").path("status").asString()).isEqualTo("succeeded");
        }
    }

    /** Also when somebody has deleted the directory through which it was asked. */
    @Test
    void theOwnerKnowsAtOnceWhatAGuestHasCreated(@TempDir Path root) throws Exception {
        try (JobsHost owner = JobsHost.open(root, TWO_WORKERS);
                McpServer guest = McpServer.start(root)) {
            for (int i = 0; i < 20; i++) {
                String id = guest.call("jobs_create", Map.of("command", "true"))
                        .path("job")
                        .path("job_id")
                        .asString();
                assertThat(owner.status(id).path("reason_code").asString()).isEqualTo("jobs_status_ok");
                if (i == 10) {
                    owner.awaitEnd(id);
                    await().ignoreExceptionsInstanceOf(DirectoryNotEmptyException.class)
                            .until(() -> {
                                Files.deleteIfExists(JobsHost.stateDir(root).resolve("requests"));
                                return true;
                            });
                }
                if (i > 10) {
                    // Nobody asks for it: the owner has seen it by itself.
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> owner.list(Map.of("status", "succeeded", "limit", 1))
                                    .path("jobs")
                                    .path(0)
                                    .path("job_id")
                                    .asString()
                                    .equals(id));
                }
            }
        }
    }
}
