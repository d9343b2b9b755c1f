package dev.tau.jobs.runtime;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.store.JobIndex;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Queued jobs on their way to the queue: some wait for a time, some for other jobs. Those that wait for a job that can't
 * succeed any more fail. Safe for several threads.
 */
final class Backlog {
    private static final System.Logger LOG = System.getLogger(Backlog.class.getName());
    /** The wall clock is asked again at least so often: it may have been set meanwhile. */
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final JobIndex index;
    private final JobLedger ledger;
    private final JobQueue queue;
    private final Housekeeper housekeeper;
    private final InstantSource clock;
    /** What a job still waits for. */
    private final Map<JobId, Set<JobId>> unmet = new HashMap<>();
    /** Who waits for a job. */
    private final Map<JobId, Set<JobId>> followers = new HashMap<>();

    Backlog(JobIndex index, JobLedger ledger, JobQueue queue, Housekeeper housekeeper, InstantSource clock) {
        this.index = index;
        this.ledger = ledger;
        this.queue = queue;
        this.housekeeper = housekeeper;
        this.clock = clock;
    }

    /** A job is queued: it may go to the queue, now or later. */
    void admit(JobRecord job) {
        // It has waited for them already if it was begun before; they may be gone by now.
        boolean begun = job.state().recoveries() > 0 || !job.state().attempts().isEmpty();
        Set<JobId> after = new LinkedHashSet<>(job.spec().options().after());
        if (begun || after.isEmpty()) {
            queueWhenDue(job.id(), job);
            return;
        }
        synchronized (this) {
            unmet.put(job.id(), after);
            after.forEach(id ->
                    followers.computeIfAbsent(id, key -> new LinkedHashSet<>()).add(job.id()));
        }
        // Only now: one that ends meanwhile is heard of by the one way or the other.
        for (JobId id : Set.copyOf(after)) {
            JobStatus status = index.status(id);
            if (status == null) {
                settle(id, "is not there any more");
            } else if (status.isTerminal()) {
                settle(id, status);
            }
        }
    }

    /** A job has failed and is to be tried again: after a while, twice as long each time. */
    void retry(JobRecord job) {
        int attempts = job.state().attempts().size();
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 30));
        housekeeper.after(
                pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE,
                () -> queueWhenDue(job.id(), index.inMemory(job.id())));
    }

    /** A job has ended. The caller may hold its lock, so whoever waits for it is looked at later. */
    void ended(JobRecord job) {
        synchronized (this) {
            Set<JobId> after = unmet.remove(job.id());
            if (after != null) {
                after.forEach(id -> followers.computeIfPresent(
                        id, (key, waiting) -> waiting.remove(job.id()) && waiting.isEmpty() ? null : waiting));
            }
            if (!followers.containsKey(job.id())) {
                return;
            }
        }
        housekeeper.after(Duration.ZERO, () -> settle(job.id(), job.status()));
    }

    private void settle(JobId before, JobStatus status) {
        settle(
                before,
                switch (status) {
                    case SUCCEEDED -> null;
                    case FAILED -> "has failed";
                    case CANCELLED -> "was cancelled";
                    case QUEUED, RUNNING -> throw new IllegalArgumentException("not ended: " + before);
                });
    }

    private void settle(JobId before, @Nullable String failure) {
        Set<JobId> waiting;
        Set<JobId> ready = new LinkedHashSet<>();
        synchronized (this) {
            waiting = followers.remove(before);
            if (waiting == null) {
                return;
            }
            for (JobId id : waiting) {
                Set<JobId> left = unmet.get(id);
                if (left != null && (failure != null || (left.remove(before) && left.isEmpty()))) {
                    unmet.remove(id);
                    ready.add(id);
                }
            }
        }
        for (JobId id : ready) {
            if (failure == null) {
                queueWhenDue(id, index.inMemory(id));
            } else {
                fail(id, "not started, as job " + before + ", which it was to run after, " + failure);
            }
        }
    }

    /** Nothing happens if it was cancelled meanwhile. */
    private void fail(JobId id, String message) {
        JobRecord job = index.inMemory(id);
        if (job == null || job.status() != JobStatus.QUEUED) {
            return;
        }
        try {
            ledger.apply(id, new Happening.RuntimeFailed(message));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the failure of " + id + " could not be written", e);
        }
    }

    /** Nothing happens if it was cancelled meanwhile. */
    private void queueWhenDue(JobId id, @Nullable JobRecord job) {
        if (job == null || job.status() != JobStatus.QUEUED) {
            return;
        }
        JobOptions options = job.spec().options();
        long leftMs = options.notBeforeUnixMs() - clock.millis();
        if (options.notBeforeUnixMs() == 0 || leftMs <= 0) {
            queue.add(id, options.priority());
        } else {
            Duration left = Duration.ofMillis(leftMs);
            housekeeper.after(
                    left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY, () -> queueWhenDue(id, index.inMemory(id)));
        }
    }
}
