package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Opens a state dir that the original runtime left behind when it was killed. */
class TauStateDirIT {
    private static final String RUNNING = "job-1795462833956-0006";
    private static final String QUEUED = "job-1795462833957-0008";

    @Test
    void anOriginalStateDirCarriesOn(@TempDir Path root) throws Exception {
        copySample(JobsHost.stateDir(root));
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            JsonNode list = host.list(Map.of());
            assertThat(list.path("count").asInt()).isEqualTo(8);
            assertThat(list.path("jobs").get(0).path("job_id").asString()).isEqualTo(QUEUED);

            JsonNode again = host.awaitEnd(RUNNING);
            assertThat(again.path("job").path("status").asString()).isEqualTo("succeeded");
            assertThat(again.path("stdout_preview").asString()).isEqualTo("begun\nrecovered-run\n");
            assertThat(host.awaitEnd(QUEUED).path("job").path("reason_code").asString())
                    .isEqualTo("job_succeeded");
            assertThat(host.status(QUEUED).path("stdout_preview").asString()).isEqualTo("queued-run\n");
            assertThat(host.events(RUNNING))
                    .containsSubsequence(
                            "started/job_started",
                            "recovered/job_recovered_after_restart",
                            "started/job_started",
                            "succeeded/job_succeeded");
        }
        JsonNode state = Json.file(JobsHost.stateDir(root).resolve("state.json"));
        assertThat(state.path("created_total").asInt()).isEqualTo(8);
        int sum = 0;
        for (String part :
                List.of("queue_depth", "running_jobs", "succeeded_total", "failed_total", "cancelled_total")) {
            sum += state.path(part).asInt();
        }
        assertThat(sum).isEqualTo(8);
        assertThat(state.path("succeeded_total").asInt()).isEqualTo(3);
    }

    private static void copySample(Path target) throws Exception {
        Path sample = Path.of(TauStateDirIT.class
                        .getResource("/tau-state-dir/state.json")
                        .toURI())
                .getParent();
        Files.createDirectories(target);
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = target.resolve(sample.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }
}
