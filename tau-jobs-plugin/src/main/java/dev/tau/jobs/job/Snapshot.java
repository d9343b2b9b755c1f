package dev.tau.jobs.job;

import java.util.List;

/**
 * Counters and diagnostics: what state.json holds.
 *
 * @param updatedUnixMs when it was taken, in milliseconds since 1970-01-01 UTC
 * @param queueDepth jobs that wait
 * @param runningJobs jobs that run
 * @param createdTotal jobs ever created
 * @param startedTotal starts ever made
 * @param succeededTotal jobs that ever succeeded
 * @param failedTotal jobs that ever failed
 * @param cancelledTotal jobs that were ever cancelled
 * @param lastJobId of the last transition, or empty
 * @param lastReasonCode of the last transition, or empty
 * @param reasonCodes the last 16 distinct codes, newest last
 * @param diagnostics the last 24 lines, newest last
 * @param removed what the totals count though its files are gone
 */
public record Snapshot(
        long updatedUnixMs,
        long queueDepth,
        long runningJobs,
        long createdTotal,
        long startedTotal,
        long succeededTotal,
        long failedTotal,
        long cancelledTotal,
        String lastJobId,
        String lastReasonCode,
        List<String> reasonCodes,
        List<String> diagnostics,
        Removed removed) {
    /**
     * Ended jobs whose files were removed.
     *
     * @param succeeded how many of them had succeeded
     * @param failed how many had failed
     * @param cancelled how many were cancelled
     * @param removing ids of those among them whose files may still be there
     */
    public record Removed(long succeeded, long failed, long cancelled, List<String> removing) {
        /** Nothing was removed. */
        public static final Removed NONE = new Removed(0, 0, 0, List.of());

        /** Copies the list. */
        public Removed {
            removing = List.copyOf(removing);
        }
    }

    /** Copies the lists. */
    public Snapshot {
        reasonCodes = List.copyOf(reasonCodes);
        diagnostics = List.copyOf(diagnostics);
    }

    /**
     * The same counters, said at another time.
     *
     * @param unixMs when, in milliseconds since 1970-01-01 UTC
     * @return the snapshot
     */
    public Snapshot at(long unixMs) {
        return new Snapshot(
                unixMs,
                queueDepth,
                runningJobs,
                createdTotal,
                startedTotal,
                succeededTotal,
                failedTotal,
                cancelledTotal,
                lastJobId,
                lastReasonCode,
                reasonCodes,
                diagnostics,
                removed);
    }
}
