package dev.tau.jobs.top;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.StateDirWatch;

/**
 * A job that is shown.
 *
 * @param dir where it is
 * @param job the job as of the last look
 */
record Row(StateDirWatch dir, JobRecord job) {
    /** Tells it from others, whatever becomes of it. */
    record Name(StateDirWatch dir, JobId id) {}

    Name name() {
        return new Name(dir, job.id());
    }
}
