package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes the snapshot some time after a change, and once for many changes: it is the dearest write of all. */
final class SnapshotWriter {
    private static final System.Logger LOG = System.getLogger(SnapshotWriter.class.getName());
    private static final Duration DELAY = Duration.ofMillis(100);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final JobStore store;
    private final RuntimeHealth health;
    private final Housekeeper housekeeper;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean complained;
    private volatile Set<String> onDisk;

    SnapshotWriter(JobStore store, RuntimeHealth health, Housekeeper housekeeper, @Nullable Snapshot last) {
        this.store = store;
        this.health = health;
        this.housekeeper = housekeeper;
        this.onDisk = last == null ? Set.of() : Set.copyOf(last.removed().removing());
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
            if (scheduled.compareAndSet(false, true)) {
                housekeeper.after(RETRY_AFTER, this::write);
            }
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
        Snapshot snapshot = health.snapshot();
        List<String> named = snapshot.removed().removing();
        // While it is being written either of the two may be on disk.
        onDisk = Stream.concat(onDisk.stream(), named.stream()).collect(Collectors.toSet());
        store.saveSnapshot(snapshot);
        onDisk = Set.copyOf(named);
    }

    /** Whether the snapshot on disk may say that a job is being removed: the next start would finish that. */
    boolean mayNameAsRemoved(JobId id) {
        return onDisk.contains(id.value());
    }
}
