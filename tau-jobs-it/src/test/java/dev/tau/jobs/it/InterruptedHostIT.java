package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that gives up a call interrupts its thread: that is no reason for other calls to fail, nor for jobs. */
class InterruptedHostIT {
    private static final int INTERRUPTS = 300;

    @TempDir
    Path root;

    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();

    private void create(JobsHost host) {
        ToolResult result = host.call("jobs_create", Map.of("command", "true"));
        if (result.isError()) {
            refused.add(result.json());
        } else {
            acknowledged.add(host.content(result).path("job").path("job_id").asString());
        }
    }

    @Test
    void createsGoOnWhoeverIsInterrupted() throws Exception {
        try (JobsHost host = JobsHost.open(
                root, "no-session", "true", "jobs-max-queued", "100000", "jobs-list-max-limit", "100000")) {
            String script = "until test -e go; do sleep 0.02; done; echo done";
            String runs = host.create(Map.of("command", script, "shell", true, "timeout_ms", 300_000));
            host.awaitStatus(runs, "running");
            acknowledged.add(runs);
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> creating = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> {
                    while (!stop.get()) {
                        create(host);
                    }
                });
                creating.add(thread);
                thread.start();
            }
            try {
                for (int i = 0; i < INTERRUPTS; i++) {
                    creating.get(0).interrupt();
                    // This one, too, is interrupted before its call.
                    Thread.currentThread().interrupt();
                    create(host);
                    assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
                }
            } finally {
                stop.set(true);
            }
            for (Thread thread : creating) {
                thread.join();
            }
            assertThat(refused).isEmpty();
            Files.createFile(root.resolve("go"));
            assertThat(host.awaitEnd(runs).path("stdout_preview").asString()).isEqualTo("done\n");
            assertThat(host.list(Map.of("limit", 100_000)).path("jobs").findValuesAsString("job_id"))
                    .containsAll(acknowledged);
        }
    }
}
