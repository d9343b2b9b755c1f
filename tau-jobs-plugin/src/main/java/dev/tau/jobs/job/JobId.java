package dev.tau.jobs.job;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A job's id, known to be safe as a part of a file name.
 *
 * @param value {@code [A-Za-z0-9._-]{1,128}}, not starting with a dot
 */
public record JobId(String value) implements Comparable<JobId> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    /** The rule in words, for messages. */
    public static final String RULE = "1 to 128 characters of A-Z a-z 0-9 . _ - and must not start with a dot";

    /** Checks the value. */
    public JobId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException("job_id must be " + RULE);
        }
    }

    /**
     * Checks what somebody gave as an id.
     *
     * @param value anything
     * @return empty if it breaks the rule
     */
    public static Optional<JobId> parse(String value) {
        return ALLOWED.matcher(value).matches() ? Optional.of(new JobId(value)) : Optional.empty();
    }

    /**
     * The id of a new job.
     *
     * @param createdUnixMs when it was created, in milliseconds since 1970-01-01 UTC
     * @param counter counts jobs; printed with at least four digits
     * @return {@code job-<created>-<counter>}
     */
    public static JobId generate(long createdUnixMs, long counter) {
        return new JobId(String.format("job-%d-%04d", createdUnixMs, counter));
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
