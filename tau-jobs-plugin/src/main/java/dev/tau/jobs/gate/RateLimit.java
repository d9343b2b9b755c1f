package dev.tau.jobs.gate;

import dev.tau.jobs.spi.JobGate;
import dev.tau.jobs.spi.JobProposal;
import dev.tau.jobs.spi.JobRefusedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** No more than so many jobs in any minute. */
final class RateLimit implements JobGate {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final int perMinute;
    private final LongSupplier nanoTime;
    /** When the last ones passed; never more than the limit. */
    private final Deque<Long> passed = new ArrayDeque<>();

    /**
     * A limit.
     *
     * @param perMinute so many jobs
     * @param nanoTime a clock that does not jump, as {@link System#nanoTime}
     */
    RateLimit(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "--jobs-max-per-minute";
    }

    @Override
    public synchronized void check(JobProposal job) throws JobRefusedException {
        long now = nanoTime.getAsLong();
        if (passed.size() == perMinute) {
            long waitNanos = WINDOW_NANOS - (now - passed.getFirst());
            if (waitNanos > 0) {
                throw new JobRefusedException("no more than " + perMinute + " jobs a minute; the next may start in "
                        + (TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1) + " s");
            }
            passed.removeFirst();
        }
        passed.addLast(now);
    }

    /** One that passed is not counted. */
    synchronized void takeBack() {
        passed.pollLast();
    }
}
