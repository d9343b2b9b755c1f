package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private final Housekeeper housekeeper;
    private final AtomicBoolean retryScheduled = new AtomicBoolean();
    private final Map<JobId, Write> writes = new ConcurrentHashMap<>();

    LateWrites(Housekeeper housekeeper) {
        this.housekeeper = housekeeper;
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

    /**
     * Tries again, one thread at a time, so that none is written twice. A write takes the lock of its job: who has that must not
     * come here.
     *
     * @return whether nothing is left
     */
    private synchronized boolean tryAll() {
        for (Map.Entry<JobId, Write> write : List.copyOf(writes.entrySet())) {
            try {
                write.getValue().run();
                writes.remove(write.getKey(), write.getValue());
            } catch (IOException e) {
                // Perhaps for a reason of its own: the others are not kept waiting by it.
                LOG.log(System.Logger.Level.DEBUG, "still not written: " + write.getKey(), e);
            }
        }
        return writes.isEmpty();
    }
}
