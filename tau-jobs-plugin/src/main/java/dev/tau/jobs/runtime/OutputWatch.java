package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.process.JobOutput;
import dev.tau.jobs.process.ProcessLauncher.Launched;
import dev.tau.jobs.store.JobStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps the outputs of running jobs near their cap. While none runs, nothing wakes up. */
final class OutputWatch {
    /** At 500 MB/s that is 50 MB more than the cap and the trimmer's slack. */
    private static final Duration EVERY = Duration.ofMillis(100);

    private record Outputs(JobOutput stdout, JobOutput stderr) {
        // Watched by the housekeeper and finished by a worker.
        synchronized void watch() {
            stdout.watch();
            stderr.watch();
        }

        synchronized OutputSizes written() {
            return new OutputSizes(stdout.written(), stderr.written());
        }

        synchronized OutputSizes finish() {
            return new OutputSizes(stdout.finish(), stderr.finish());
        }
    }

    private final JobStore store;
    private final Housekeeper housekeeper;
    private final long capBytes;
    private final Map<JobId, Outputs> running = new ConcurrentHashMap<>();
    private boolean scheduled;

    OutputWatch(JobStore store, Housekeeper housekeeper, long capBytes) {
        this.store = store;
        this.housekeeper = housekeeper;
        this.capBytes = capBytes;
    }

    /** A job begins to write. */
    void started(JobRecord job, Launched launched) {
        JobId id = job.id();
        running.put(
                id,
                new Outputs(
                        new JobOutput(
                                store.stdout(id),
                                launched.stdout(),
                                capBytes,
                                job.state().stdoutStart()),
                        new JobOutput(
                                store.stderr(id),
                                launched.stderr(),
                                capBytes,
                                job.state().stderrStart())));
        synchronized (this) {
            if (!scheduled) {
                scheduled = true;
                housekeeper.after(EVERY, this::watch);
            }
        }
    }

    private void watch() {
        try {
            running.values().forEach(Outputs::watch);
        } finally {
            synchronized (this) {
                scheduled = !running.isEmpty();
                if (scheduled) {
                    housekeeper.after(EVERY, this::watch);
                }
            }
        }
    }

    /** How much a job has written by now; null if it does not run. */
    @Nullable
    OutputSizes written(JobId id) {
        Outputs outputs = running.get(id);
        return outputs == null ? null : outputs.written();
    }

    /** No process of the job writes any more. */
    OutputSizes ended(JobId id) {
        Outputs outputs = running.remove(id);
        return outputs == null ? OutputSizes.NONE : outputs.finish();
    }
}
