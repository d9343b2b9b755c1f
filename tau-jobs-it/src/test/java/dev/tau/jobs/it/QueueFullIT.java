package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class QueueFullIT {
    private static final int LIMIT = 3;
    private static final int THREADS = 8;
    private static final int ROUNDS = 10;

    @TempDir
    Path root;

    private JobsHost host;
    private String running;

    @BeforeEach
    void oneJobRuns() {
        host = JobsHost.open(
                root, "no-session", "true", "jobs-workers", "1", "jobs-max-queued", Integer.toString(LIMIT));
        running = host.shell("sleep 300");
        host.awaitStatus(running, "running");
    }

    @AfterEach
    void closeHost() {
        host.close();
        JobProcess.awaitNone(JobsHost.stateDir(root), running);
    }

    private ToolResult tryToCreate() {
        return host.call("jobs_create", Map.of("command", "true"));
    }

    private void assertSaysThatTheQueueIsFull(ToolResult refused) {
        assertThat(refused.isError()).isTrue();
        assertThat(refused.reasonCode()).isEqualTo("jobs_runtime_error");
        assertThat(host.content(refused).path("error").asString())
                .contains("queue is full", "3 jobs", "jobs-max-queued");
    }

    private List<String> queued() {
        return host.list(Map.of("status", "queued")).path("jobs").findValuesAsString("job_id");
    }

    @Test
    void aFullQueueRefusesAndOneCancelMakesRoomForOne() {
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            waiting.add(host.create(Map.of("command", "true")));
        }
        assertSaysThatTheQueueIsFull(tryToCreate());
        assertThat(queued()).containsExactlyInAnyOrderElementsOf(waiting);

        host.cancel(waiting.remove(1));
        waiting.add(host.create(Map.of("command", "true")));
        assertSaysThatTheQueueIsFull(tryToCreate());
        assertThat(queued()).containsExactlyInAnyOrderElementsOf(waiting);

        host.cancel(running);
        for (String id : waiting) {
            assertThat(host.awaitEnd(id).path("job").path("status").asString()).isEqualTo("succeeded");
        }
        assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(LIMIT + 2);
    }

    @Test
    void manyThreadsAtOnceNeverPassTheLimit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier together = new CyclicBarrier(THREADS);
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<ToolResult>> results = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    results.add(threads.submit(() -> {
                        together.await(20, TimeUnit.SECONDS);
                        return tryToCreate();
                    }));
                }
                int accepted = 0;
                for (Future<ToolResult> result : results) {
                    if (result.get(20, TimeUnit.SECONDS).isError()) {
                        assertSaysThatTheQueueIsFull(result.get());
                    } else {
                        accepted++;
                    }
                }
                assertThat(accepted).isBetween(1, LIMIT);
                assertThat(queued()).hasSize(accepted);
                queued().forEach(host::cancel);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
