package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoRuntimesIT {
    @Test
    void theSecondRuntimeNamesTheOwnerAndWorksOnceItIsGone(@TempDir Path root) throws Exception {
        try (KillableJvm child = HostMain.start(root);
                JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "2")) {
            String running = HostMain.jobId(child);
            ToolResult refused = host.call("jobs_create", Map.of("command", "true"));
            assertThat(refused.isError()).isTrue();
            assertThat(refused.reasonCode()).isEqualTo("jobs_runtime_unavailable");
            assertThat(host.content(refused).path("error").asText()).contains(Long.toString(child.pid()));
            assertThat(host.call("jobs_list", Map.of()).reasonCode()).isEqualTo("jobs_runtime_unavailable");
            assertThat(JobsHost.liveProcessesOf(running)).hasSizeGreaterThanOrEqualTo(3);

            child.kill();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(host.call("jobs_list", Map.of()).reasonCode())
                                    .isEqualTo("jobs_list_ok"));
            String id = host.create(Map.of("command", "true"));
            assertThat(host.awaitEnd(id).path("job").path("status").asText()).isEqualTo("succeeded");
            host.cancel(running);
            host.awaitEnd(running);
            JobsHost.awaitNoProcessOf(running);
        }
    }
}
