package dev.tau.jobs.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.LostOutput;
import dev.tau.jobs.job.ReasonCode;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.store.History;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.store.JobStore.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link JobStore} must do. An implementer extends this class, overrides the two methods, and gets the tests:
 *
 * <ul>
 *   <li>What was saved is found again when the directory is opened again, every field of it, members that are not known and
 *       hostile texts included; the last save wins, and jobs are found oldest first.
 *   <li>A job that can't be found again is not taken: {@code save} throws, and the old one stays.
 *   <li>What was discarded is gone. So are manifests and outputs of a removed history, and of no other job; one that was cut
 *       short is finished by {@code load}.
 *   <li>The snapshot is the last one saved.
 *   <li>Events of several threads are all there, whole, each thread's in its order.
 *   <li>Outputs lie below the store's directory, each in a file of its own.
 *   <li>One store at a time owns a directory; closing it frees it, closing it again does nothing.
 *   <li>Whatever is asked of it, in whatever order, it holds what a map would.
 * </ul>
 *
 * <p>Not part of it: requests of other runtimes, and what a power cut leaves. Needs both test engines, JUnit Jupiter and
 * jqwik. Each test has a directory of its own, and so has each try of a property.
 */
public abstract class JobStoreContract extends JobStoreProperties {
    private static final int THREADS = 8;
    private static final int EACH = 50;
    private static final JobId ONE = new JobId("job-1700000000000-0001");
    private static final JobId TWO = new JobId("job-1700000000000-0002");
    /** A name that begins as another's does, and ends as its output. */
    private static final JobId LIKE_ONE = new JobId(ONE + ".stdout.log");

    private @Nullable TemporaryDirectory directory;
    private @Nullable JobStore store;

    /** For subclasses. */
    protected JobStoreContract() {}

    /**
     * Opens a store.
     *
     * @param directory empty, or as a store that was opened here before has left it; deleted after the test
     * @return the open store, not loaded
     * @throws IOException if it can't be opened; because another one has the directory, too
     */
    @Override
    protected abstract JobStore open(Path directory) throws IOException;

    /**
     * Reads the event log back, which a store only writes.
     *
     * @param directory what a store was opened with, which may be closed by now
     * @return all events, oldest first
     * @throws Exception if it can't be read, which fails the test
     */
    @Override
    protected abstract List<JobEvent> events(Path directory) throws Exception;

    @BeforeEach
    final void openStore() throws IOException {
        directory = TemporaryDirectory.create();
        store = open(path());
    }

    @AfterEach
    final void closeStore() {
        try (TemporaryDirectory deletedLast = directory) {
            store().close();
        }
    }

    private Path path() {
        return requireNonNull(directory).path();
    }

    private JobStore store() {
        return requireNonNull(store);
    }

    private Found reopen() throws IOException {
        store().close();
        store = open(path());
        return store().load();
    }

    private static JobRecord job(JobId id, String command, JobStatus status) {
        JobSpec spec = new JobSpec(
                id,
                command,
                List.of(),
                Map.of(),
                null,
                1_000,
                1_000,
                1_700_000_000_000L,
                JobTrace.NONE,
                JobOptions.NONE);
        JobState state = new JobState(
                status,
                ReasonCode.JOB_QUEUED,
                1_700_000_000_000L,
                null,
                null,
                null,
                null,
                false,
                0,
                null,
                null,
                0,
                List.of(),
                LostOutput.NONE,
                null);
        return new JobRecord(spec, state, Map.of());
    }

    private static JobRecord job(JobId id) {
        return job(id, "true", JobStatus.SUCCEEDED);
    }

    /** Those of the history, too, each read whole. */
    private List<JobRecord> allOf(Found found) throws IOException {
        List<JobRecord> all = new ArrayList<>(found.jobs());
        for (History.Entry ended : found.history().endedFirst(found.history().size())) {
            all.add(store().read(ended.id()).orElseThrow());
        }
        return all;
    }

    @Test
    final void a_new_one_is_empty() throws Exception {
        Found found = store().load();

        assertThat(found.snapshot()).isNull();
        assertThat(found.problems()).isEmpty();
        assertThat(found.refused()).isEmpty();
        assertThat(events(path())).isEmpty();
        assertThat(allOf(found)).isEmpty();
        Found again = reopen();
        assertThat(allOf(again)).as("opened again").isEmpty();
        assertThat(again.snapshot()).isNull();
    }

    @Test
    final void half_a_character_costs_no_job() throws Exception {
        store().load();
        store().save(job(ONE, "\ud800echo\udc00", JobStatus.QUEUED));
        store().save(job(TWO));

        List<JobRecord> found = reopen().jobs();
        assertThat(found.stream().map(JobRecord::id)).containsExactly(ONE, TWO);
        assertThat(found.get(0).spec().command()).contains("echo");
    }

    @Test
    final void long_texts_and_names_are_kept_or_the_job_is_refused() throws Exception {
        store().load();
        for (int length : new int[] {60_000, 1 << 20, 10 << 20}) {
            String text = "x".repeat(length);
            for (JobRecord job : List.of(
                    job(ONE, text, JobStatus.QUEUED),
                    withEnv(Map.of(text, "")),
                    withEnv(Map.of("A", text)),
                    new JobRecord(job(ONE).spec(), job(ONE).state(), Map.of("x-" + text, text)))) {
                JobRecord before = job(ONE, "before", JobStatus.QUEUED);
                store().save(before);
                JobRecord kept = job;
                try {
                    store().save(job);
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining(ONE.value());
                    kept = before;
                }
                // Not compared as a whole: nobody could read the message.
                List<JobRecord> found = reopen().jobs();
                assertThat(found).as("%s characters", length).hasSize(1);
                assertThat(found.get(0).equals(kept))
                        .as("%s characters", length)
                        .isTrue();
            }
        }
    }

    private static JobRecord withEnv(Map<String, String> env) {
        JobSpec spec = new JobSpec(ONE, "true", List.of(), env, null, 1, 1, 0, JobTrace.NONE, JobOptions.NONE);
        return new JobRecord(spec, job(ONE).state(), Map.of());
    }

    @Test
    final void the_last_save_wins() throws Exception {
        store().load();
        for (JobStatus status : JobStatus.values()) {
            store().save(job(ONE, "true", status));
            store().saveSoon(job(TWO, "true", status));
            assertThat(reopen().jobs()).containsExactly(job(ONE, "true", status), job(TWO, "true", status));
        }
        store().commit(job(TWO, "committed", JobStatus.QUEUED));
        assertThat(reopen().jobs()).contains(job(TWO, "committed", JobStatus.QUEUED));
        store().saveSoon(job(ONE, "later", JobStatus.QUEUED));
        store().save(job(ONE, "last", JobStatus.QUEUED));
        store().save(job(TWO, "later", JobStatus.QUEUED));
        store().saveSoon(job(TWO, "last", JobStatus.QUEUED));
        assertThat(reopen().jobs())
                .containsExactly(job(ONE, "last", JobStatus.QUEUED), job(TWO, "last", JobStatus.QUEUED));
    }

    @Test
    final void a_discarded_job_is_gone_and_no_other() throws Exception {
        store().load();
        store().save(job(ONE));
        store().save(job(LIKE_ONE));
        store().discard(ONE);
        store().discard(ONE);
        store().discard(TWO);
        assertThat(reopen().jobs()).containsExactly(job(LIKE_ONE));

        store().save(job(ONE));
        assertThat(reopen().jobs()).as("saved again").contains(job(ONE));
    }

    private List<Path> writeOutputs(JobId id) throws IOException {
        List<Path> outputs = List.of(store().stdout(id), store().stderr(id));
        for (Path output : outputs) {
            Files.createDirectories(output.getParent());
            Files.writeString(output, "output of " + id);
        }
        return outputs;
    }

    @Test
    final void a_removed_history_is_gone_with_its_outputs_and_no_other() throws Exception {
        store().load();
        for (JobId id : List.of(ONE, TWO, LIKE_ONE)) {
            store().save(job(id));
        }
        List<Path> gone = Stream.concat(writeOutputs(ONE).stream(), writeOutputs(TWO).stream())
                .toList();
        List<Path> kept = writeOutputs(LIKE_ONE);
        store().saveSnapshot(JobStoreModel.naming(JobStoreModel.EMPTY, Set.of(ONE, TWO)));
        assertThat(store().hasFiles(ONE)).isTrue();
        store().removeHistory(List.of(ONE, TWO));

        assertThat(store().hasFiles(ONE)).isFalse();
        assertThat(store().read(ONE)).isEmpty();
        assertThat(gone).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(kept).allSatisfy(file -> assertThat(file).hasContent("output of " + LIKE_ONE));
        store().removeHistory(List.of(ONE, TWO));
        store().removeHistory(List.of());
        assertThat(reopen().jobs()).containsExactly(job(LIKE_ONE));
    }

    @Test
    final void a_removal_that_was_cut_short_is_finished_by_load() throws Exception {
        store().load();
        for (JobId id : List.of(ONE, TWO, LIKE_ONE)) {
            store().save(job(id));
        }
        List<Path> outputs = writeOutputs(ONE);
        List<Path> kept = writeOutputs(LIKE_ONE);
        Snapshot naming = JobStoreModel.naming(JobStoreModel.EMPTY, Set.of(ONE, TWO));
        store().saveSnapshot(naming);
        Files.delete(outputs.get(0));

        Found found = reopen();
        assertThat(found.jobs()).containsExactly(job(LIKE_ONE));
        assertThat(found.snapshot()).isEqualTo(naming);
        assertThat(outputs).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(kept).allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    final void many_threads_lose_no_event_and_no_job() throws Exception {
        store().load();
        // Long ones, which a write in pieces would mix.
        String detail = "\u00e9\n".repeat(5_000);
        ManyThreads.run(THREADS, thread -> {
            for (int i = 0; i < EACH; i++) {
                JobId id = new JobId("job-" + thread + "-" + i);
                store().save(job(id));
                store().saveSoon(job(id, "echo", JobStatus.SUCCEEDED));
                store().append(event(id, detail));
                store().saveSnapshot(JobStoreModel.EMPTY);
            }
        });

        List<JobEvent> told = events(path());
        List<JobEvent> expected = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            String prefix = "job-" + thread + "-";
            List<JobEvent> ofThread = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                ofThread.add(event(new JobId(prefix + i), detail));
            }
            assertThat(told.stream()
                            .filter(event -> event.jobId().value().startsWith(prefix))
                            .toList())
                    .isEqualTo(ofThread);
            expected.addAll(ofThread);
        }
        assertThat(told).hasSameSizeAs(expected);
        assertThat(allOf(reopen()))
                .hasSize(THREADS * EACH)
                .allMatch(job -> job.spec().command().equals("echo"));
    }

    @Test
    final void many_threads_that_save_one_job_leave_one_of_theirs() throws Exception {
        store().load();
        ManyThreads.run(THREADS, thread -> {
            for (int i = 0; i < EACH; i++) {
                store().save(job(ONE, thread + "-".repeat(1_000 * thread) + i, JobStatus.QUEUED));
            }
        });

        List<JobRecord> found = reopen().jobs();
        assertThat(found).hasSize(1);
        String command = found.get(0).spec().command();
        int thread = command.charAt(0) - '0';
        assertThat(command).isEqualTo(thread + "-".repeat(1_000 * thread) + (EACH - 1));
    }

    private static JobEvent event(JobId id, String detail) {
        return new JobEvent(1, id, JobEvent.Kind.CREATED, JobStatus.QUEUED, ReasonCode.JOB_QUEUED, detail);
    }

    @Test
    final void only_one_at_a_time_owns_a_directory() throws Exception {
        store().load();
        assertThatIOException().isThrownBy(() -> open(path()));

        store().save(job(ONE));
        assertThatIOException().as("after a save").isThrownBy(() -> open(path()));
        assertThat(reopen().jobs()).as("after close").containsExactly(job(ONE));
        assertThat(store().directory()).isAbsolute();
    }

    @Test
    final void closing_again_does_nothing() throws Exception {
        store().load();
        store().save(job(ONE));
        JobStore first = store();
        first.close();
        first.close();
        assertThat(reopen().jobs()).containsExactly(job(ONE));

        first.close();
        assertThatIOException().as("the second one's directory").isThrownBy(() -> open(path()));
    }
}
