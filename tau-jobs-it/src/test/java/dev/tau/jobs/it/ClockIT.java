package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.ManualClock;
import dev.tau.jobs.testing.TauJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Wall time that jumps breaks neither timeouts and waits, which are monotonic, nor the order of jobs. */
class ClockIT {
    private static final String[] ONE_WORKER = {"no-session", "true", "jobs-workers", "1"};

    @TempDir
    Path root;

    private static List<String> newestFirst(JobsHost host) {
        return StreamSupport.stream(host.list(Map.of()).path("jobs").spliterator(), false)
                .map(job -> job.path("job_id").asString())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aTimeoutIsAsLongAsItSays(int hours) {
        ManualClock clock = ManualClock.atNow();
        try (JobsHost host = JobsHost.open(root, clock, "no-session", "true")) {
            long begin = System.nanoTime();
            String patient = host.shell("echo up; until test -e go; do sleep 0.02; done");
            String hasty = host.create(Map.of("command", "sleep", "args", List.of("300"), "timeout_ms", 700));
            host.awaitOutput(patient, "up");
            clock.turn(Duration.ofHours(hours));
            JsonNode end = host.awaitEnd(hasty).path("job");
            assertThat(end.path("reason_code").asString()).isEqualTo("job_timeout");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(700), Duration.ofSeconds(15));
            // Its half minute is not over, whatever the clock says.
            assertThat(host.job(patient).path("status").asString()).isEqualTo("running");
            host.cancel(patient);
            host.awaitEnd(patient);
        }
    }

    /** As docs/testing.md shows it, word for word. */
    @Test
    @TauJobs("no-session=true")
    void timeoutsDontAskTheClock(JobsHost host, ManualClock clock) {
        String id = host.create(Map.of("command", "sleep", "args", List.of("300"), "timeout_ms", 500));
        clock.turn(Duration.ofHours(-1));
        assertThat(host.awaitEnd(id).path("job").path("reason_code").asString()).isEqualTo("job_timeout");
    }

    @Test
    @TauJobs({"no-session=true", "jobs-workers=1"})
    void aWaitIsAsLongAsItSays(JobsHost host, ManualClock clock) {
        String id = host.shell("echo up; sleep 300");
        host.awaitOutput(id, "up");
        clock.turn(Duration.ofHours(-1));
        long begin = System.nanoTime();
        JsonNode answer = host.content(host.call("jobs_status", Map.of("job_id", id, "wait_ms", 300)));
        assertThat(answer.path("job").path("status").asString()).isEqualTo("running");
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(15));
        host.cancel(id);
        host.awaitEnd(id);
    }

    /** In the list, in the queue, and in the queue of the next runtime, whose clock has jumped, too. */
    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -1, 0, 3_600_000})
    void jobsKeepTheirOrder(long jumpMs) throws Exception {
        ManualClock clock = ManualClock.atNow();
        List<String> created = new ArrayList<>();
        try (JobsHost host = JobsHost.open(root, clock, ONE_WORKER)) {
            host.awaitOutput(host.shell("echo up; until test -e go; do sleep 0.02; done"), "up");
            for (int i = 0; i < 6; i++) {
                created.add(host.shell("echo $TAU_JOB_ID >> order"));
                clock.turn(Duration.ofMillis(jumpMs));
            }
            assertOrder(host, created);
        }
        clock.turn(Duration.ofMillis(jumpMs));
        try (JobsHost host = JobsHost.open(root, clock, ONE_WORKER)) {
            created.add(host.shell("echo $TAU_JOB_ID >> order"));
            assertOrder(host, created);
            Files.createFile(root.resolve("go"));
            host.awaitEnd(created.get(created.size() - 1));
        }
        assertThat(Json.text(root.resolve("order")).lines().toList()).isEqualTo(created);
    }

    /** Newest first, and what was created at one moment in the order of its ids. */
    private static void assertOrder(JobsHost host, List<String> created) {
        assertThat(created).doesNotHaveDuplicates();
        List<JsonNode> jobs = created.stream().map(host::job).toList();
        for (int i = 1; i < jobs.size(); i++) {
            long before = jobs.get(i - 1).path("created_unix_ms").asLong();
            long after = jobs.get(i).path("created_unix_ms").asLong();
            assertThat(after).isGreaterThanOrEqualTo(before);
            if (after > before) {
                List<String> listed = newestFirst(host);
                assertThat(listed.indexOf(created.get(i))).isLessThan(listed.indexOf(created.get(i - 1)));
            } else {
                assertThat(created.get(i)).isGreaterThan(created.get(i - 1));
            }
        }
    }

    @Test
    @TauJobs({"no-session=true", "jobs-workers=1"})
    void whatIsRecordedIsTheClocksTime(JobsHost host, ManualClock clock) throws Exception {
        long begin = clock.millis();
        String id = host.shell("echo up; until test -e go; do sleep 0.02; done");
        host.awaitOutput(id, "up");
        clock.turn(Duration.ofHours(1));
        Files.createFile(host.root().resolve("go"));
        JsonNode job = host.awaitEnd(id).path("job");
        assertThat(job.path("created_unix_ms").asLong()).isEqualTo(begin);
        assertThat(job.path("started_unix_ms").asLong()).isEqualTo(begin);
        assertThat(job.path("finished_unix_ms").asLong()).isEqualTo(begin + 3_600_000);
    }
}
