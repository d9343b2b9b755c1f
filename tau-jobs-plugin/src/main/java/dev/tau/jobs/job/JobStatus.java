package dev.tau.jobs.job;

import java.util.Locale;
import java.util.Optional;

/** The five states of a job. */
public enum JobStatus {
    /** Waits for a worker. */
    QUEUED(false),
    /** A worker has taken it. */
    RUNNING(false),
    /** Ended with exit code 0. */
    SUCCEEDED(true),
    /** Ended in any other way that nobody asked for. */
    FAILED(true),
    /** Ended because somebody asked for it. */
    CANCELLED(true);

    private final boolean terminal;
    private final String wireName = name().toLowerCase(Locale.ROOT);

    JobStatus(boolean terminal) {
        this.terminal = terminal;
    }

    /** {@return whether nothing can follow} */
    public boolean isTerminal() {
        return terminal;
    }

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
