package dev.tau.jobs.job;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a list shows: the newest of those that are asked for.
 *
 * @param statuses in which states
 * @param label of which label; null for any or none
 * @param sinceUnixMs created then or later, in milliseconds since 1970-01-01 UTC
 * @param untilUnixMs created before then
 * @param after behind which place of the whole list; null for its beginning
 * @param limit how many at the most
 */
public record JobQuery(
        Set<JobStatus> statuses,
        @Nullable String label,
        long sinceUnixMs,
        long untilUnixMs,
        @Nullable JobPosition after,
        int limit) {

    /**
     * A query for the newest jobs.
     *
     * @param statuses in which states
     * @param limit how many at the most
     * @return the query
     */
    public static JobQuery newest(Set<JobStatus> statuses, int limit) {
        return new JobQuery(statuses, null, Long.MIN_VALUE, Long.MAX_VALUE, null, limit);
    }

    /**
     * Whether a job is asked for.
     *
     * @param job the job
     * @return whether a list of enough length shows it
     */
    public boolean matches(JobRecord job) {
        return statuses.contains(job.status()) && isLabelled(job) && isAt(JobPosition.of(job));
    }

    /**
     * Whether a job has the label that is asked for.
     *
     * @param job the job
     * @return whether it has; true if any will do
     */
    public boolean isLabelled(JobRecord job) {
        return label == null || label.equals(job.spec().label());
    }

    /** {@return whether all jobs are asked for, from the newest on} */
    public boolean isForAll() {
        return statuses.size() == JobStatus.values().length
                && label == null
                && sinceUnixMs == Long.MIN_VALUE
                && untilUnixMs == Long.MAX_VALUE
                && after == null;
    }

    private boolean isAt(JobPosition position) {
        return position.createdUnixMs() >= sinceUnixMs
                && position.createdUnixMs() < untilUnixMs
                && (after == null || position.compareTo(after) > 0);
    }

    /** {@return the last place of which it is known that all jobs that are asked for stand behind it; null if there is none} */
    public @Nullable JobPosition start() {
        if (untilUnixMs == Long.MAX_VALUE) {
            return after;
        }
        JobPosition until = new JobPosition(untilUnixMs, JobId.HIGHEST);
        return after == null || after.compareTo(until) < 0 ? until : after;
    }
}
