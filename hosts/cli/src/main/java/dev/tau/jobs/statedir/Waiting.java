package dev.tau.jobs.statedir;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.JobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a queued job waits for, as far as its directory tells. */
public final class Waiting {
    /** The longest pause before a run that failed is followed by another one. */
    private static final Duration RETRY_PAUSE = Duration.ofMinutes(1);

    private Waiting() {}

    /**
     * The jobs that must have succeeded before.
     *
     * @param job a queued job
     * @param jobs finds the others
     * @return those that have not; none of one that has run already, which does not wait for them again
     */
    public static List<JobId> forOthers(JobRecord job, Function<JobId, Optional<JobRecord>> jobs) {
        return hasRun(job)
                ? List.of()
                : job.spec().options().after().stream()
                        .filter(id -> jobs.apply(id)
                                .filter(other -> other.status() == JobStatus.SUCCEEDED)
                                .isEmpty())
                        .toList();
    }

    private static boolean hasRun(JobRecord job) {
        JobState state = job.state();
        return state.recoveries() > 0 || !state.attempts().isEmpty();
    }

    /**
     * Since when it may be started, if it waits for no others.
     *
     * @param job a queued job
     * @return in milliseconds since 1970-01-01 UTC, also in the future
     */
    public static long since(JobRecord job) {
        long queued = job.state().updatedUnixMs();
        long ready = job.state().attempts().isEmpty() ? queued : queued + RETRY_PAUSE.toMillis();
        return Math.max(ready, job.spec().options().notBeforeUnixMs());
    }
}
