package dev.tau.jobs.runtime;

import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes the snapshot some time after a change, and once for many changes: it is the dearest write of all. */
final class SnapshotWriter {
    private static final System.Logger LOG = System.getLogger(SnapshotWriter.class.getName());
    private static final Duration DELAY = Duration.ofMillis(100);

    private final JobStore store;
    private final RuntimeHealth health;
    private final Housekeeper housekeeper;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean complained;

    SnapshotWriter(JobStore store, RuntimeHealth health, Housekeeper housekeeper) {
        this.store = store;
        this.health = health;
        this.housekeeper = housekeeper;
    }

    /** Says that something changed. */
    void changed() {
        if (scheduled.compareAndSet(false, true)) {
            housekeeper.after(DELAY, this::write);
        }
    }

    /** Writes it now, come what may. */
    void write() {
        // First: a change that comes while we write must be written, too.
        scheduled.set(false);
        try {
            writeOrFail();
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                complained = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "state.json could not be written, and lags behind until it can be: " + e.getMessage());
            }
        }
    }

    /** Writes it now; on return it survives a power cut. */
    synchronized void writeOrFail() throws IOException {
        store.saveSnapshot(health.snapshot());
    }
}
