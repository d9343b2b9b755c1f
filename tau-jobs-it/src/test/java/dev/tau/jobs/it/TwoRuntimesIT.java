package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoRuntimesIT {
    private static final String[] TWO_WORKERS = {"no-session", "true", "jobs-workers", "2"};

    @Test
    void theSecondServesAllFourToolsThroughTheOwner(@TempDir Path root) throws Exception {
        try (ChildHost owner = ChildHost.start(root);
                JobsHost guest = JobsHost.open(root, TWO_WORKERS)) {
            assertThat(guest.job(owner.jobId()).path("status").asText()).isEqualTo("running");
            assertThat(guest.list(Map.of("status", "running")).path("count").asInt())
                    .isEqualTo(1);

            guest.cancel(owner.jobId());
            assertThat(guest.awaitEnd(owner.jobId())
                            .path("job")
                            .path("reason_code")
                            .asText())
                    .isEqualTo("job_cancelled_during_run");
            JobsHost.awaitNoProcessOf(owner.jobId());

            String id = guest.create(Map.of("command", "sh", "args", List.of("-c", "pwd; echo err >&2; exit 3")));
            JsonNode end = guest.awaitEnd(id);
            assertThat(end.path("job").path("exit_code").asInt()).isEqualTo(3);
            assertThat(end.path("stdout_preview").asText()).isEqualTo(root.toRealPath() + "\n");
            assertThat(guest.events(id))
                    .containsExactly("created/job_queued", "started/job_started", "failed/job_non_zero_exit");
            assertThat(JobsHost.stateDir(root).resolve("requests")).isEmptyDirectory();
        }
    }

    @Test
    void theSecondTakesOverWhenTheOwnerIsKilled(@TempDir Path root) throws Exception {
        try (ChildHost owner = ChildHost.start(root);
                JobsHost guest = JobsHost.open(root, TWO_WORKERS)) {
            List<String> old = JobsHost.liveProcessesOf(owner.jobId());
            owner.kill();
            // Asked while nobody owns the dir: the request waits for whoever will.
            String id = guest.create(Map.of("command", "true"));
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() ->
                            assertThat(guest.job(id).path("status").asText()).isEqualTo("succeeded"));
            assertThat(guest.events(owner.jobId())).contains("recovered/job_recovered_after_restart");
            assertThat(JobsHost.liveProcessesOf(owner.jobId())).doesNotContainAnyElementsOf(old);
            guest.cancel(owner.jobId());
            guest.awaitEnd(owner.jobId());
            JobsHost.awaitNoProcessOf(owner.jobId());
            assertThat(guest.events(id))
                    .containsExactly("created/job_queued", "started/job_started", "succeeded/job_succeeded");
        }
    }
}
