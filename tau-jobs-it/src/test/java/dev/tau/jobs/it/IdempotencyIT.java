package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A call that is repeated with the same key runs nothing twice, whoever repeats it and whatever died meanwhile. */
@Timeout(60)
class IdempotencyIT {
    private static final int THREADS = 8;
    private static final int KEYS = 50;
    private static final String[] SETTINGS = {"no-session", "true"};

    @TempDir
    Path temporary;

    private Path root;

    @BeforeEach
    void root() throws Exception {
        root = temporary.toRealPath();
    }

    /** Runs until it may end. */
    private Map<String, Object> waiting(String key) {
        return Map.of(
                "command",
                "echo ran >>runs; until test -e go; do sleep 0.02; done",
                "shell",
                true,
                "cwd",
                root.toString(),
                "idempotency_key",
                key);
    }

    private void go() throws Exception {
        Files.createFile(root.resolve("go"));
    }

    @Test
    void theSameKeyIsTheSameJobAlsoWhenItHasEndedAndAfterARestart() throws Exception {
        String id;
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            id = host.create(waiting("build 7"));
            assertThat(host.create(waiting("build 7"))).isEqualTo(id);
            go();
            host.awaitEnd(id);
            assertThat(host.create(waiting("build 7"))).isEqualTo(id);
            assertThat(host.create(waiting("build 8"))).isNotEqualTo(id);
        }
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            ToolResult again = host.call("jobs_create", waiting("build 7"));
            assertThat(host.content(again).path("job").path("status").asString())
                    .isEqualTo("succeeded");
            assertThat(host.content(again).path("job").path("job_id").asString())
                    .isEqualTo(id);
            assertThat(host.stateJson().path("created_total").asInt()).isEqualTo(2);
        }
    }

    @Test
    void aKeyDoesNotStandForAnotherCommand() throws Exception {
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            String id = host.create(Map.of("command", "true", "idempotency_key", "k"));
            assertThat(host.create(Map.of("command", "true", "idempotency_key", "k", "stdin", "")))
                    .as("no input is empty input")
                    .isEqualTo(id);
            ToolResult other = host.call("jobs_create", Map.of("command", "false", "idempotency_key", "k"));

            assertThat(other.reasonCode()).isEqualTo("jobs_invalid_arguments");
            assertThat(host.content(other).path("error").asString()).contains("idempotency_key", id);
            assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(1);
        }
    }

    /** By the count: all that get in under one key have the same id, whether one was created or eight. */
    @Test
    void ofManyAtOnceOneIsCreated() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "1")) {
            CyclicBarrier together = new CyclicBarrier(THREADS);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Thread(() -> {
                    for (int key = 0; key < KEYS; key++) {
                        meet(together);
                        host.create(Map.of("command", "true", "idempotency_key", "k" + key));
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(host.list(Map.of("limit", 1))
                            .path("health")
                            .path("created_total")
                            .asInt())
                    .isEqualTo(KEYS);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aQueueThatIsFullTakesARepeatedCall() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "1", "jobs-max-queued", "1")) {
            host.awaitStatus(host.create(waiting("first")), "running");
            String waiting = host.create(waiting("second"));
            assertThat(host.call("jobs_create", waiting("third")).reasonCode()).isEqualTo("jobs_runtime_error");
            assertThat(host.create(waiting("second"))).isEqualTo(waiting);
            go();
        }
    }

    /** The old job is removed by its id, which the new one has, too: also by the start after a crash that cut that short. */
    @Test
    void aKeyWhoseJobWasRemovedGivesOneThatOutlivesACrash() throws Exception {
        Path crashed = Files.createDirectory(root.resolve("crashed"));
        String id;
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-retain-count", "0")) {
            go();
            id = host.create(waiting("k"));
            await().until(() ->
                    host.call("jobs_status", Map.of("job_id", id)).reasonCode().equals("job_not_found"));
            Files.delete(root.resolve("go"));
            assertThat(host.create(waiting("k"))).isEqualTo(id);
            copy(JobsHost.stateDir(root), JobsHost.stateDir(crashed));
            go();
        }
        try (JobsHost host = JobsHost.open(crashed, SETTINGS)) {
            assertThat(host.job(id).path("job_id").asString()).isEqualTo(id);
        }
    }

    /** As a crash would leave it; the snapshot first, which is the first to change. */
    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        Files.copy(from.resolve("state.json"), to.resolve("state.json"));
        for (String name : List.of("journal", "jobs")) {
            Files.createDirectory(to.resolve(name));
            try (Stream<Path> files = Files.list(from.resolve(name))) {
                for (Path file : files.filter(
                                each -> !each.getFileName().toString().startsWith("."))
                        .toList()) {
                    try {
                        Files.copy(file, to.resolve(name).resolve(file.getFileName()));
                    } catch (NoSuchFileException e) {
                        assertThat(file).as("it was there a moment ago").doesNotExist();
                    }
                }
            }
        }
    }

    @Test
    void aKillOfTheOwnerMakesNoSecondJob() throws Exception {
        try (KillableJvm owner = HostMain.start(root, "jobs-workers", "4");
                JobsHost guest = JobsHost.open(root, SETTINGS)) {
            String id = guest.create(waiting("k"));
            assertThat(guest.create(waiting("k"))).isEqualTo(id);
            guest.awaitStatus(id, "running");
            owner.kill();
            assertThat(guest.create(waiting("k"))).isEqualTo(id);
            go();
            // By now it owns the directory itself, or will in a moment, and runs again what was cut short.
            assertThat(guest.awaitEnd(id).path("job").path("status").asString()).isEqualTo("succeeded");
            assertThat(guest.create(waiting("k"))).isEqualTo(id);
            assertThat(guest.list(Map.of()).path("jobs").findValuesAsString("job_id"))
                    .containsOnlyOnce(id)
                    .hasSize(2);
        }
    }
}
