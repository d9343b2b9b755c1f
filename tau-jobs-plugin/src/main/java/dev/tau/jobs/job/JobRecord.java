package dev.tau.jobs.job;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job: what it was asked to do, how far it has come, and what others wrote into its manifest.
 *
 * @param spec what it was asked to do
 * @param state how far it has come
 * @param unknown members of the manifest that this version does not know; kept when it is rewritten
 */
public record JobRecord(JobSpec spec, JobState state, Map<String, @Nullable Object> unknown) {
    /** First in, first out: by creation, then by id, a shorter one first: its counter has fewer digits. */
    public static final Comparator<JobRecord> OLDEST_FIRST = Comparator.comparingLong(
                    (JobRecord job) -> job.spec().createdUnixMs())
            .thenComparingInt(job -> job.id().value().length())
            .thenComparing(JobRecord::id);

    /** As jobs_list shows them: newest created first, ties by id. */
    public static final Comparator<JobRecord> NEWEST_FIRST = Comparator.comparingLong(
                    (JobRecord job) -> job.spec().createdUnixMs())
            .reversed()
            .thenComparing(JobRecord::id);

    /**
     * A job that has just been created.
     *
     * @param spec what it is asked to do
     * @return the job, queued
     */
    public static JobRecord created(JobSpec spec) {
        return new JobRecord(spec, JobState.queued(spec.createdUnixMs()), Map.of());
    }

    /** {@return its id} */
    public JobId id() {
        return spec.id();
    }

    /** {@return its state} */
    public JobStatus status() {
        return state.status();
    }

    /**
     * The job with what is known when its processes are gone.
     *
     * @param sizes how much it wrote
     * @param straysEnded how many processes it had left behind
     * @return the job, otherwise as it is
     */
    public JobRecord measured(OutputSizes sizes, int straysEnded) {
        return with(state.measured(sizes, straysEnded));
    }

    /** {@return the job without its standard input, which may be long and is in no list: for who keeps many} */
    public JobRecord withoutInput() {
        return spec.options().stdin() == null ? this : new JobRecord(spec.withoutInput(), state, unknown);
    }

    JobRecord with(JobState next) {
        return new JobRecord(spec, next, unknown);
    }
}
