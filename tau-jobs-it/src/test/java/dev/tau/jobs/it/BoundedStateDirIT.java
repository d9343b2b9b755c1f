package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** However much its jobs print, and however many there were, a state dir stays small. */
class BoundedStateDirIT {
    static final String[] KEEP_20 = {"no-session", "true", "jobs-retain-count", "20"};

    @TempDir
    Path root;

    /** In bytes, as the file system has it. */
    private static long diskUsage(Path path) throws Exception {
        Process du = new ProcessBuilder("du", "-s", "-B1", path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = du.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(du.waitFor()).isZero();
        return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }

    @Test
    void aJobThatPrintsAGigabyteLeavesAtMostItsCap() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = host.create(
                    Map.of("command", "head", "args", List.of("-c", "1G", "/dev/zero"), "timeout_ms", 120_000));
            JsonNode job = host.awaitEnd(id).path("job");
            assertThat(job.path("reason_code").asString()).as(job.toString()).isEqualTo("job_succeeded");
            assertThat(diskUsage(JobsHost.stateDir(root))).isBetween(60L << 20, 65L << 20);
            assertThat(job.path("stdout_bytes").asLong()).isEqualTo(1L << 30);
            assertThat(job.path("stdout_truncated").asBoolean()).isTrue();
            assertThat(job.path("stderr_bytes").asLong(-1)).isZero();
            assertThat(job.path("stderr_truncated").asBoolean(true)).isFalse();
            JsonNode manifest = host.manifest(id);
            assertThat(manifest.path("stdout_bytes").asLong()).isEqualTo(1L << 30);
            assertThat(manifest.path("stdout_truncated").asBoolean()).isTrue();
        }
    }

    /** Ten megabytes, a fiftieth of a second's sleep: at most 500 MB/s. */
    @Test
    void whileAJobWritesFastItsFileStaysNearItsCap() throws Exception {
        long cap = 64L << 20;
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String script = "i=0; while [ $i -lt 100 ]; do head -c 10M /dev/zero; sleep 0.02; i=$((i+1)); done";
            String id = host.create(Map.of("command", script, "shell", true, "timeout_ms", 120_000));
            Path log = JobsHost.jobFile(root, id, ".stdout.log");
            host.awaitStatus(id, "running");
            long peak = 0;
            while (host.job(id).path("status").asString().equals("running")) {
                peak = Math.max(peak, diskUsage(log));
            }
            assertThat(host.job(id).path("stdout_bytes").asLong()).isEqualTo(1000L << 20);
            assertThat(peak).isBetween(cap, cap + (256L << 20));
            assertThat(diskUsage(log)).isLessThanOrEqualTo(cap + 4096);
        }
    }

    /** Enough before the pause that the file is also trimmed, to 16 MiB and a little at the most, while the job runs. */
    @Test
    void whatIsKeptIsTheNewestWithoutAGap() throws Exception {
        int cap = 65_536;
        int last = 5_010_000;
        try (JobsHost host =
                JobsHost.open(root, "no-session", "true", "jobs-max-output-bytes", Integer.toString(cap))) {
            String id = host.shell("seq 1 5000000; until test -e go; do sleep 0.02; done; seq 5000001 " + last);
            Path log = JobsHost.jobFile(root, id, ".stdout.log");
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions() // there is none yet
                    .until(() -> Files.size(log) > 35_000_000 && diskUsage(log) < 18 << 20);
            Files.createFile(root.resolve("go"));
            JsonNode end = host.awaitEnd(id);
            long written = IntStream.rangeClosed(1, last)
                    .mapToLong(number -> Integer.toString(number).length() + 1L)
                    .sum();
            assertThat(end.path("job").path("stdout_bytes").asLong()).isEqualTo(written);
            assertThat(end.path("stdout_preview").asString())
                    .startsWith("<output truncated>\n")
                    .endsWith("\n5009999\n5010000\n");
            assertThat(diskUsage(log)).isLessThanOrEqualTo(cap + 4096);

            String kept = Json.text(log).replaceFirst("^\0*", "");
            assertThat(kept.length()).isBetween(cap - 4096, cap + 4096);
            List<String> lines = kept.lines().skip(1).toList();
            assertThat(lines)
                    .isEqualTo(IntStream.rangeClosed(last - lines.size() + 1, last)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    private List<String> names(String suffix) {
        try (Stream<Path> files = Files.list(JobsHost.stateDir(root).resolve("jobs"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void assertAtMost20AreLeft() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(names(".json")).hasSizeLessThanOrEqualTo(20));
        assertThat(names(".stdout.log")).isSubsetOf(names(".json"));
        assertThat(names(".stderr.log")).isSubsetOf(names(".json"));
        assertThat(names("")).hasSizeLessThanOrEqualTo(60);
    }

    private JsonNode snapshot() {
        return Json.file(JobsHost.stateDir(root).resolve("state.json"));
    }

    private static long sum(JsonNode state) {
        return Stream.of("queue_depth", "running_jobs", "succeeded_total", "failed_total", "cancelled_total")
                .mapToLong(part -> state.path(part).asLong())
                .sum();
    }

    @Test
    void theOldestEndedJobsGoAndStayCounted() {
        List<String> ids = new ArrayList<>();
        try (JobsHost host = JobsHost.open(root, KEEP_20)) {
            for (int i = 0; i < 60; i++) {
                ids.add(host.create(Map.of("command", "true")));
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(host.list(Map.of())
                                    .path("health")
                                    .path("succeeded_total")
                                    .asInt())
                            .isEqualTo(60));
            assertAtMost20AreLeft();
            assertThat(names(".json")).as("no more than needed").hasSize(20);
            assertThat(host.status(ids.get(0)).path("reason_code").asString()).isEqualTo("job_not_found");
        }
        assertAllAreCounted();
        JobsHost.open(root, KEEP_20).close();
        assertAllAreCounted();
        assertAtMost20AreLeft();
    }

    private void assertAllAreCounted() {
        assertThat(snapshot().path("created_total").asInt()).isEqualTo(60);
        assertThat(snapshot().path("succeeded_total").asInt()).isEqualTo(60);
        assertThat(sum(snapshot())).isEqualTo(60);
    }

    @Test
    void aKilledHostsHistoryIsBoundedAndCountedAtTheNextStart() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessCreatorMain.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int acknowledged = 0;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            while (acknowledged < 60 && out.readLine() != null) {
                acknowledged++;
            }
            process.toHandle().destroyForcibly(); // the process itself would close what it has printed
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            while (out.readLine() != null) {
                acknowledged++;
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(acknowledged).isGreaterThanOrEqualTo(60);
        try (JobsHost host = JobsHost.open(root, KEEP_20)) {
            await().until(() ->
                    host.list(Map.of("status", "queued")).path("count").asInt()
                                    + host.list(Map.of("status", "running"))
                                            .path("count")
                                            .asInt()
                            == 0);
            assertAtMost20AreLeft();
        }
        // At most one was created and not told.
        assertThat(snapshot().path("created_total").asInt()).isBetween(acknowledged, acknowledged + 1);
        assertThat(snapshot().path("succeeded_total")).isEqualTo(snapshot().path("created_total"));
        assertThat(sum(snapshot())).isEqualTo(snapshot().path("created_total").asInt());
    }

    @Test
    void anOldEndedJobDisappearsAndARunningOneDoesNot() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "2", "jobs-retain-ms", "300")) {
            String running = host.shell("until test -e go; do sleep 0.02; done");
            host.awaitStatus(running, "running");
            String ended = host.shell("echo out");
            await().untilAsserted(() -> assertThat(
                            host.status(ended).path("reason_code").asString())
                    .isEqualTo("job_not_found"));
            // Nobody finds it any more a moment before its files are gone.
            await().untilAsserted(() -> assertThat(names("")).allMatch(name -> name.startsWith(running)));
            assertThat(host.job(running).path("status").asString()).isEqualTo("running");
            Files.createFile(root.resolve("go"));
            await().untilAsserted(() -> assertThat(names("")).isEmpty());
            assertThat(host.list(Map.of()).path("count").asInt()).isZero();
        }
        assertThat(snapshot().path("succeeded_total").asInt()).isEqualTo(2);
        assertThat(snapshot().path("created_total").asInt()).isEqualTo(2);
    }

    @Test
    @EnabledIfSystemProperty(named = "tau.jobs.deep", matches = "true")
    void twentyThousandJobsLeaveTenThousandManifests() {
        int jobs = 20_000;
        try (JobsHost host = JobsHost.open(
                root,
                "no-session",
                "true",
                "jobs-max-queued",
                Integer.toString(jobs),
                "jobs-default-timeout-ms",
                "600000")) {
            for (int i = 0; i < jobs; i++) {
                host.create(Map.of("command", "/bin/true"));
            }
            await().atMost(Duration.ofMinutes(20))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(host.list(Map.of("limit", 1))
                                    .path("health")
                                    .path("succeeded_total")
                                    .asInt())
                            .isEqualTo(jobs));
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(names(".json")).hasSizeLessThanOrEqualTo(10_000));
        }
        assertThat(names(".json")).hasSize(10_000);
        assertThat(names("")).hasSize(30_000);
        assertThat(snapshot().path("created_total").asInt()).isEqualTo(jobs);
        assertThat(sum(snapshot())).isEqualTo(jobs);
    }
}
