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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Processes that don't want to go, or go at a bad moment. */
@EnabledOnOs(OS.LINUX)
class ProcessFaultsIT {
    private static final Duration GRACE = Duration.ofMillis(200);
    /** From the request to the end on a slow machine, far below a job's own end or timeout. */
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    private static final int RACES = 30;

    @TempDir
    Path root;

    private JobsHost open() {
        return JobsHost.open(
                root, "no-session", "true", "jobs-workers", "2", "jobs-kill-grace-ms", Long.toString(GRACE.toMillis()));
    }

    private static String reason(JsonNode answer) {
        return answer.path("job").path("reason_code").asString();
    }

    /** Cancels, and asserts that no process is left at the moment at which the job has ended. */
    private static Duration cancelAndAssertGone(JobsHost host, String id, String argument) {
        long begin = System.nanoTime();
        host.cancel(id);
        JsonNode end = host.awaitEnd(id);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(Processes.withArgument(argument)).isEmpty();
        assertThat(host.liveProcessesOf(id)).isEmpty();
        assertThat(reason(end)).isEqualTo("job_cancelled_during_run");
        assertThat(took).isLessThan(AT_ONCE);
        return took;
    }

    /** A host's own tasks may keep the JVM's common pool busy for as long as they like. */
    @Test
    void jobsEndThoughTheCommonPoolIsBusy() {
        CountDownLatch done = new CountDownLatch(1);
        try (JobsHost host = open()) {
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                ForkJoinPool.commonPool().execute(() -> awaitQuietly(done));
            }
            assertThat(reason(host.awaitEnd(host.shell("exit 0")))).isEqualTo("job_succeeded");
        } finally {
            done.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aDaemonOfItsOwnSessionEndsWithItsJob() {
        String duration = Processes.uniqueDuration();
        try (JobsHost host = open()) {
            String id = host.shell("(setsid sleep " + duration + " &); echo up; sleep 300");
            host.awaitOutput(id, "up");
            assertReparented(host, id, awaitOneWithASession(duration));
            cancelAndAssertGone(host, id, duration);
        }
    }

    @Test
    void aDaemonWithACleanedEnvironmentEndsWithItsSession() {
        String duration = Processes.uniqueDuration();
        try (JobsHost host = open()) {
            String id = host.shell("(env -i sleep " + duration + " &); echo up; sleep 300");
            host.awaitOutput(id, "up");
            Processes.Found daemon = Processes.awaitOne(duration);
            assertReparented(host, id, daemon);
            // Between its fork and its exec it has the job's environment still.
            await().untilAsserted(() -> assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id))
                    .doesNotContain(Long.toString(daemon.pid())));
            cancelAndAssertGone(host, id, duration);
        }
    }

    /** One that has also lost its parent: see {@link EscapedDaemonsIT}. */
    @Test
    void aChildWithACleanedEnvironmentAndASessionOfItsOwnEndsWithItsParent() {
        String duration = Processes.uniqueDuration();
        try (JobsHost host = open()) {
            String id = host.shell("env -i setsid sleep " + duration + " & echo up; wait");
            host.awaitOutput(id, "up");
            Processes.Found child = awaitOneWithASession(duration);
            assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id)).doesNotContain(Long.toString(child.pid()));
            cancelAndAssertGone(host, id, duration);
        }
    }

    /** Between its fork and its exec it is in the job's session still. */
    private static Processes.Found awaitOneWithASession(String argument) {
        await().untilAsserted(() -> {
            Processes.Found daemon = Processes.awaitOne(argument);
            assertThat(daemon.session()).as("a session of its own").isEqualTo(daemon.pid());
        });
        return Processes.awaitOne(argument);
    }

    private static void assertReparented(JobsHost host, String id, Processes.Found process) {
        await().untilAsserted(() -> {
            long parent = Processes.find(process.pid()).orElseThrow().parent();
            assertThat(host.liveProcessesOf(id)).doesNotContain(Long.toString(parent));
        });
        assertThat(host.job(id).path("status").asString()).isEqualTo("running");
    }

    @Test
    void oneThatIgnoresSigtermIsKilledAfterTheGrace() {
        try (JobsHost host = open()) {
            String duration = Processes.uniqueDuration();
            String id = host.shell("trap '' TERM; echo up; sleep " + duration);
            host.awaitOutput(id, "up");
            Processes.awaitOne(duration);
            assertThat(cancelAndAssertGone(host, id, duration)).isGreaterThanOrEqualTo(GRACE);
        }
    }

    /** What waits for the job is in its process group, and must not go with it. */
    @ParameterizedTest
    @CsvSource({"TERM,143", "ALRM,142", "USR1,138", "KILL,137"})
    void oneThatSignalsItsWholeGroupEndsByThat(String signal, int exitCode) {
        try (JobsHost host = open()) {
            JsonNode end = host.awaitEnd(host.shell("echo up; kill -" + signal + " 0; sleep 300"));
            assertThat(reason(end)).isEqualTo("job_non_zero_exit");
            assertThat(end.path("job").path("exit_code").asInt()).isEqualTo(exitCode);
            assertThat(end.path("stdout_preview").asString()).isEqualTo("up\n");
            assertThat(reason(host.awaitEnd(host.shell("exit 0")))).isEqualTo("job_succeeded");
        }
    }

    /** Also where the program has begun and ended, what waits for it with it, before anybody comes to look: on a busy machine. */
    @Test
    void oneThatKillsWhatHasStartedItRunsOnce() {
        AtomicBoolean busy = new AtomicBoolean(true);
        for (int i = 0; i < 6; i++) {
            Thread burner = new Thread(() -> {
                while (busy.get()) {
                    Thread.onSpinWait();
                }
            });
            burner.setDaemon(true);
            burner.start();
        }
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "12")) {
            List<String> ids = IntStream.range(0, 400)
                    .mapToObj(i -> host.shell("echo up; kill -KILL 0"))
                    .toList();
            for (String id : ids) {
                JsonNode end = host.awaitEnd(id);
                assertThat(end.path("stdout_preview").asString()).isEqualTo("up\n");
                assertThat(end.path("job").path("exit_code").asInt()).isEqualTo(137);
            }
        } finally {
            busy.set(false);
        }
    }

    /** Whatever happens to what starts the jobs, each runs once. */
    @ParameterizedTest
    @ValueSource(strings = {"STOP", "KILL"})
    void whatStartsTheJobsIsReplaced(String signal) throws Exception {
        try (JobsHost host = open()) {
            host.awaitEnd(host.shell("exit 0"));
            List<ProcessHandle> helpers = ProcessHandle.current()
                    .children()
                    .filter(child -> Processes.read(Path.of("/proc", Long.toString(child.pid()), "cmdline"))
                            .equals("/bin/sh\0-s\0"))
                    .toList();
            assertThat(helpers).isNotEmpty();
            for (ProcessHandle helper : helpers) {
                new ProcessBuilder("kill", "-" + signal, Long.toString(helper.pid()))
                        .start()
                        .waitFor();
            }
            assertThat(reason(host.awaitEnd(host.shell("echo run >>runs")))).isEqualTo("job_succeeded");
            assertThat(reason(host.awaitEnd(host.shell("echo run >>runs")))).isEqualTo("job_succeeded");
            await().untilAsserted(() -> assertThat(helpers).noneMatch(ProcessHandle::isAlive));
        }
        assertThat(root.resolve("runs")).hasContent("run\nrun\n");
    }

    @Test
    void oneThatStopsItsWholeGroupIsEndedByCancel() throws Exception {
        try (JobsHost host = open()) {
            String duration = Processes.uniqueDuration();
            String id =
                    host.shell("sleep " + duration + " & until test -e go; do sleep 0.02; done; kill -STOP 0; wait");
            Processes.awaitOne(duration);
            Files.createFile(root.resolve("go"));
            await().until(() -> Processes.awaitOne(duration).state() == 'T');
            cancelAndAssertGone(host, id, duration);
            assertThat(reason(host.awaitEnd(host.shell("exit 0")))).isEqualTo("job_succeeded");
        }
    }

    @Test
    void aStoppedOneIsEndedByCancel() {
        try (JobsHost host = open()) {
            String duration = Processes.uniqueDuration();
            String id = host.shell("sleep " + duration + " & echo up; kill -STOP $!; kill -STOP $$; wait");
            host.awaitOutput(id, "up");
            awaitAllStopped(host, id, 2);
            cancelAndAssertGone(host, id, duration);
        }
    }

    @Test
    void aStoppedOneIsEndedByItsTimeout() {
        try (JobsHost host = open()) {
            String id = host.create(
                    Map.of("command", "sh", "args", List.of("-c", "kill -STOP $$; sleep 300"), "timeout_ms", 3_000));
            awaitAllStopped(host, id, 1);
            JsonNode end = host.awaitEnd(id);
            assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id)).isEmpty();
            assertThat(reason(end)).isEqualTo("job_timeout");
            assertThat(end.path("job").path("exit_code").isNull()).isTrue();
        }
    }

    private static void awaitAllStopped(JobsHost host, String id, int processes) {
        await().pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(host.liveProcessesOf(id))
                        .hasSize(processes)
                        .allMatch(pid -> Processes.find(Long.parseLong(pid))
                                .filter(found -> found.state() == 'T')
                                .isPresent()));
    }

    @Test
    void aForkStormIsEndedWhole() {
        try (JobsHost host = open()) {
            String duration = Processes.uniqueDuration();
            String id = host.shell("trap '' TERM; i=0; while [ $i -lt 200 ]; do sleep " + duration
                    + " & i=$((i+1)); done; echo up; wait");
            host.awaitOutput(id, "up");
            await().untilAsserted(
                            () -> assertThat(Processes.withArgument(duration)).hasSize(200));
            cancelAndAssertGone(host, id, duration);
        }
    }

    @Test
    void oneThatClosesItsOutputLivesOnUntilItExits() throws Exception {
        try (JobsHost host = open()) {
            String id = host.shell("exec >&- 2>&-; touch closed; until test -e go; do sleep 0.02; done; exit 7");
            await().until(() -> Files.exists(root.resolve("closed")));
            assertThat(host.content(host.call("jobs_status", Map.of("job_id", id, "wait_ms", 300)))
                            .path("job")
                            .path("status")
                            .asString())
                    .isEqualTo("running");
            Files.createFile(root.resolve("go"));
            JsonNode end = host.awaitEnd(id);
            assertThat(reason(end)).isEqualTo("job_non_zero_exit");
            assertThat(end.path("job").path("exit_code").asInt()).isEqualTo(7);
        }
    }

    @Test
    void oneWhoseChildHoldsTheOutputOpenEndsAtOnceWithTheChild() {
        try (JobsHost host = open()) {
            String duration = Processes.uniqueDuration();
            long begin = System.nanoTime();
            String id = host.shell("sleep " + duration + " & echo $!");
            JsonNode end = host.awaitEnd(id);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(Processes.withArgument(duration)).isEmpty();
            assertThat(reason(end)).isEqualTo("job_succeeded");
            assertThat(end.path("stdout_preview").asString()).matches("[0-9]+\n");
            assertThat(took).isLessThan(AT_ONCE);
        }
    }

    @Test
    void oneThatEndsWhileItIsCancelledEndsOnce() {
        List<String> ids = new ArrayList<>();
        try (JobsHost host = open()) {
            for (int i = 0; i < RACES; i++) {
                // From "not started yet" to "has ended", a little later each time.
                long until = System.nanoTime() + Duration.ofMillis(i).toNanos();
                String id = host.create(Map.of("command", "true"));
                while (System.nanoTime() < until) {
                    host.status(id);
                }
                assertThat(host.cancel(id).path("reason_code").asString()).isEqualTo("jobs_cancel_ok");
                host.awaitEnd(id);
                ids.add(id);
            }
        }
        assertEachEndedOnce(ids);
    }

    @Test
    void oneThatEndsWhileItTimesOutEndsOnce() {
        List<String> ids = new ArrayList<>();
        try (JobsHost host = open()) {
            for (int i = 0; i < RACES; i++) {
                ids.add(host.create(Map.of("command", "sleep", "args", List.of("0.05"), "timeout_ms", 45 + i)));
            }
            for (String id : ids) {
                JsonNode end = host.awaitEnd(id);
                boolean timedOut = reason(end).equals("job_timeout");
                assertThat(end.path("job").path("exit_code").isNull())
                        .as(end.toString())
                        .isEqualTo(timedOut);
                assertThat(reason(end)).isIn("job_timeout", "job_succeeded");
            }
        }
        assertEachEndedOnce(ids);
    }

    /** One terminal event each, of the state that its manifest has, and counters that say the same. */
    private void assertEachEndedOnce(List<String> ids) {
        Map<String, Integer> ends = new java.util.TreeMap<>(Map.of("succeeded", 0, "failed", 0, "cancelled", 0));
        for (String id : ids) {
            JsonNode manifest = Json.file(JobsHost.jobFile(root, id, ".json"));
            String status = manifest.path("status").asString();
            assertThat(JobsHost.events(root, id))
                    .filteredOn(event -> ends.containsKey(event.substring(0, event.indexOf('/'))))
                    .containsExactly(status + "/" + manifest.path("reason_code").asString());
            ends.merge(status, 1, Integer::sum);
        }
        JsonNode state = Json.file(JobsHost.stateDir(root).resolve("state.json"));
        ends.forEach((status, count) ->
                assertThat(state.path(status + "_total").asInt()).as(status).isEqualTo(count));
        assertThat(state.path("created_total").asInt()).isEqualTo(ids.size());
        assertThat(state.path("running_jobs").asInt()).isZero();
        assertThat(state.path("queue_depth").asInt()).isZero();
    }
}
