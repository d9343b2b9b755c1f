package dev.tau.jobs.statedir;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often to look at what changes: as often as is worth its while for a person, and more seldom where a look costs much, so that
 * who watches takes little from those who work. For one thread.
 */
public final class Pace {
    private static final Duration SHORTEST = Duration.ofMillis(250);
    /** A change is to be shown within a second: some of it is for whoever draws it. */
    private static final Duration LONGEST = Duration.ofMillis(500);
    /** One part in so many of a processor is spent on looking, unless even the longest pause does not do. */
    private static final int PAUSE_BY_COST = 50;

    private final LongSupplier nanoTime;
    private long lookedAt;
    private long pause = SHORTEST.toNanos();

    /** The first look is due. */
    public Pace() {
        this(System::nanoTime);
    }

    Pace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong() - SHORTEST.toNanos();
    }

    /**
     * A look has been made.
     *
     * @param beganNanos when it began, of {@link System#nanoTime}
     */
    public void looked(long beganNanos) {
        lookedAt = nanoTime.getAsLong();
        long wanted = (lookedAt - beganNanos) * PAUSE_BY_COST;
        pause = Math.max(SHORTEST.toNanos(), Math.min(LONGEST.toNanos(), wanted));
    }

    /** {@return how many milliseconds it is until the next look; 0 if it is due} */
    public long untilNextMs() {
        long left = pause - (nanoTime.getAsLong() - lookedAt);
        return left <= 0 ? 0 : left / 1_000_000 + 1;
    }
}
