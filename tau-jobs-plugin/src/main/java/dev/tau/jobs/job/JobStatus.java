package dev.tau.jobs.job;

import java.util.Locale;
import java.util.Optional;

/** The five states of a job. */
public enum JobStatus {
    /** Waits for a worker. */
    QUEUED,
    /** A worker has taken it. */
    RUNNING,
    /** Ended with exit code 0. */
    SUCCEEDED,
    /** Ended in any other way that nobody asked for. */
    FAILED,
    /** Ended because somebody asked for it. */
    CANCELLED;

    /** {@return whether nothing can follow} */
    public boolean isTerminal() {
        return switch (this) {
            case QUEUED, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** {@return the name in files and results} */
    public String wireName() {
        return wireName;
    }

    /**
     * The state of a name.
     *
     * @param name as in {@link #wireName()}
     * @return empty if no state has that name
     */
    public static Optional<JobStatus> ofWireName(String name) {
        for (JobStatus status : values()) {
            if (status.wireName().equals(name)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
