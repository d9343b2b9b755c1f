package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * What the disk did not take when it should have, and is tried again until it does: one write a job, done once. Safe for several
 * threads.
 */
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

    private final Housekeeper housekeeper;
    private final Function<JobId, Object> locks;
    private final AtomicBoolean retryScheduled = new AtomicBoolean();
    private final Map<JobId, Write> writes = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param housekeeper tries again
     * @param locks the lock of each job, with which all that changes it is done
     */
    LateWrites(Housekeeper housekeeper, Function<JobId, Object> locks) {
        this.housekeeper = housekeeper;
        this.locks = locks;
    }

    /** Writes what is to be said of a job later, on another thread; whatever else was to be said of it is forgotten. */
    void add(JobId id, Write write) {
        writes.put(id, write);
        scheduleRetry();
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

    /** Writes what is still to be said of a job, if anything is. */
    void write(JobId id) throws IOException {
        // Asked by each change of a job, and there is hardly ever anything.
        if (!writes.isEmpty()) {
            synchronized (locks.apply(id)) {
                Write write = writes.get(id);
                if (write != null) {
                    write.run();
                    writes.remove(id, write);
                }
            }
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

    /** Returns whether nothing is left. */
    private boolean tryAll() {
        for (JobId id : List.copyOf(writes.keySet())) {
            try {
                write(id);
            } catch (IOException e) {
                // Perhaps for a reason of its own: the others are not kept waiting by it.
                LOG.log(System.Logger.Level.DEBUG, "still not written: " + id, e);
            }
        }
        return writes.isEmpty();
    }
}
