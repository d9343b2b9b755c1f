package dev.tau.jobs.micrometer;

/**
 * What a total has grown by. A counter must not go back, whatever is read: a total that is lower than before has begun anew, and
 * one that can't be read has not changed. Safe for several threads.
 */
final class Counted {
    private double last;
    private double grown;
    private boolean known;

    /** Takes a total, or NaN; returns by how much it has grown since the first that was known. */
    synchronized double upTo(double total) {
        if (!Double.isNaN(total)) {
            if (known) {
                grown += total < last ? total : total - last;
            }
            last = total;
            known = true;
        }
        return grown;
    }
}
