package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What the disk did not take when it should have, and is tried again until it does. Safe for several threads. */
final class LateWrites {
    /** One write. */
    interface Write {
        /** Throws if the disk still does not take it. */
        void run() throws IOException;
    }

    private static final System.Logger LOG = System.getLogger(LateWrites.class.getName());
    private static final int LAST_TRIES = 20;
    private static final Duration LAST_PAUSE = Duration.ofMillis(50);
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private final JobStore store;
    private final Housekeeper housekeeper;
    private final AtomicBoolean retryScheduled = new AtomicBoolean();
    /** Ends of jobs, told to nobody but those who wait. */
    private final Map<JobId, Write> ends = new ConcurrentHashMap<>();
    /** Jobs that were refused, and may still be in the store. */
    private final Set<JobId> undiscarded = ConcurrentHashMap.newKeySet();

    LateWrites(JobStore store, Housekeeper housekeeper) {
        this.store = store;
        this.housekeeper = housekeeper;
    }

    /** Writes the end of a job later. */
    void end(JobId id, Write write) {
        ends.put(id, write);
        scheduleRetry();
    }

    /** Takes a job out of the store that was refused; later, if that can't be done now. */
    void discard(JobId id, IOException because) {
        try {
            store.discard(id);
        } catch (IOException e) {
            because.addSuppressed(e);
            undiscarded.add(id);
            scheduleRetry();
        }
    }

    /** A job is about to be created that may have been refused before, as guests' are: it must not be taken out any more. */
    synchronized void keep(JobId id) {
        undiscarded.remove(id);
    }

    private void scheduleRetry() {
        if (retryScheduled.compareAndSet(false, true)) {
            housekeeper.after(RETRY_AFTER, () -> {
                retryScheduled.set(false);
                if (!tryAll()) {
                    scheduleRetry();
                }
            });
        }
    }

    /**
     * The last chance: tries for a second. What is still not written then is found as it was at the next start.
     *
     * @return whether nothing is left
     */
    boolean tryForTheLastTime() {
        for (int tries = 1; tries < LAST_TRIES; tries++) {
            if (tryAll()) {
                return true;
            }
            LockSupport.parkNanos(LAST_PAUSE.toNanos());
        }
        return tryAll();
    }

    /** Tries again; returns whether nothing is left. */
    private synchronized boolean tryAll() {
        for (JobId id : List.copyOf(undiscarded)) {
            try {
                store.discard(id);
                undiscarded.remove(id);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "still there: " + id, e);
                return false;
            }
        }
        for (Map.Entry<JobId, Write> end : List.copyOf(ends.entrySet())) {
            try {
                end.getValue().run();
                ends.remove(end.getKey(), end.getValue());
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "still not written: " + end.getKey(), e);
                return false;
            }
        }
        return ends.isEmpty();
    }
}
