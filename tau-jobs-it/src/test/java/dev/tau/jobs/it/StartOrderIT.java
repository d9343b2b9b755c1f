package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillableJvm;
import dev.tau.jobs.testing.TauJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** When a job starts: after others, after a time, before others; and what it reads. */
@Timeout(60)
@TauJobs
class StartOrderIT {
    private static final String[] ONE_WORKER = {"no-session", "true", "jobs-workers", "1"};

    private static Map<String, Object> held(String name) {
        return Map.of("command", "until [ -e " + name + " ]; do sleep 0.02; done", "shell", true);
    }

    private static void touch(JobsHost host, String name) throws Exception {
        Files.createFile(host.root().resolve(name));
    }

    @Test
    void aJobStartsWhenAllBeforeItHaveSucceeded(JobsHost host) throws Exception {
        String first = host.create(held("first"));
        String second = host.create(held("second"));
        String done = host.create(Map.of("command", "true"));
        host.awaitEnd(done);
        String last = host.create(Map.of("command", "true", "after", List.of(first, second, done)));
        assertThat(host.job(last).path("after").valueStream().map(JsonNode::asString))
                .containsExactly(first, second, done);

        touch(host, "first");
        host.awaitEnd(first);
        // A later one of its own passes by.
        host.awaitEnd(host.create(Map.of("command", "true")));
        assertThat(host.job(last).path("status").asString()).isEqualTo("queued");
        touch(host, "second");
        assertThat(host.awaitEnd(last).path("job").path("status").asString()).isEqualTo("succeeded");
        assertThat(host.job(last).path("started_unix_ms").asLong())
                .isGreaterThanOrEqualTo(
                        host.job(second).path("finished_unix_ms").asLong());
    }

    @Test
    void aJobFailsWithAllBehindItWhenOneBeforeItDoesNotSucceed(JobsHost host) {
        String failing = host.shell("exit 3");
        String next = host.create(Map.of("command", "touch", "args", List.of("ran"), "after", List.of(failing)));
        String last = host.create(Map.of("command", "touch", "args", List.of("ran"), "after", List.of(next)));

        JsonNode end = host.awaitEnd(next).path("job");
        assertThat(end.path("reason_code").asString()).isEqualTo("job_runtime_error");
        assertThat(end.path("error").asString()).contains(failing, "has failed");
        assertThat(host.awaitEnd(last).path("job").path("error").asString()).contains(next, "has failed");
        assertThat(host.root().resolve("ran")).doesNotExist();
        assertThat(host.events(next)).containsExactly("created/job_queued", "failed/job_runtime_error");

        String cancelled = host.create(held("never"));
        String behind = host.create(Map.of("command", "true", "after", List.of(cancelled)));
        host.cancel(cancelled);
        assertThat(host.awaitEnd(behind).path("job").path("error").asString()).contains(cancelled, "was cancelled");
    }

    /** One that waited for the same job, was cancelled and is forgotten keeps no other one waiting. */
    @Test
    void aJobFailsThoughAnotherThatWaitedIsGone(@TempDir Path root) throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "1", "jobs-retain-count", "0")) {
            String first =
                    host.create(Map.of("command", "until [ -e go ]; do sleep 0.02; done; exit 1", "shell", true));
            String gone = host.create(Map.of("command", "true", "after", List.of(first)));
            String next = host.create(Map.of("command", "true", "after", List.of(first)));
            host.cancel(gone);
            await().until(() -> host.status(gone).path("reason_code").asString().equals("job_not_found"));
            touch(host, "go");
            await().untilAsserted(() -> assertThat(host.events(next)).contains("failed/job_runtime_error"));
        }
    }

    /** It had waited for it, and was running already when the host went. */
    @Test
    void aJobThatWasRunningIsRunAgainThoughWhatItWaitedForIsGone(@TempDir Path root) throws Exception {
        String first;
        String next;
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            first = host.create(Map.of("command", "true"));
            next = host.create(
                    Map.of("command", "until [ -e go ]; do sleep 0.02; done", "shell", true, "after", List.of(first)));
            host.awaitStatus(next, "running");
        }
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-retain-count", "0")) {
            await().until(() ->
                    host.status(first).path("reason_code").asString().equals("job_not_found"));
        }
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            touch(host, "go");
            assertThat(host.awaitEnd(next).path("job").path("status").asString())
                    .isEqualTo("succeeded");
        }
    }

    @Test
    void aJobThatWaitsCanBeCancelled(JobsHost host) throws Exception {
        String first = host.create(held("first"));
        String next = host.create(Map.of("command", "true", "after", List.of(first)));
        String late = host.create(Map.of("command", "true", "delay_ms", 3_600_000));
        host.cancel(next);
        host.cancel(late);
        assertThat(host.awaitEnd(next).path("job").path("reason_code").asString())
                .isEqualTo("job_cancelled_before_start");
        assertThat(host.awaitEnd(late).path("job").path("reason_code").asString())
                .isEqualTo("job_cancelled_before_start");
        touch(host, "first");
        assertThat(host.awaitEnd(first).path("job").path("status").asString()).isEqualTo("succeeded");
        assertThat(host.job(next).path("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void whatWaitsGoesOnWaitingAfterARestart(@TempDir Path root) throws Exception {
        String first;
        String next;
        String late;
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            first = host.create(held("first"));
            next = host.create(Map.of("command", "true", "after", List.of(first)));
            late = host.create(Map.of("command", "true", "delay_ms", 3_600_000));
        }
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            assertThat(host.job(next).path("status").asString()).isEqualTo("queued");
            touch(host, "first");
            assertThat(host.awaitEnd(next).path("job").path("status").asString())
                    .isEqualTo("succeeded");
            assertThat(host.job(first).path("status").asString()).isEqualTo("succeeded");
            assertThat(host.job(late).path("status").asString()).isEqualTo("queued");
        }
    }

    @Test
    void whatAGuestAsksForWaitsAtTheOwner(@TempDir Path root) throws Exception {
        try (KillableJvm owner = HostMain.start(root, "jobs-workers", "4");
                JobsHost guest = JobsHost.open(root, ONE_WORKER)) {
            String running = HostMain.jobId(root, owner);
            String next = guest.create(Map.of("command", "true", "after", List.of(running)));
            guest.awaitEnd(guest.create(Map.of("command", "true")));
            guest.awaitStatus(next, "queued");
            guest.cancel(running);
            assertThat(guest.awaitEnd(next).path("job").path("error").asString())
                    .contains(running, "was cancelled");
        }
    }

    @Test
    void aJobStartsNotBeforeItsTime(JobsHost host) {
        String late = host.create(Map.of("command", "true", "delay_ms", 700));
        JsonNode job = host.awaitEnd(late).path("job");
        assertThat(job.path("started_unix_ms").asLong()
                        - job.path("created_unix_ms").asLong())
                .isGreaterThanOrEqualTo(700);
        assertThat(job.path("not_before_unix_ms").asLong())
                .isEqualTo(job.path("created_unix_ms").asLong() + 700);

        String past = host.create(Map.of("command", "true", "run_at_unix_ms", 1));
        assertThat(host.awaitEnd(past).path("job").path("status").asString()).isEqualTo("succeeded");
    }

    @Test
    void ofThoseThatWaitTheHigherPriorityStartsFirst(@TempDir Path root) throws Exception {
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            String blocking = host.create(held("go"));
            host.awaitStatus(blocking, "running");
            for (String priority : List.of("0", "-5", "7", "0", "7")) {
                host.create(Map.of(
                        "command",
                        "echo " + priority + " >>order",
                        "shell",
                        true,
                        "priority",
                        Integer.parseInt(priority)));
            }
            touch(host, "go");
            await().untilAsserted(() ->
                    assertThat(root.resolve("order")).exists().content().hasLineCount(5));
            assertThat(Files.readAllLines(root.resolve("order"))).containsExactly("7", "7", "0", "0", "-5");
        }
    }

    @Test
    void aJobReadsItsInputAsItIs(JobsHost host) throws Exception {
        String text = "a'b\"c\\ $HOME `d`\n\n€ \u0001" + "x".repeat(100_000);
        String id = host.create(Map.of("command", "cat", "stdin", text));
        host.awaitEnd(id);
        assertThat(JobsHost.jobFile(host.root(), id, ".stdout.log")).hasContent(text);
        assertThat(host.job(id).has("stdin")).isFalse();
        // Nothing else of it is left than what the manifest says.
        try (var files = Files.list(JobsHost.stateDir(host.root()).resolve("jobs"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allSatisfy(name -> assertThat(name).startsWith(id + "."));
        }
        String none = host.create(Map.of("command", "cat", "stdin", "", "wait_ms", 20_000));
        assertThat(host.awaitEnd(none).path("stdout_preview").asString()).isEmpty();
        // What a shell would not hand on starts in another way, and reads the same.
        String direct = host.create(Map.of("command", "cat", "stdin", "direct", "env", Map.of("LC_ALL", "C")));
        assertThat(host.awaitEnd(direct).path("stdout_preview").asString()).isEqualTo("direct");
    }

    @Test
    void aJobThatFailsIsTriedAgainAndEachRunsOutputIsKept(JobsHost host) {
        String id = host.create(Map.of(
                "command",
                "n=$(cat n 2>/dev/null || echo 0); n=$((n+1)); echo $n >n; echo out-$n; echo err-$n >&2; [ $n = 3 ]",
                "shell",
                true,
                "retries",
                5));
        // In one answer, as the next run comes by itself.
        await().untilAsserted(() -> {
            JsonNode between = host.status(id);
            assertThat(between.path("job").path("attempts")).isNotEmpty();
            assertThat(between.path("hint").asString()).contains("tried again by itself");
        });

        JsonNode end = host.awaitEnd(id);
        assertThat(end.path("job").path("status").asString()).isEqualTo("succeeded");
        assertThat(end.path("stdout_preview").asString()).isEqualTo("out-1\nout-2\nout-3\n");
        assertThat(end.path("stderr_preview").asString()).isEqualTo("err-1\nerr-2\nerr-3\n");
        JsonNode attempts = end.path("job").path("attempts");
        assertThat(attempts).hasSize(2).allSatisfy(attempt -> {
            assertThat(attempt.path("reason_code").asString()).isEqualTo("job_non_zero_exit");
            assertThat(attempt.path("exit_code").asInt()).isEqualTo(1);
        });
        assertThat(attempts.get(1).path("stdout_end").asInt()).isEqualTo(12);
        assertThat(end.path("job").path("started_unix_ms").asLong()
                        - attempts.get(1).path("finished_unix_ms").asLong())
                .as("twice the first pause")
                .isGreaterThanOrEqualTo(2_000);
        assertThat(host.events(id))
                .containsExactly(
                        "created/job_queued",
                        "started/job_started",
                        "failed/job_non_zero_exit",
                        "started/job_started",
                        "failed/job_non_zero_exit",
                        "started/job_started",
                        "succeeded/job_succeeded");
    }

    @Test
    void afterTheLastAttemptItHasFailedAndACancelEndsTheTrying(JobsHost host) {
        String id = host.create(Map.of("command", "sleep", "args", List.of("300"), "timeout_ms", 50, "retries", 1));
        JsonNode job = host.awaitEnd(id).path("job");
        assertThat(job.path("reason_code").asString()).isEqualTo("job_timeout");
        assertThat(job.path("attempts").get(0).path("reason_code").asString()).isEqualTo("job_timeout");
        assertThat(job.path("attempts").get(0).path("exit_code").isNull()).isTrue();

        String cancelled = host.create(Map.of("command", "false", "retries", 10));
        await().untilAsserted(() ->
                assertThat(host.job(cancelled).path("attempts").size()).isPositive());
        host.cancel(cancelled);
        assertThat(host.awaitEnd(cancelled).path("job").path("status").asString())
                .isEqualTo("cancelled");
        // A program that is not there will not be there a second later.
        JsonNode absent = host.awaitEnd(host.create(Map.of("command", "no-such-program", "retries", 10)));
        assertThat(absent.path("job").path("reason_code").asString()).isEqualTo("job_spawn_failed");
    }

    @Test
    void attemptsAndTheirOutputSurviveARestart(@TempDir Path root) throws Exception {
        String id;
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            id = host.create(Map.of(
                    "command",
                    "if [ -e tried ]; then echo again; until [ -e go ]; do sleep 0.02; done; else touch tried; echo once; exit 3; fi",
                    "shell",
                    true,
                    "retries",
                    1));
            host.awaitOutput(id, "again");
        }
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            touch(host, "go");
            JsonNode end = host.awaitEnd(id);
            assertThat(end.path("stdout_preview").asString()).isEqualTo("once\nagain\n");
            assertThat(end.path("job").path("attempts")).hasSize(1);
        }
    }

    @Test
    void whatMakesNoSenseIsRefused(JobsHost host) {
        assertThat(error(host, Map.of("command", "true", "after", List.of("job-1-0001"))))
                .isEqualTo("after must name jobs that are there; there is no job job-1-0001");
        assertThat(error(host, Map.of("command", "true", "after", List.of("../x"))))
                .isEqualTo("after must be a list of job_ids");
        assertThat(error(host, Map.of("command", "true", "delay_ms", 1, "run_at_unix_ms", 1)))
                .isEqualTo("delay_ms and run_at_unix_ms must not be given both");
        assertThat(error(host, Map.of("command", "true", "priority", 101)))
                .isEqualTo("priority must be an integer from -100 to 100");
        assertThat(error(host, Map.of("command", "true", "stdin", "a\0b"))).contains("stdin");
        assertThat(error(host, Map.of("command", "true", "stdin", "a\ud800"))).contains("stdin", "surrogate");
        assertThat(host.list(Map.of()).path("count").asInt()).isZero();
    }

    private static String error(JobsHost host, Map<String, ?> arguments) {
        JsonNode answer = host.content(host.call("jobs_create", arguments));
        assertThat(answer.path("reason_code").asString()).isEqualTo("jobs_invalid_arguments");
        return answer.path("error").asString();
    }
}
