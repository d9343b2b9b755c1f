package dev.tau.jobs.job;

import java.util.Locale;

/**
 * One line of the event log.
 *
 * @param timestampUnixMs when it happened, in milliseconds since 1970-01-01 UTC
 * @param jobId to which job
 * @param kind what happened
 * @param status the state that it led to
 * @param reasonCode why
 * @param detail one sentence for people
 */
public record JobEvent(
        long timestampUnixMs, JobId jobId, Kind kind, JobStatus status, ReasonCode reasonCode, String detail) {

    /** What can happen to a job. */
    public enum Kind {
        CREATED,
        STARTED,
        SUCCEEDED,
        FAILED,
        CANCELLED,
        CANCEL_REQUESTED,
        RECOVERED,
        TRACE_ERROR;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        /** {@return the name in files} */
        public String wireName() {
            return wireName;
        }
    }

    /**
     * The event of a job's creation.
     *
     * @param job the new job
     * @return the event
     */
    public static JobEvent created(JobRecord job) {
        return of(job, Kind.CREATED, job.state().updatedUnixMs(), "background job queued");
    }

    /**
     * The event of an end that is told of once more.
     *
     * @param job a job that has ended
     * @param finishedUnixMs when, in milliseconds since 1970-01-01 UTC
     * @return the event
     */
    public static JobEvent ended(JobRecord job, long finishedUnixMs) {
        Kind kind = switch (job.status()) {
            case SUCCEEDED -> Kind.SUCCEEDED;
            case FAILED -> Kind.FAILED;
            case CANCELLED -> Kind.CANCELLED;
            case QUEUED, RUNNING -> throw new IllegalArgumentException(job.id() + " has not ended");
        };
        String error = job.state().error();
        return of(job, kind, finishedUnixMs, error == null ? "background job " + kind.wireName() : error);
    }

    /**
     * The event of sinks that failed.
     *
     * @param job the job whose event they failed to take
     * @param now when, in milliseconds since 1970-01-01 UTC
     * @param messages what they said
     * @return the event
     */
    public static JobEvent traceError(JobRecord job, long now, String messages) {
        return new JobEvent(now, job.id(), Kind.TRACE_ERROR, job.status(), ReasonCode.JOB_TRACE_WRITE_FAILED, messages);
    }

    static JobEvent of(JobRecord job, Kind kind, long now, String detail) {
        return new JobEvent(now, job.id(), kind, job.status(), job.state().reasonCode(), detail);
    }
}
