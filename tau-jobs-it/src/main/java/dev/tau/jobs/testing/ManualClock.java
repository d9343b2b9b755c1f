package dev.tau.jobs.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A wall clock that stands still until a test turns it, in either direction, as an administrator or a time server might.
 * Timeouts and waits don't ask it. Safe for several threads.
 */
public final class ManualClock implements InstantSource {
    private Instant now;

    private ManualClock(Instant start) {
        this.now = start;
    }

    /** {@return a clock that stands at the system's time of this moment} */
    public static ManualClock atNow() {
        return at(Instant.now());
    }

    /**
     * A clock that stands at some time.
     *
     * @param start the time
     * @return the clock
     */
    public static ManualClock at(Instant start) {
        return new ManualClock(start);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /**
     * Turns it.
     *
     * @param by how far; back if negative
     */
    public synchronized void turn(Duration by) {
        now = now.plus(by);
    }
}
