package dev.tau.jobs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.process.ProcessTable.Entry;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class LinuxProcessTableTest {
    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG_AGO = Duration.ofDays(1_000);

    @TempDir
    Path dir;

    private final LinuxProcessTable table = new LinuxProcessTable();

    private static List<Long> pids(List<Entry> entries) {
        return entries.stream().map(Entry::pid).toList();
    }

    /** By a probe of each pid, and, of what was started so long ago that pids may have come round, by a list of all. */
    @Test
    void what_was_started_after_a_process_is_listed_with_it() {
        // Again, if pids come round in the middle of it.
        await().untilAsserted(this::assertListedWithWhatWasStartedAfterIt);
    }

    private void assertListedWithWhatWasStartedAfterIt() throws Exception {
        Process root = new ProcessBuilder("sh", "-c", "sleep 300 & echo $!; wait").start();
        try (BufferedReader out = root.inputReader(StandardCharsets.UTF_8)) {
            long child = Long.parseLong(out.readLine());
            for (Duration age : List.of(NOW, LONG_AGO)) {
                assertThat(pids(table.startedSince(root.pid(), age))).contains(root.pid(), child);
            }
            long self = ProcessHandle.current().pid();
            // Also when that was a moment ago: a table that fell back to all processes would look at each for each job.
            for (Duration age : List.of(NOW, Duration.ofMillis(5))) {
                assertThat(pids(table.startedSince(root.pid(), age))).allMatch(pid -> pid >= root.pid());
            }
            assertThat(pids(table.startedSince(root.pid(), LONG_AGO))).contains(self);
            // A pid that nobody has had yet: they have come round, or it is no pid.
            assertThat(pids(table.startedSince(Long.MAX_VALUE, NOW))).contains(self, child);
            // Far back: a list of all from there on, as nobody probes so many. Few, and without us, if they have just
            // come round.
            assertThat(pids(table.startedSince(1, NOW)))
                    .contains(1L, child)
                    .matches(pids -> pids.contains(self) || self > child);
        } finally {
            root.descendants().forEach(ProcessHandle::destroyForcibly);
            root.destroyForcibly();
        }
    }

    /** Only who appends to a log writes it; who reads it, or writes it in another way, is somebody else. */
    @ParameterizedTest
    @ValueSource(strings = {"exec sleep 300 >>$0", "exec sleep 300 2>>$0"})
    void who_appends_to_a_jobs_log_is_the_jobs(String script) throws Exception {
        Path log = log();
        Process process = start(script, log);
        try {
            assertThat(table.jobOf(process.pid(), stateDir())).contains(new JobId("job-1-0001"));
            assertThat(table.jobOf(process.pid(), stateDir() + "/jobs")).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec sleep 300 <$0",
                "exec sleep 300 >$0",
                "exec sleep 300 1<>$0",
                "exec sleep 300 3>>$0",
                "exec sleep 300 >>$0.more"
            })
    void who_does_not_is_not(String script) throws Exception {
        Path log = log();
        Process process = start(script, log);
        try {
            assertThat(table.jobOf(process.pid(), stateDir())).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    private String stateDir() throws Exception {
        return dir.toRealPath().toString();
    }

    private Path log() throws Exception {
        Path jobs = Files.createDirectory(dir.toRealPath().resolve("jobs"));
        return Files.createFile(jobs.resolve("job-1-0001.stdout.log"));
    }

    /** Waits until the shell has become the program: its descriptors are those of the script then. */
    private static Process start(String script, Path log) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script, log.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path name = Path.of("/proc", Long.toString(process.pid()), "comm");
        while (process.isAlive() && !Files.readString(name).strip().equals("sleep")) {
            Thread.onSpinWait();
        }
        return process;
    }
}
