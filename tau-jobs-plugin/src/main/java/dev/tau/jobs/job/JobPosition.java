package dev.tau.jobs.job;

import java.util.Comparator;
import java.util.Optional;

/**
 * Where a job stands in lists: newest created first, ties by id. It stays there for as long as there is the job.
 *
 * @param createdUnixMs when it was created, in milliseconds since 1970-01-01 UTC
 * @param id which it is
 */
public record JobPosition(long createdUnixMs, JobId id) implements Comparable<JobPosition> {
    private static final Comparator<JobPosition> NEWEST_FIRST =
            Comparator.comparingLong(JobPosition::createdUnixMs).reversed().thenComparing(JobPosition::id);

    /**
     * Where a job stands.
     *
     * @param job the job
     * @return its position
     */
    public static JobPosition of(JobRecord job) {
        return new JobPosition(job.spec().createdUnixMs(), job.id());
    }

    /**
     * The position of a text.
     *
     * @param text as {@link #toString} writes it
     * @return empty if it is none
     */
    public static Optional<JobPosition> parse(String text) {
        int colon = text.indexOf(':');
        try {
            return colon < 0
                    ? Optional.empty()
                    : JobId.parse(text.substring(colon + 1))
                            .map(id -> new JobPosition(Long.parseLong(text.substring(0, colon)), id));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(JobPosition other) {
        return NEWEST_FIRST.compare(this, other);
    }

    /** {@return time and id, to be read by {@link #parse}} */
    @Override
    public String toString() {
        return createdUnixMs + ":" + id;
    }
}
