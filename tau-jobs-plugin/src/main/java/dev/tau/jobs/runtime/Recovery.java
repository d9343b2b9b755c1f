package dev.tau.jobs.runtime;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.process.JobOutput;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import dev.tau.jobs.process.ProcessTree;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What happens between opening a store and running its jobs: strays are ended first, then their jobs queued again. */
final class Recovery {
    private Recovery() {}

    /**
     * Recovers.
     *
     * @return the jobs to queue, oldest first
     */
    static List<JobRecord> run(
            JobStore store,
            JobIndex index,
            JobLedger ledger,
            RuntimeHealth health,
            ProcessTree tree,
            Duration grace,
            int maxRecoveries)
            throws IOException {
        List<JobRecord> wereRunning = index.newest(Set.of(JobStatus.RUNNING), Integer.MAX_VALUE).stream()
                .sorted(JobRecord.OLDEST_FIRST)
                .toList();
        if (!wereRunning.isEmpty()) {
            // All trees at once: one grace for all, not one for each.
            tree.end(
                    wereRunning.stream()
                            .map(job -> new ProcessTree.Job(
                                    new JobMarker(job.id(), store.directory().toString()),
                                    job.state().process(),
                                    null))
                            .toList(),
                    grace);
            for (JobRecord job : wereRunning) {
                List<Path> outputs = List.of(store.stdout(job.id()), store.stderr(job.id()));
                ledger.apply(
                        job.id(),
                        new Happening.RuntimeRestarted(maxRecoveries, JobOutput.measure(outputs, Long.MAX_VALUE)));
            }
        }
        List<JobRecord> queued = index.newest(Set.of(JobStatus.QUEUED), Integer.MAX_VALUE).stream()
                .sorted(JobRecord.OLDEST_FIRST)
                .toList();
        if (!queued.isEmpty()) {
            health.note("background_job_runtime_recovered_queue: queue_depth=" + queued.size());
        }
        return queued;
    }
}
