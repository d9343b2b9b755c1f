package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Many jobs in a small heap, and many calls at once, in a JVM of their own. With {@code tau.jobs.deep}: 100,000 jobs in
 * 64 MiB; a minute of load, and a limit on how much longer a list takes under load. Else less of it, and the figures alone.
 */
class LoadIT {
    private static final int ROUNDS = 5;
    private static final boolean DEEP = Boolean.getBoolean("tau.jobs.deep");
    private static final int QUEUED = 10_000;
    private static final long CREATED = 1_700_000_000_000L;

    @TempDir
    Path temporary;

    private Path root;

    /** The load is short: each job that it creates takes room, too. */
    @Test
    void manyJobsFitIntoASmallHeap() throws Exception {
        run(KillableJvm.of(LoadHost.class), DEEP ? 90_000 : 20_000, DEEP ? "-Xmx64m" : "-Xmx32m", DEEP ? 5 : 2);
    }

    @Test
    @SuppressWarnings("SystemOut") // the figures are for who reads the build's log
    void aListWaitsForNoOtherCall() throws Exception {
        // How long a call takes is a figure of the JVM that users have.
        KillableJvm.Builder jvm = KillableJvm.of(LoadHost.class).withJvmDefaults();
        Map<String, Long> figures = run(jvm, 0, "-Xmx128m", DEEP ? 60 : 4);
        double ratio = (double) figures.get("load_p99_us") / figures.get("idle_p99_us");
        System.out.println("load: jobs_list p99 idle " + figures.get("idle_p99_us") + " us, under load "
                + figures.get("load_p99_us") + " us, ratio " + ratio);
        if (DEEP) {
            assertThat(ratio).as("p99 of jobs_list under load by its idle p99").isLessThan(10);
        }
    }

    @SuppressWarnings("SystemOut")
    private Map<String, Long> run(KillableJvm.Builder jvm, int ended, String heap, int seconds) throws Exception {
        root = temporary.toRealPath();
        Path jobs = Files.createDirectories(JobsHost.stateDir(root).resolve("jobs"));
        for (int i = 0; i < ended; i++) {
            write(jobs, i, "succeeded", "echo", "hello " + i);
        }
        // The oldest that is queued keeps the one worker busy, so that the others stay queued.
        for (int i = 0; i < QUEUED; i++) {
            write(jobs, ended + i, "queued", i == 0 ? "sleep" : "echo", i == 0 ? "600" : "hello " + i);
        }
        Map<String, Long> figures = new HashMap<>();
        try (KillableJvm host = jvm.option(heap)
                .option("-XX:+ExitOnOutOfMemoryError")
                .argument(root.toString())
                .argument(Integer.toString(seconds))
                .argument(Integer.toString(ROUNDS))
                .start()) {
            int code = host.awaitEnd(Duration.ofSeconds(300 + seconds));
            System.out.println("load: " + ended + " ended and " + QUEUED + " queued jobs, " + heap + ", " + seconds
                    + " s: exit code " + code + ", " + host.lines());
            assertThat(code).as("3 is out of memory").isZero();
            host.awaitLine("closed");
            for (String line : host.lines()) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    figures.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
                }
            }
        }
        assertNothingIsMissing(ended);
        return figures;
    }

    private static void write(Path jobs, int number, String status, String command, String argument)
            throws IOException {
        boolean ended = status.equals("succeeded");
        String id = "job-" + (CREATED + number) + "-" + "%04d".formatted(number + 1);
        String rest = ended
                ? "\"started_unix_ms\": %1$d, \"finished_unix_ms\": %1$d, \"exit_code\": 0, \"stdout_bytes\": 12, "
                        + "\"stderr_bytes\": 0, \"stdout_truncated\": false, \"stderr_truncated\": false, "
                : "\"started_unix_ms\": null, \"finished_unix_ms\": null, \"exit_code\": null, ";
        Files.writeString(
                jobs.resolve(id + ".json"),
                ("{\"schema_version\": 1, \"job_id\": \"%2$s\", \"command\": \"%3$s\", \"args\": [\"%4$s\"], \"env\": {}, "
                                + "\"cwd\": null, \"requested_timeout_ms\": 900000, \"effective_timeout_ms\": 900000, "
                                + "\"status\": \"%5$s\", \"reason_code\": \"job_%5$s\", \"created_unix_ms\": %1$d, "
                                + "\"updated_unix_ms\": %1$d, " + rest
                                + "\"error\": null, \"cancellation_requested\": false, \"trace\": {}}\n")
                        .formatted(CREATED + number, id, command, argument, status));
    }

    private void assertNothingIsMissing(int ended) throws IOException {
        Set<String> created = new HashSet<>();
        Set<String> cancelled = new HashSet<>();
        for (String line : Files.readAllLines(root.resolve("acknowledged"))) {
            String[] words = line.split(" ", 2);
            assertThat((words[0].equals("created") ? created : cancelled).add(words[1]))
                    .as("said once: " + line)
                    .isTrue();
        }
        // Not by AssertJ's containsAll, which looks through all of one for each of the other.
        assertThat(created.containsAll(cancelled))
                .as("only what was created is cancelled")
                .isTrue();
        assertThat(created).isNotEmpty();
        assertThat(cancelled).isNotEmpty();

        Map<String, Integer> statuses = new HashMap<>();
        try (Stream<Path> files = Files.list(JobsHost.stateDir(root).resolve("jobs"))) {
            for (Path file :
                    (Iterable<Path>) files.filter(file -> file.toString().endsWith(".json"))::iterator) {
                JsonNode manifest = Json.file(file);
                String id = manifest.path("job_id").asString();
                String status = manifest.path("status").asString();
                statuses.merge(status, 1, Integer::sum);
                if (created.remove(id)) {
                    assertThat(status).as(id).isEqualTo(cancelled.contains(id) ? "cancelled" : "queued");
                }
            }
        }
        assertThat(created).as("acknowledged and not there").isEmpty();
        assertThat(statuses.get("cancelled")).isEqualTo(cancelled.size());
        assertThat(statuses.getOrDefault("succeeded", 0)).isEqualTo(ended);
        JsonNode state = Json.file(JobsHost.stateDir(root).resolve("state.json"));
        assertThat(state.path("queue_depth").asInt()).isEqualTo(statuses.get("queued"));
        assertThat(state.path("running_jobs").asInt()).isEqualTo(1).isEqualTo(statuses.get("running"));
        assertThat(state.path("cancelled_total").asInt()).isEqualTo(statuses.get("cancelled"));
        assertThat(state.path("succeeded_total").asInt()).isEqualTo(ended);
        assertThat(state.path("created_total").asInt())
                .isEqualTo(
                        statuses.values().stream().mapToInt(Integer::intValue).sum());
    }
}
