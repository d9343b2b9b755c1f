package dev.tau.jobs.it;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long calls took, within 3 percent, in a few kilobytes however many there were. Safe for several threads. */
final class Latencies {
    private static final int PARTS = 32;

    private final AtomicLongArray counts = new AtomicLongArray(64 * PARTS);

    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(nanos, PARTS)));
    }

    /** The power of two, then the next five bits. */
    private static int bucket(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        return power * PARTS + (int) (nanos >>> (power - 5)) % PARTS;
    }

    long count() {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /** The time within which this part of the calls were answered, in microseconds. */
    long micros(double part) {
        long wanted = (long) Math.ceil(count() * part);
        for (int i = 0; i < counts.length(); i++) {
            wanted -= counts.get(i);
            if (wanted <= 0 && counts.get(i) > 0) {
                int power = i / PARTS;
                return ((long) (PARTS + i % PARTS + 1) << (power - 5)) / 1_000;
            }
        }
        return 0;
    }
}
