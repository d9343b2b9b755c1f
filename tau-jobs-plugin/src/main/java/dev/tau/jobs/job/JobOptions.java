package dev.tau.jobs.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of a job beyond what it runs: none of it was known to the original.
 *
 * @param label what it is called, for people and models; null if nothing
 * @param stdin its standard input; null for an empty one
 * @param priority of those that wait, one of a higher priority is started first; 0 if nothing was said
 * @param notBeforeUnixMs it is not started before then, in milliseconds since 1970-01-01 UTC; 0 if nothing was said
 * @param after it is started when these have succeeded, and fails if one of them can't any more
 * @param retries how often it is run once more when a run exits with another code than 0, or its time runs out
 */
public record JobOptions(
        @Nullable String label,
        @Nullable String stdin,
        int priority,
        long notBeforeUnixMs,
        List<JobId> after,
        int retries) {
    /** Nothing was said. */
    public static final JobOptions NONE = new JobOptions(null, null, 0, 0, List.of(), 0);

    /** The highest priority; the lowest is as far below 0. */
    public static final int MAX_PRIORITY = 100;

    /** The most retries. */
    public static final int MAX_RETRIES = 10;

    /** Copies the list. */
    public JobOptions {
        after = List.copyOf(after);
    }

    JobOptions withoutInput() {
        return new JobOptions(label, null, priority, notBeforeUnixMs, after, retries);
    }

    /**
     * The same for a job that is started later.
     *
     * @param unixMs not before then, in milliseconds since 1970-01-01 UTC
     * @return the options
     */
    public JobOptions notBefore(long unixMs) {
        return new JobOptions(label, stdin, priority, unixMs, after, retries);
    }

    /** Leaves out the standard input, which may hold a secret. */
    @Override
    public String toString() {
        return "JobOptions[" + label + "]";
    }
}
