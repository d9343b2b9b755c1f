package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tau.jobs.testing.JobsHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileInputIT {

    @Test
    void aCwdThatBecomesALinkBeforeTheStartIsNotEntered(@TempDir Path temporary) throws Exception {
        Path root = Files.createDirectory(temporary.resolve("root"));
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Path cwd = Files.createDirectory(root.resolve("cwd"));
        try (JobsHost host = JobsHost.open(root, "jobs-workers", "1", "no-session", "true")) {
            String busy = host.shell("until test -e go; do sleep 0.02; done");
            host.awaitStatus(busy, "running");
            String id = host.create(Map.of("command", "touch", "args", java.util.List.of("was-here"), "cwd", "cwd"));
            Files.delete(cwd);
            Files.createSymbolicLink(cwd, outside);
            Files.createFile(root.resolve("go"));
            JsonNode job = host.awaitEnd(id).path("job");
            assertThat(job.path("reason_code").asText()).isEqualTo("job_spawn_failed");
            assertThat(job.path("error").asText()).contains("cwd no longer lies inside an allowed root");
        }
        assertThat(outside).isEmptyDirectory();
    }
}
