package dev.tau.jobs.runtime;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Transition;
import dev.tau.jobs.store.JobIndex;
import java.io.IOException;
import java.util.Optional;

/** Cancels jobs: the change is durable before the processes are ended. Safe for several threads. */
final class JobCancellation {
    private final JobIndex index;
    private final JobLedger ledger;
    private final Engine engine;

    JobCancellation(JobIndex index, JobLedger ledger, Engine engine) {
        this.index = index;
        this.ledger = ledger;
        this.engine = engine;
    }

    /**
     * Cancels a job; one that has ended stays as it is.
     *
     * @return the job as it is then; empty if there is none
     * @throws IOException if the cancel could not be made durable; the processes of a running job are being ended all the same
     */
    Optional<JobRecord> cancel(JobId id) throws IOException {
        if (!index.contains(id)) {
            return Optional.empty();
        }
        Transition transition;
        try {
            transition = ledger.apply(id, new Happening.CancelRequested());
        } catch (IOException e) {
            // A broken disk must not keep a runaway command alive.
            engine.stop(id);
            String what = index.status(id) == JobStatus.RUNNING
                    ? "the job's processes are being ended, but that"
                    : "the cancel";
            throw new IOException(what + " could not be written: " + e, e);
        }
        if (transition instanceof Transition.Applied applied) {
            engine.cancelled(id);
            return Optional.of(applied.job());
        }
        return Optional.ofNullable(index.get(id));
    }
}
