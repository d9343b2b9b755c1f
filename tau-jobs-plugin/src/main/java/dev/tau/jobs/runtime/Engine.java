package dev.tau.jobs.runtime;

import dev.tau.jobs.config.AllowedRoots;
import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.process.JobLauncher;
import dev.tau.jobs.process.ProcessLauncher;
import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.process.ProcessTree;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What runs queued jobs: from the backlog by the queue to the workers, and the processes that they start. */
final class Engine {
    /** On top of the grace: SIGKILL takes a moment, and so do the last writes. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(8);

    private final JobQueue queue = new JobQueue();
    private final Duration grace;
    private final int maxRecoveries;
    private final ProcessTree tree;
    private final ProcessLauncher launcher;
    private final OutputWatch outputs;
    private final JobRunner runner;
    private final WorkerPool workers;
    private final Backlog backlog;

    Engine(
            JobsConfig config,
            ToolContext context,
            JobStore store,
            JobIndex index,
            JobLedger ledger,
            Housekeeper housekeeper) {
        this.grace = Duration.ofMillis(config.killGraceMs());
        this.maxRecoveries = config.maxRecoveries();
        ProcessTable table = ProcessTable.ofPlatform();
        this.tree = new ProcessTree(table);
        this.launcher = new JobLauncher(table, config.inheritedEnvironment(), config.controlGroups(), grace);
        this.outputs = new OutputWatch(store, housekeeper, config.maxOutputBytes());
        LaunchRules rules = new LaunchRules(
                context.workingDirectory(),
                new AllowedRoots(context.workingDirectory(), context.allowedRoots()),
                config.allowedCommands());
        this.backlog = new Backlog(index, ledger, queue, housekeeper, context.clock());
        this.runner = new JobRunner(ledger, store, launcher, tree, rules, outputs, grace, backlog::retry);
        this.workers = new WorkerPool(queue, runner, config.workers());
        ledger.onEnd((job, event) -> backlog.ended(job));
    }

    /** Ends what a crash has left running, and queues it and what was queued. */
    void recover(JobStore store, JobIndex index, JobLedger ledger, RuntimeHealth health) throws IOException {
        Recovery.run(store, index, ledger, health, tree, grace, maxRecoveries).forEach(backlog::admit);
    }

    /** Begins to run what is queued. */
    void start() {
        workers.start();
    }

    /** A job was queued. */
    void admit(JobRecord job) {
        backlog.admit(job);
    }

    /** A job was cancelled: it is not to run any longer, or not at all. */
    void cancelled(JobId id) {
        queue.remove(id);
        stop(id);
    }

    /** Ends a job's processes, if it runs. */
    void stop(JobId id) {
        runner.cancel(id);
    }

    /** How much a job has written by now; null if it does not run. */
    @Nullable
    OutputSizes written(JobId id) {
        return outputs.written(id);
    }

    /** Takes no more work, and ends what runs; the next start queues it again. */
    void close() {
        workers.close(grace.plus(CLOSE_PATIENCE));
        launcher.close();
    }
}
