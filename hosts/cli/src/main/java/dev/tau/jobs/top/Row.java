package dev.tau.jobs.top;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.StateDirWatch;
import dev.tau.jobs.statedir.Waiting;
import java.util.List;

/**
 * A job that is shown.
 *
 * @param dir where it is
 * @param job the job as of the last look
 */
record Row(StateDirWatch dir, JobRecord job) {
    /** Tells it from others, whatever becomes of it. */
    record Name(StateDirWatch dir, JobId id) {}

    /** The jobs that must have succeeded before this one is started. */
    List<JobId> waitsFor() {
        return Waiting.forOthers(job, dir::job);
    }

    /** Whether a free worker would not take it now. */
    boolean isHeldBack(long nowMs) {
        return job.spec().options().notBeforeUnixMs() > nowMs || !waitsFor().isEmpty();
    }

    Name name() {
        return new Name(dir, job.id());
    }
}
