package dev.tau.jobs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.store.JobStore.Found;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** A map beside a {@link JobStore}: both are told the same, and must hold the same whenever the store is opened again. */
final class JobStoreModel {
    private static final List<JobId> IDS = List.of(
            new JobId("job-1700000000000-0001"),
            new JobId("job-1700000000000-10000"),
            new JobId("a"),
            new JobId("a.json"));
    static final Snapshot EMPTY =
            new Snapshot(0, 0, 0, 0, 0, 0, 0, 0, "", "", List.of(), List.of(), Snapshot.Removed.NONE);

    /** One thing that a store is asked for. */
    sealed interface Step {}

    record Save(JobRecord job) implements Step {}

    record Commit(JobRecord job) implements Step {}

    record SaveSoon(JobRecord job) implements Step {}

    record Discard(JobId id) implements Step {}

    record RemoveHistory(Set<JobId> ids) implements Step {}

    /** The process ends after the snapshot that names them, before the first of them has gone. */
    record RemoveCutShort(Set<JobId> ids) implements Step {}

    record SaveSnapshot(Snapshot snapshot) implements Step {}

    record Reopen() implements Step {}

    /** Opens the directory of the one before, which has been closed. */
    interface Opening {
        JobStore open() throws IOException;
    }

    private final Opening opening;
    private final Map<JobId, JobRecord> jobs = new HashMap<>();
    private @Nullable Snapshot snapshot;
    private JobStore store;

    private JobStoreModel(Opening opening) throws IOException {
        this.opening = opening;
        this.store = opening.open();
    }

    /** Few ids, so that steps meet. */
    static Arbitrary<List<Step>> steps() {
        Arbitrary<JobId> ids = Arbitraries.of(IDS);
        Arbitrary<Set<JobId>> sets = ids.set().ofMaxSize(3);
        Arbitrary<JobRecord> jobs = JobRecordArbitraries.jobs(ids);
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(4, jobs.map(Save::new)),
                        Tuple.of(2, jobs.map(Commit::new)),
                        Tuple.of(2, jobs.map(SaveSoon::new)),
                        Tuple.of(1, ids.map(Discard::new)),
                        Tuple.of(1, sets.map(RemoveHistory::new)),
                        Tuple.of(1, sets.map(RemoveCutShort::new)),
                        Tuple.of(1, JobRecordArbitraries.snapshots().map(SaveSnapshot::new)),
                        Tuple.of(2, Arbitraries.just(new Reopen())))
                .list()
                .ofMaxSize(15);
    }

    /** Takes the steps, and compares at each opening, the one after the last step included. */
    static void run(List<Step> steps, Opening opening) throws IOException {
        JobStoreModel model = new JobStoreModel(opening);
        try {
            model.compare();
            for (Step step : steps) {
                model.take(step);
            }
            model.reopen();
        } finally {
            model.store.close();
        }
    }

    private void take(Step step) throws IOException {
        if (step instanceof Save save) {
            store.save(save.job());
            jobs.put(save.job().id(), save.job());
        } else if (step instanceof Commit commit) {
            store.commit(commit.job());
            jobs.put(commit.job().id(), commit.job());
        } else if (step instanceof SaveSoon save) {
            store.saveSoon(save.job());
            jobs.put(save.job().id(), save.job());
        } else if (step instanceof Discard discard) {
            store.discard(discard.id());
            jobs.remove(discard.id());
        } else if (step instanceof RemoveHistory removal) {
            save(naming(removal.ids()));
            store.removeHistory(removal.ids());
            jobs.keySet().removeAll(removal.ids());
            // As long as a snapshot names them, an id that is used again would go at the next opening.
            save(naming(Set.of()));
        } else if (step instanceof RemoveCutShort removal) {
            save(naming(removal.ids()));
            jobs.keySet().removeAll(removal.ids());
            reopen();
            save(naming(Set.of()));
        } else if (step instanceof SaveSnapshot saving) {
            save(saving.snapshot());
        } else if (step instanceof Reopen) {
            reopen();
        }
    }

    private void save(Snapshot next) throws IOException {
        store.saveSnapshot(next);
        snapshot = next;
    }

    private Snapshot naming(Set<JobId> ids) {
        return naming(snapshot == null ? EMPTY : snapshot, ids);
    }

    /** The snapshot that says that the files of some jobs are about to go. */
    static Snapshot naming(Snapshot before, Set<JobId> ids) {
        Snapshot.Removed removed = before.removed();
        return new Snapshot(
                before.updatedUnixMs(),
                before.queueDepth(),
                before.runningJobs(),
                before.createdTotal(),
                before.startedTotal(),
                before.succeededTotal(),
                before.failedTotal(),
                before.cancelledTotal(),
                before.lastJobId(),
                before.lastReasonCode(),
                before.reasonCodes(),
                before.diagnostics(),
                new Snapshot.Removed(
                        removed.succeeded(),
                        removed.failed(),
                        removed.cancelled(),
                        ids.stream().map(JobId::value).toList()));
    }

    private void reopen() throws IOException {
        store.close();
        store = opening.open();
        compare();
    }

    private void compare() throws IOException {
        Found found = store.load();
        assertThat(found.jobs())
                .as("few jobs are all in memory, none in the history")
                .containsExactlyElementsOf(
                        jobs.values().stream().sorted(JobRecord.OLDEST_FIRST).toList());
        assertThat(found.snapshot()).isEqualTo(snapshot);
        assertThat(found.problems()).isEmpty();
        assertThat(found.refused()).isEmpty();
    }
}
