package dev.tau.jobs.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
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

    private static final char REPLACEMENT = '\ufffd';

    /** None is behind it in the order of ids. */
    static final JobId HIGHEST = new JobId("z".repeat(128));

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
        return new JobId(String.format(Locale.ROOT, "job-%d-%04d", createdUnixMs, counter));
    }

    /**
     * The id of the one job that a key stands for: the same at each call, in each process, and after each restart.
     *
     * @param key an idempotency key
     * @return {@code job-key-} and half of the key's SHA-256, in hexadecimal
     */
    public static JobId ofKey(String key) {
        try {
            StringBuilder whole = new StringBuilder(key.length());
            // Half a surrogate pair is what it becomes in files, and not the question mark that encoders make of it.
            key.codePoints()
                    .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                    .forEach(whole::appendCodePoint);
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(whole.toString().getBytes(StandardCharsets.UTF_8));
            return new JobId("job-key-" + HexFormat.of().formatHex(hash, 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
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
