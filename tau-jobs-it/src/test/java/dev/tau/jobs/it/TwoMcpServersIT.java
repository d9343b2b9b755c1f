package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two agents in one project: each has a server of its own, and both servers one state dir. */
@Timeout(180)
class TwoMcpServersIT {
    /** What is promised, not only what is usual: docs/operations.md, two agents on one directory. */
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(1);

    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(5);

    @TempDir
    Path root;

    private static String shell(McpServer server, String script) {
        return server.call("jobs_create", Map.of("command", "sh", "args", List.of("-c", script)))
                .path("job")
                .path("job_id")
                .asString();
    }

    private static String status(McpServer server, String id) {
        return server.call("jobs_status", Map.of("job_id", id))
                .path("job")
                .path("status")
                .asString();
    }

    @Test
    void whatOneCreatesRunsOnceAndTheOtherCancelsIt() throws Exception {
        try (McpServer first = McpServer.start(root);
                McpServer second = McpServer.start(root)) {
            // The first one also starts what starts jobs.
            String warm = shell(first, "exit 0");
            await().until(() -> status(first, warm).equals("succeeded"));
            String id = shell(second, "echo run >> runs; sleep 300");
            await().atMost(SEEN_WITHIN)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> status(first, id).equals("running") && Files.exists(root.resolve("runs")));
            // It reads the owner's files, which are a moment behind what the owner answers.
            await().atMost(SEEN_WITHIN).until(() -> status(second, id).equals("running"));
            first.call("jobs_cancel", Map.of("job_id", id));
            await().atMost(Duration.ofSeconds(5)).until(() -> status(second, id).equals("cancelled"));
            assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id)).isEmpty();
            assertThat(Json.text(root.resolve("runs"))).isEqualTo("run\n");
        }
    }

    @Test
    void whenTheOwnerIsKilledTheOtherFinishesTheQueue() throws Exception {
        try (McpServer owner = McpServer.start(root, "--jobs-workers", "1");
                McpServer other = McpServer.start(root, "--jobs-workers", "1")) {
            String running = shell(owner, "echo run >> first; test -e go || { : > waits; sleep 300; }");
            await().until(() -> Files.exists(root.resolve("waits")));
            List<String> queued = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                queued.add(shell(i % 2 == 0 ? owner : other, "echo $TAU_JOB_ID >> done"));
            }
            Files.createFile(root.resolve("go"));
            owner.kill();
            await().atMost(TAKEN_OVER_WITHIN)
                    .untilAsserted(() ->
                            assertThat(queued).allMatch(id -> status(other, id).equals("succeeded")));
            assertThat(status(other, running)).isEqualTo("succeeded");
            assertThat(Json.text(root.resolve("first"))).isEqualTo("run\nrun\n");
            assertThat(Json.text(root.resolve("done")).lines()).containsExactlyInAnyOrderElementsOf(queued);
        }
    }
}
