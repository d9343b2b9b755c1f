package dev.tau.jobs.runtime;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.store.History;
import dev.tau.jobs.store.History.Entry;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Removes the jobs that ended longest ago, when there are too many or they are too old; never one that has not ended. */
final class Retention {
    private static final System.Logger LOG = System.getLogger(Retention.class.getName());
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);
    /** A snapshot names those being removed, and is written anew for each batch. */
    private static final int BATCH = 500;

    private final JobsConfig config;
    private final InstantSource clock;
    private final JobStore store;
    private final JobIndex index;
    private final RuntimeHealth health;
    private final SnapshotWriter snapshots;
    private final Housekeeper housekeeper;
    private final History history;
    private final TreeSet<Entry> ended = new TreeSet<>(Entry.ENDED_FIRST);
    private boolean scheduled;
    /** Since it was last said; only the sweep's. */
    private int removed;

    Retention(
            JobsConfig config,
            InstantSource clock,
            JobStore store,
            JobIndex index,
            History history,
            RuntimeHealth health,
            SnapshotWriter snapshots,
            Housekeeper housekeeper) {
        this.config = config;
        this.clock = clock;
        this.store = store;
        this.index = index;
        this.history = history;
        this.health = health;
        this.snapshots = snapshots;
        this.housekeeper = housekeeper;
    }

    /** Hears of a job that has ended, durably. */
    synchronized void ended(JobRecord job) {
        ended.add(Entry.of(job));
        if (!scheduled) {
            scheduleNext();
        }
    }

    /** When the runtime begins: the history may be too long already. */
    synchronized void start() {
        if (!scheduled) {
            scheduleNext();
        }
    }

    private int size() {
        return ended.size() + history.size();
    }

    private void scheduleNext() {
        Duration delay = untilNext();
        if (delay != null) {
            scheduled = true;
            housekeeper.after(delay, this::sweep);
        }
    }

    private @Nullable Duration untilNext() {
        if (size() > config.retainCount()) {
            return SOON;
        }
        Long maxAge = config.retainMs();
        if (maxAge == null || size() == 0) {
            return null;
        }
        // The clock may jump: not at once again, and not for ever.
        long left = endedFirst(1).get(0).finishedUnixMs() + maxAge - clock.millis();
        return Duration.ofMillis(
                Math.max(SOON.toMillis(), Math.min(left, Duration.ofHours(1).toMillis())));
    }

    private void sweep() {
        Duration again = null;
        try {
            List<Entry> batch = due();
            if (!batch.isEmpty()) {
                remove(batch);
                removed += batch.size();
                // One a task: others wait for this thread, and a close for what it does right now.
                again = Duration.ZERO;
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "old jobs could not be removed", e);
            again = AFTER_A_FAILURE;
        }
        if (removed > 0 && !Duration.ZERO.equals(again)) {
            health.note("background_job_history_removed: count=" + removed);
            removed = 0;
            snapshots.changed();
        }
        synchronized (this) {
            if (again != null) {
                housekeeper.after(again, this::sweep);
            } else {
                scheduled = false;
                scheduleNext();
            }
        }
    }

    private synchronized List<Entry> due() {
        int tooMany = size() - config.retainCount();
        Long maxAge = config.retainMs();
        long now = clock.millis();
        List<Entry> due = new ArrayList<>();
        for (Entry job : tooMany > 0 || maxAge != null ? endedFirst(BATCH) : List.<Entry>of()) {
            boolean tooOld = maxAge != null && job.finishedUnixMs() + maxAge <= now;
            if (!(tooOld || due.size() < tooMany)) {
                break;
            }
            due.add(job);
        }
        return due;
    }

    private List<Entry> endedFirst(int limit) {
        return Stream.concat(history.endedFirst(limit).stream(), ended.stream().limit(limit))
                .sorted(Entry.ENDED_FIRST)
                .limit(limit)
                .toList();
    }

    /** Counted as removed before the first file goes, so that no crash in between loses or doubles one. */
    private void remove(List<Entry> jobs) throws IOException {
        health.removing(jobs);
        try {
            snapshots.writeOrFail();
        } catch (IOException e) {
            health.notRemoved();
            throw e;
        }
        synchronized (this) {
            // Those of the history, too: if the rest fails, they are tried again by this.
            ended.addAll(jobs);
        }
        jobs.forEach(job -> index.remove(job.id()));
        try {
            store.removeHistory(jobs.stream().map(Entry::id).toList());
        } finally {
            // What can't be deleted now must not keep the others from being removed.
            List<String> left = health.removing().stream()
                    .filter(id -> store.hasFiles(new JobId(id)))
                    .toList();
            health.removed(left);
            synchronized (this) {
                jobs.stream().filter(job -> !left.contains(job.id().value())).forEach(ended::remove);
            }
            snapshots.changed();
        }
    }
}
