package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 of the JVM at moments that nobody chose, while it creates, cancels and ends jobs, or recovers; after each,
 * nothing that was acknowledged is lost, nothing runs twice at once, and all adds up. {@code -Dtau.jobs.seed=N} repeats a
 * run's choices.
 */
class KillRoundsIT {
    private static final int ROUNDS = Boolean.getBoolean("tau.jobs.deep") ? 200 : 8;
    private static final int MAX_MS = 400;
    private static final int LONGEST_MS = 3_200;

    /** What the hosts wrote down: status and number of runs are those of a job that was seen as ended. */
    private record Acknowledged(Set<String> created, Set<String> cancelled, Map<String, String> ended) {}

    @TempDir
    Path root;

    @Test
    @SuppressWarnings("SystemOut") // the build's log is where a failed run's seed is looked for
    void nothingIsLostDoubledOrLeftBehind() throws Exception {
        long seed = Long.getLong("tau.jobs.seed", System.nanoTime());
        System.out.println("tau.jobs.seed=" + seed);
        Random random = new Random(seed);
        int killedAlive = 0;
        int rounds = 0;
        int maxMs = MAX_MS;
        // More of them on a slow machine, where few jobs end before the kill.
        while (rounds < ROUNDS || (rounds < 4 * ROUNDS && !showsEnough(read()))) {
            int round = ++rounds;
            try (KillableJvm host = KillRoundsHost.start(root, random.nextLong())) {
                // One in four while it opens and recovers; the others under load.
                host.awaitPoint(random.nextInt(4) == 0 ? "opening" : "load");
                killedAlive += host.killAfter(Duration.ofMillis(random.nextInt(maxMs))) ? 1 : 0;
            }
            if (read().ended().size() < rounds / 3) {
                // A slow machine, which comes to nothing in so short a time.
                maxMs = Math.min(2 * maxMs, LONGEST_MS);
            }
            String where = "seed " + seed + ", round " + round;
            assertEveryManifestParses(where);
            try (JobsHost host = JobsHost.open(root, KillRoundsHost.SETTINGS)) {
                assertNothingIsLost(where, host);
                assertNoJobHasTwoRoots(where);
            }
            assertFilesParseAndCountersAddUp(where);
            if (round % 50 == 0 || round == ROUNDS) {
                assertTheDoctorFindsNothing(where);
            }
            assertThat(root.resolve("doubles"))
                    .as(where + ": jobs that ran twice at once")
                    .doesNotExist();
        }
        assertThat(killedAlive).as("hosts that lived until the kill").isEqualTo(rounds);
        assertAllIsDoneInTheEnd("seed " + seed);
        Acknowledged told = read();
        System.out.println(
                "kill -9: rounds=" + rounds + " created=" + told.created().size() + " cancelled="
                        + told.cancelled().size() + " ended=" + told.ended().size());
        // Without these, the rounds would have shown nothing.
        assertThat(told.created()).hasSizeGreaterThan(ROUNDS);
        assertThat(told.cancelled()).isNotEmpty();
        assertThat(told.ended()).hasSizeGreaterThan(ROUNDS);
    }

    private static boolean showsEnough(Acknowledged told) {
        return told.created().size() > ROUNDS
                && told.ended().size() > ROUNDS
                && !told.cancelled().isEmpty();
    }

    private Acknowledged read() throws IOException {
        Acknowledged told = new Acknowledged(new LinkedHashSet<>(), new HashSet<>(), new LinkedHashMap<>());
        Path file = KillRoundsHost.acknowledgements(root);
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "created" -> told.created().add(words[1]);
                case "cancelled" -> told.cancelled().add(words[1]);
                case "ended" -> told.ended().put(words[1], words[2]);
                default -> throw new AssertionError("no acknowledgement: " + line);
            }
        }
        return told;
    }

    private static List<Path> manifests(Path root) throws IOException {
        Path jobs = JobsHost.stateDir(root).resolve("jobs");
        if (!Files.exists(jobs)) {
            return List.of(); // killed before it was made
        }
        try (Stream<Path> files = Files.list(jobs)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    private void assertEveryManifestParses(String where) throws IOException {
        for (Path manifest : manifests(root)) {
            assertThat(Json.file(manifest).path("job_id").asString() + ".json")
                    .as(where)
                    .isEqualTo(manifest.getFileName().toString());
        }
    }

    private void assertNothingIsLost(String where, JobsHost host) throws IOException {
        Acknowledged told = read();
        Map<String, String> found = new HashMap<>();
        for (JsonNode job : host.list(Map.of("limit", 100_000)).path("jobs")) {
            found.put(job.path("job_id").asString(), job.path("status").asString());
        }
        assertThat(found.keySet()).as(where + ": acknowledged jobs").containsAll(told.created());
        for (String id : told.cancelled()) {
            assertThat(found.get(id)).as(where + ": cancelled " + id).isEqualTo("cancelled");
        }
        for (Map.Entry<String, String> end : told.ended().entrySet()) {
            String id = end.getKey();
            assertThat(found.get(id) + " " + KillRoundsHost.runs(root, id))
                    .as(where + ": status and runs of " + id + ", which had ended")
                    .isEqualTo(end.getValue());
        }
        Set<String> some = told.created().stream().limit(3).collect(Collectors.toSet());
        some.forEach(id ->
                assertThat(host.job(id).path("job_id").asString()).as(where).isEqualTo(id));
    }

    /** Two looks: a look at many processes is none at one moment, and a child outlives its parent for a moment. */
    private void assertNoJobHasTwoRoots(String where) throws IOException {
        Path stateDir = JobsHost.stateDir(root).toRealPath();
        Map<String, List<JobProcess>> first = JobProcess.roots(stateDir);
        if (first.values().stream().allMatch(roots -> roots.size() < 2)) {
            return;
        }
        JobProcess.roots(stateDir).forEach((id, roots) -> {
            List<JobProcess> still = first.getOrDefault(id, List.of()).stream()
                    .filter(roots::contains)
                    .toList();
            assertThat(still).as(where + ": roots of " + id).hasSizeLessThan(2);
        });
    }

    private void assertFilesParseAndCountersAddUp(String where) throws IOException {
        Path stateDir = JobsHost.stateDir(root);
        Map<String, Long> statuses = manifests(root).stream()
                .map(file -> Json.file(file).path("status").asString())
                .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
        JsonNode state = Json.file(stateDir.resolve("state.json"));
        Map<String, String> counters = Map.of(
                "queued", "queue_depth",
                "running", "running_jobs",
                "succeeded", "succeeded_total",
                "failed", "failed_total",
                "cancelled", "cancelled_total");
        counters.forEach((status, counter) -> assertThat(state.path(counter).asLong())
                .as(where + ": " + counter)
                .isEqualTo(statuses.getOrDefault(status, 0L)));
        assertThat(state.path("created_total").asLong())
                .as(where + ": created_total")
                .isEqualTo(statuses.values().stream().mapToLong(Long::longValue).sum());
        try (Stream<Path> logs = Files.list(stateDir)) {
            for (Path log : logs.filter(file -> file.getFileName().toString().startsWith("events.jsonl"))
                    .toList()) {
                assertThat(Json.lines(log)).as(where + ": " + log).allMatch(JsonNode::isObject);
            }
        }
        try (Stream<Path> files = Files.walk(stateDir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as(where)
                    .noneMatch(name -> name.contains("tmp") || name.contains("quarantine"));
        }
    }

    private void assertTheDoctorFindsNothing(String where) throws Exception {
        Process doctor = new ProcessBuilder(Launcher.path(), "doctor")
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        doctor.getOutputStream().close();
        String report = new String(doctor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(doctor.waitFor()).as(where + ": " + report).isZero();
    }

    private void assertAllIsDoneInTheEnd(String where) throws Exception {
        Set<String> created = read().created();
        try (JobsHost host = JobsHost.open(root, KillRoundsHost.SETTINGS)) {
            for (String id : created) {
                String status = host.awaitEnd(id).path("job").path("status").asString();
                if (!status.equals("cancelled")) {
                    assertThat(KillRoundsHost.runs(root, id))
                            .as(where + ": runs of " + id)
                            .isPositive();
                }
            }
            assertNothingIsLost(where, host);
        }
        Path stateDir = JobsHost.stateDir(root).toRealPath();
        await().untilAsserted(() -> assertThat(JobProcess.roots(stateDir).keySet())
                .as(where + ": jobs with a process")
                .doesNotContainAnyElementsOf(created));
        assertFilesParseAndCountersAddUp(where);
        assertTheDoctorFindsNothing(where);
        assertThat(root.resolve("doubles")).as(where).doesNotExist();
    }
}
