package dev.tau.jobs.job;

import java.util.Locale;
import java.util.Optional;

/** Why a job is in its state: the lifecycle codes of the wire format. */
public enum ReasonCode {
    JOB_QUEUED,
    JOB_STARTED,
    JOB_SUCCEEDED,
    JOB_NON_ZERO_EXIT,
    JOB_SPAWN_FAILED,
    JOB_TIMEOUT,
    JOB_CANCELLED_BEFORE_START,
    JOB_CANCELLED_DURING_RUN,
    JOB_RECOVERED_AFTER_RESTART,
    JOB_RUNTIME_ERROR,
    JOB_TRACE_WRITE_FAILED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** {@return the name in files and results} */
    public String wireName() {
        return wireName;
    }

    /**
     * The code of a name.
     *
     * @param name as in {@link #wireName()}
     * @return empty if no code has that name
     */
    public static Optional<ReasonCode> ofWireName(String name) {
        for (ReasonCode code : values()) {
            if (code.wireName().equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
