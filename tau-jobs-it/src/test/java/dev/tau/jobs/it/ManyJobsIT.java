package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ManyJobsIT {
    private static final int JOBS = 1_000;

    @Test
    void aThousandJobsSucceedAndAreCounted(@TempDir Path root) throws Exception {
        List<String> ids = new ArrayList<>();
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-default-timeout-ms", "120000")) {
            for (int i = 0; i < JOBS; i++) {
                ids.add(host.create(Map.of("command", "/bin/true")));
            }
            for (String id : ids) {
                assertThat(host.awaitEnd(id).path("job").path("reason_code").asString())
                        .isEqualTo("job_succeeded");
            }
        }
        JsonNode state = Json.file(JobsHost.stateDir(root).resolve("state.json"));
        assertThat(state.path("created_total").asInt()).isEqualTo(JOBS);
        assertThat(state.path("succeeded_total").asInt()).isEqualTo(JOBS);
        assertThat(ids).doesNotHaveDuplicates();
        for (String id : ids) {
            JsonNode manifest = Json.file(JobsHost.jobFile(root, id, ".json"));
            assertThat(manifest.path("job_id").asString()).isEqualTo(id);
            assertThat(manifest.path("status").asString()).isEqualTo("succeeded");
        }
        try (Stream<Path> files = Files.walk(JobsHost.stateDir(root))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("tmp"));
        }
    }
}
