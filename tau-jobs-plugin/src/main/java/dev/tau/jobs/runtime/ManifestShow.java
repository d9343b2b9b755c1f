package dev.tau.jobs.runtime;

import dev.tau.jobs.store.JobStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the manifests show what the journal says, a moment after a change: a job that ends at once has its manifest written once, not
 * for each step. Safe for several threads.
 */
final class ManifestShow {
    /** Soon enough for guests, who are told within a second. */
    private static final Duration SHOW_AFTER = Duration.ofMillis(50);

    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private final JobStore store;
    private final Housekeeper housekeeper;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    ManifestShow(JobStore store, Housekeeper housekeeper) {
        this.store = store;
        this.housekeeper = housekeeper;
    }

    /** There has been a change. If the disk takes no manifest, it is asked again. */
    void soon() {
        if (scheduled.compareAndSet(false, true)) {
            housekeeper.after(SHOW_AFTER, this::show);
        }
    }

    private void show() {
        scheduled.set(false);
        if (!store.publish() && scheduled.compareAndSet(false, true)) {
            housekeeper.after(RETRY_AFTER, this::show);
        }
    }
}
