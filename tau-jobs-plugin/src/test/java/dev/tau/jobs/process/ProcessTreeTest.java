package dev.tau.jobs.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Numbers that the system gives anew, which no real table can be made to show: the processes are real, their sessions are told. */
@EnabledOnOs(OS.LINUX)
class ProcessTreeTest {
    private static final String STATE_DIR = "/state";
    private static final JobMarker JOB = new JobMarker(new JobId("job-1-0001"), STATE_DIR);
    /** Of no process: beyond the highest pid that Linux gives. */
    private static final long SESSION = (1L << 22) + 1;

    /** 128 and the signal. */
    private static final int SIGTERM_STATUS = 143;
    /** The marked one is killed after it; far longer than two looks take. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final List<Process> started = new ArrayList<>();
    private final Process marked = start("trap '' TERM; echo; read -r end");
    private final Process other = start("echo; read -r end");

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(String script) {
        try {
            Process process = new ProcessBuilder("setsid", "sh", "-c", script).start();
            started.add(process);
            // It has set its trap.
            assertThat(process.getInputStream().read()).isEqualTo('\n');
            return process;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ProcessTable.Entry entry(Process process, long session) {
        return new ProcessTable.Entry(process.pid(), 1, session, session, Long.toString(process.pid()));
    }

    /** Shows one of some looks after the other, and the last one from then on; of each those that are alive. */
    private final class Looks implements ProcessTable {
        private final List<Supplier<Stream<Entry>>> looks;
        private int taken;

        Looks(List<Supplier<Stream<Entry>>> looks) {
            this.looks = looks;
        }

        @Override
        public List<Entry> snapshot() {
            int look = Math.min(taken++, looks.size() - 1);
            return looks.get(look)
                    .get()
                    .filter(entry ->
                            started.stream().anyMatch(process -> process.pid() == entry.pid() && process.isAlive()))
                    .toList();
        }

        @Override
        public ProcessIdentity identify(long pid) {
            return new ProcessIdentity(pid, Long.toString(pid));
        }

        @Override
        public Optional<JobId> jobOf(long pid, String stateDir) {
            return pid == marked.pid() ? Optional.of(JOB.id()) : Optional.empty();
        }
    }

    private int end(List<Supplier<Stream<ProcessTable.Entry>>> looks) {
        ProcessTree.Job job = new ProcessTree.Job(JOB, null, new ProcessTree.Run(System.nanoTime(), SESSION));
        return new ProcessTree(new Looks(looks)).end(List.of(job), GRACE);
    }

    private Stream<ProcessTable.Entry> markedAlone() {
        return Stream.of(entry(marked, marked.pid()));
    }

    private Stream<ProcessTable.Entry> bothWithTheOtherInTheSession() {
        return Stream.of(entry(marked, marked.pid()), entry(other, SESSION));
    }

    @Test
    void who_is_in_the_session_is_ended_also_if_one_look_has_missed_it() throws Exception {
        assertThat(end(List.of(this::markedAlone, this::bothWithTheOtherInTheSession)))
                .isEqualTo(2);
        assertThat(other.waitFor()).isEqualTo(SIGTERM_STATUS);
    }

    @Test
    void a_session_that_was_empty_twice_is_somebody_elses() {
        assertThat(end(List.of(this::markedAlone, this::markedAlone, this::bothWithTheOtherInTheSession)))
                .isEqualTo(1);
        assertThat(other.isAlive()).isTrue();
    }
}
