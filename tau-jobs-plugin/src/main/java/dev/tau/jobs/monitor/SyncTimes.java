package dev.tau.jobs.monitor;

import java.util.concurrent.atomic.LongAdder;

/** How often files and directories of a state directory were synced, and how long that took. Safe for several threads. */
public final class SyncTimes {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** None yet. */
    public SyncTimes() {}

    void add(long tookNanos) {
        count.increment();
        nanos.add(tookNanos);
    }

    long count() {
        return count.sum();
    }

    double seconds() {
        return nanos.sum() / 1e9;
    }
}
