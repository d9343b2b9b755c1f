package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobsHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many jobs run at once as there are workers, however quickly one ends and the next begins. */
class WorkersIT {
    private static final int JOBS = 40;

    @TempDir
    Path root;

    @Test
    void noMoreProcessesRunThanThereAreWorkers() throws Exception {
        Files.createDirectory(root.resolve("running"));
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "2")) {
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                // Each says how many there are with itself.
                jobs.add(host.shell("mkdir running/$$; ls running | wc -l >>counts; sleep 0.03; rmdir running/$$"));
            }
            for (String job : jobs) {
                assertThat(host.awaitEnd(job).path("job").path("status").asString())
                        .isEqualTo("succeeded");
            }
        }
        assertThat(Files.readAllLines(root.resolve("counts")))
                .hasSize(JOBS)
                .extracting(count -> Integer.parseInt(count.strip()))
                .contains(2)
                .allMatch(count -> count <= 2);
    }
}
