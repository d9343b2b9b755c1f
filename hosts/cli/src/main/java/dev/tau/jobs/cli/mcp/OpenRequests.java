package dev.tau.jobs.cli.mcp;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts what is being answered, so that an end can let it finish. */
final class OpenRequests {

    private static final int ALL = Integer.MAX_VALUE;

    private final Semaphore places = new Semaphore(ALL);
    private volatile boolean refusing;

    /** Counts a request, which must {@link #leave}; false, without counting it, when no more are taken. */
    boolean enter() {
        return !refusing && places.tryAcquire();
    }

    void leave() {
        places.release();
    }

    /** Takes no more from now on. */
    void refuseMore() {
        refusing = true;
    }

    /** Waits for those that are open, at most so long; returns whether none is left. */
    boolean awaitNone(Duration patience) throws InterruptedException {
        return places.tryAcquire(ALL, patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
