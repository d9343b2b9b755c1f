package dev.tau.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Lifecycle;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.Transition.Applied;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.store.FileJobStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogsCommandTest {
    private static final JobId ID = new JobId("job-1-0001");
    private static final JobOptions ONE_RETRY = new JobOptions(null, null, 0, 0, List.of(), 1);
    private static final long MANY = 40L << 20;

    @TempDir
    Path dir;

    private final Shown shown = new Shown();
    private final PrintStream before = System.out;
    private FileJobStore store;
    private JobRecord job;

    /** What was printed, and a sign that there was anything. */
    private static final class Shown extends ByteArrayOutputStream {
        private final CountDownLatch any = new CountDownLatch(1);

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            any.countDown();
        }
    }

    @BeforeEach
    void aJobThatRuns() throws IOException {
        System.setOut(new PrintStream(shown, true, UTF_8));
        store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 1_000, 2);
        store.load();
        job = JobRecord.created(
                new JobSpec(ID, "true", List.of(), Map.of(), null, 10, 10, 1, JobTrace.NONE, ONE_RETRY));
        apply(new Happening.Started());
        Files.writeString(store.stdout(ID), "out\n");
        Files.writeString(store.stderr(ID), "err\n");
    }

    @AfterEach
    void close() {
        System.setOut(before);
        store.close();
    }

    private void apply(Happening happening) throws IOException {
        job = ((Applied) Lifecycle.apply(job, happening, 2)).job();
        store.save(job);
    }

    private void end(boolean truncated) throws IOException {
        job = job.measured(
                new OutputSizes(
                        new OutputSizes.Stream(Files.size(store.stdout(ID)), truncated, false),
                        OutputSizes.Stream.EMPTY),
                0);
        apply(new Happening.Exited(0));
    }

    private int logs(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "logs";
        all[1] = "--jobs-state-dir=" + dir;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return TauJobs.commandLine().execute(all);
    }

    @Test
    void eachOutputIsPrintedAsItIs() throws IOException {
        byte[] bytes = {'o', 0, (byte) 0xFF, '\n', 0x1B};
        Files.write(store.stdout(ID), bytes);

        assertThat(logs(ID.value())).isZero();
        assertThat(shown.toByteArray()).isEqualTo(bytes);
        shown.reset();
        assertThat(logs("--stderr", ID.value())).isZero();
        assertThat(shown).hasToString("err\n");
    }

    @Test
    void bothOutputsAreShownLineByLineStdoutFirst() throws IOException {
        Files.writeString(store.stdout(ID), "a\n\nno end");

        assertThat(logs("--both", ID.value())).isZero();
        assertThat(shown).hasToString("stdout | a\nstdout | \nstdout | no end\nstderr | err\n");
        shown.reset();
        assertThat(logs("--both", "--stderr", ID.value())).isEqualTo(2);
        assertThat(shown.size()).isZero();
        assertThat(logs("--both", "--json", ID.value())).isZero();
        assertThat(shown).hasToString("""
                {"stream":"stdout","line":"a"}
                {"stream":"stdout","line":""}
                {"stream":"stdout","line":"no end"}
                {"stream":"stderr","line":"err"}
                """);
    }

    @Test
    void bothAreFollowedInTheOrderInWhichTheyCome() throws Exception {
        FutureTask<Integer> follow = new FutureTask<>(() -> logs("-f", "--both", ID.value()));
        new Thread(follow, "follower").start();
        awaitShown("stdout | out\nstderr | err\n");
        Files.writeString(store.stderr(ID), "second\nthi", StandardOpenOption.APPEND);
        awaitShown("stdout | out\nstderr | err\nstderr | second\n");
        Files.writeString(store.stdout(ID), "between\n", StandardOpenOption.APPEND);
        awaitShown("stdout | out\nstderr | err\nstderr | second\nstdout | between\n");
        Files.writeString(store.stderr(ID), "rd\n", StandardOpenOption.APPEND);
        end(false);

        assertThat(follow.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(shown)
                .hasToString("stdout | out\nstderr | err\nstderr | second\nstdout | between\nstderr | third\n");
    }

    /** Of an output that grows faster than it is shown, the end is never reached. */
    @Test
    void muchOfOneOutputDoesNotHideTheOther() throws Exception {
        Files.writeString(store.stdout(ID), "a line of many\n".repeat(500_000));
        FutureTask<Integer> follow = new FutureTask<>(() -> logs("-f", "--both", ID.value()));
        new Thread(follow, "follower").start();
        await().until(() -> shown.toString(UTF_8).contains("stderr | err\n"));
        end(false);

        assertThat(follow.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(shown.toString(UTF_8).indexOf("stderr | err")).isLessThan(4 << 20);
        assertThat(shown.toString(UTF_8).lines()).hasSize(500_001);
    }

    private void awaitShown(String text) {
        await().untilAsserted(() -> assertThat(shown).hasToString(text));
    }

    @Test
    void aJobThatIsNotThereIsNone() {
        assertThat(logs("job-1-0002")).isEqualTo(1);
        assertThat(shown.size()).isZero();
    }

    @Test
    void aJobIsFollowedToItsEnd() throws Exception {
        FutureTask<Integer> follow = new FutureTask<>(() -> logs("-f", ID.value()));
        new Thread(follow, "follower").start();
        assertThat(shown.any.await(60, TimeUnit.SECONDS)).isTrue();
        Files.writeString(store.stdout(ID), "last\n", StandardOpenOption.APPEND);
        end(false);

        assertThat(follow.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(shown).hasToString("out\nlast\n");
        shown.reset();
        assertThat(logs("--follow", ID.value())).isZero();
        assertThat(shown).as("one that has ended").hasToString("out\nlast\n");
    }

    /** Whoever owned the directory kept less than our own settings do; of a job that was given up nobody has counted. */
    @ParameterizedTest
    @ValueSource(strings = {"runs", "ended", "given up"})
    void whatAnOwnerWithAnotherCapHasDroppedIsNotPrintedAsZeros(String stand) throws IOException {
        try (RandomAccessFile output = new RandomAccessFile(store.stdout(ID).toFile(), "rw")) {
            output.setLength(0);
            output.setLength(MANY);
        }
        Files.writeString(store.stdout(ID), "kept\n", StandardOpenOption.APPEND);
        if (stand.equals("ended")) {
            end(true);
        } else if (stand.equals("given up")) {
            apply(new Happening.RuntimeRestarted(0, OutputSizes.NONE));
            assertThat(job.status().isTerminal()).isTrue();
        }
        store.close();

        assertThat(logs(ID.value())).isZero();
        assertThat(shown.size()).isEqualTo(5);
        assertThat(shown).hasToString("kept\n");
    }

    @Test
    void zerosThatAJobHasWrittenArePrinted() throws IOException {
        Files.write(store.stdout(ID), new byte[100_000]);
        assertThat(logs(ID.value())).isZero();
        assertThat(shown.size()).isEqualTo(100_000);
        end(false);
        assertThat(logs(ID.value())).isZero();
        assertThat(shown.size()).isEqualTo(200_000);
    }

    /** Behind each attempt there may be a hole, however short the output is. */
    @Test
    void whatWasDroppedFromAnEarlierAttemptIsNotPrintedAsZeros() throws IOException {
        Files.write(store.stdout(ID), new byte[8192]);
        Files.writeString(store.stdout(ID), "kept\n", StandardOpenOption.APPEND);
        apply(new Happening.Exited(1));
        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        store.close();

        assertThat(logs(ID.value())).isZero();
        assertThat(shown).hasToString("kept\n");
    }
}
