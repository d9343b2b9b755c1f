package dev.tau.jobs.job;

import java.util.List;

/**
 * Counters and diagnostics: what state.json holds.
 *
 * @param updatedUnixMs when it was taken
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
        List<String> diagnostics) {
    /** Copies the lists. */
    public Snapshot {
        reasonCodes = List.copyOf(reasonCodes);
        diagnostics = List.copyOf(diagnostics);
    }
}
