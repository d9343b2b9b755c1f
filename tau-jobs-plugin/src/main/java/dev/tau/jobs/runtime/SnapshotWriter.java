package dev.tau.jobs.runtime;

import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes the snapshot some time after a change, and once for many changes: it is the dearest write of all. */
final class SnapshotWriter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SnapshotWriter.class.getName());
    private static final long DELAY_MS = 100;

    private final JobStore store;
    private final RuntimeHealth health;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "tau-jobs-snapshot");
        created.setDaemon(true);
        return created;
    });

    SnapshotWriter(JobStore store, RuntimeHealth health) {
        this.store = store;
        this.health = health;
    }

    /** Says that something changed; idle, nothing is scheduled and nothing wakes up. */
    void changed() {
        if (!thread.isShutdown() && scheduled.compareAndSet(false, true)) {
            var unused = thread.schedule(this::write, DELAY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void write() {
        // First: a change that comes while we write must be written, too.
        scheduled.set(false);
        try {
            store.saveSnapshot(health.snapshot());
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "state.json could not be written; it is made true at the next start",
                    e);
        }
    }

    @Override
    public void close() {
        // Not shutdownNow: an interrupt would close the file under a write.
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "a write of state.json does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        write();
    }
}
