package dev.tau.jobs.runtime;

import dev.tau.jobs.config.AllowedRoots;
import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.job.Transition;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.process.JdkProcessLauncher;
import dev.tau.jobs.process.OutputTail;
import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.process.ProcessTree;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.FileJobStore;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.store.JobStore.Found;
import dev.tau.jobs.trace.TraceFanout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Background jobs over one state dir: what the four tools call. Safe for several threads. */
public final class JobRuntime implements AutoCloseable {
    /** On top of the grace: SIGKILL takes a moment, and so do the last writes. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(8);

    private final JobsConfig config;
    private final InstantSource clock;
    private final JobStore store;
    private final JobIndex index = new JobIndex();
    private final Map<String, String> refused;
    private final RuntimeHealth health;
    private final SnapshotWriter snapshots;
    private final TraceFanout traces;
    private final JobLedger ledger;
    private final JobQueue queue = new JobQueue();
    private final JobRunner runner;
    private final WorkerPool workers;
    private final AtomicLong counter;
    private final AtomicInteger beingCreated = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    private JobRuntime(JobsConfig config, ToolContext context, InstantSource clock, JobStore store) throws IOException {
        this.config = config;
        this.clock = clock;
        this.store = store;
        Found found = store.load();
        found.jobs().forEach(index::put);
        this.refused = Map.copyOf(found.refused());
        this.health = new RuntimeHealth(clock, found);
        this.counter = new AtomicLong(health.snapshot().createdTotal());
        this.snapshots = new SnapshotWriter(store, health);
        ProcessTable table = ProcessTable.ofPlatform();
        ProcessTree tree = new ProcessTree(table);
        Duration grace = Duration.ofMillis(config.killGraceMs());
        this.traces = new TraceFanout(context);
        this.ledger = new JobLedger(store, index, health, snapshots, clock, traces);
        traces.start((event, messages) -> ledger.traceFailed(event.jobId(), messages));
        Path workingDirectory = context.workingDirectory();
        AllowedRoots roots = new AllowedRoots(workingDirectory, context.allowedRoots());
        this.runner = new JobRunner(ledger, store, new JdkProcessLauncher(table), tree, workingDirectory, roots, grace);
        this.workers = new WorkerPool(queue, runner, config.workers());
        Recovery.run(store, index, ledger, health, tree, grace, config.maxRecoveries())
                .forEach(job -> queue.add(job.id()));
        snapshots.changed();
        workers.start();
    }

    /**
     * Opens a state dir, recovers what a crash left, and begins to run what is queued.
     *
     * @param config the settings
     * @param context the host's; names the working directory and the class loader of trace sinks
     * @return the open runtime
     * @throws IOException if the state dir can't be used; the message says why
     */
    public static JobRuntime open(JobsConfig config, ToolContext context) throws IOException {
        JobStore store = FileJobStore.open(
                config.stateDir(), new JacksonJsonCodec(), config.logRotationMaxBytes(), config.logRotationMaxFiles());
        try {
            return new JobRuntime(config, context, InstantSource.system(), store);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Queues a job.
     *
     * @param request what to run
     * @return the job; it survives a power cut
     * @throws IOException if it could not be made durable; it will not run then
     * @throws RejectedJobException if the queue is full or the runtime is closed
     */
    public JobRecord create(JobRequest request) throws IOException, RejectedJobException {
        checkOpen();
        try {
            if (health.count(JobStatus.QUEUED) + beingCreated.incrementAndGet() > config.maxQueued()) {
                throw new RejectedJobException(
                        "the queue is full: " + config.maxQueued() + " jobs wait already (--jobs-max-queued)");
            }
            JobRecord job = JobRecord.created(spec(request));
            ledger.create(job);
            queue.add(job.id());
            return job;
        } finally {
            beingCreated.decrementAndGet();
        }
    }

    private JobSpec spec(JobRequest request) {
        long now = clock.millis();
        JobId id = JobId.generate(now, counter.incrementAndGet());
        while (index.get(id) != null || refused.containsKey(id.value())) {
            id = JobId.generate(now, counter.incrementAndGet());
        }
        Long asked = request.timeoutMs();
        long requested = asked == null ? config.defaultTimeoutMs() : asked;
        return new JobSpec(
                id,
                request.command(),
                request.args(),
                request.env(),
                request.cwd(),
                requested,
                Math.min(requested, config.maxTimeoutMs()),
                now,
                request.trace());
    }

    /**
     * The newest jobs.
     *
     * @param statuses in which states
     * @param limit how many at the most
     * @return newest created first, ties by id
     */
    public List<JobRecord> list(Set<JobStatus> statuses, int limit) {
        return index.newest(statuses, limit);
    }

    /**
     * One job.
     *
     * @param id its id
     * @return empty if there is none
     */
    public Optional<JobRecord> get(JobId id) {
        return Optional.ofNullable(index.get(id));
    }

    /**
     * Why a job's manifest is left untouched.
     *
     * @param id its id
     * @return a sentence; empty if it was read, or is not there
     */
    public Optional<String> refusal(JobId id) {
        return Optional.ofNullable(refused.get(id.value()));
    }

    /**
     * Waits until a job has ended or the time is up.
     *
     * @param id its id
     * @param time how long to wait at the most
     * @return the job as it is then; empty if there is none
     * @throws InterruptedException if the thread is interrupted
     */
    public Optional<JobRecord> await(JobId id, Duration time) throws InterruptedException {
        return Optional.ofNullable(ledger.await(id, time));
    }

    /**
     * Cancels a job: at once if it waits, by ending its process tree if it runs. One that has ended stays as it is.
     *
     * @param id its id
     * @return the job as it is when the request is durable; empty if there is none
     * @throws IOException if the request could not be made durable
     * @throws RejectedJobException if the runtime is closed
     */
    public Optional<JobRecord> cancel(JobId id) throws IOException, RejectedJobException {
        checkOpen();
        if (index.get(id) == null) {
            return Optional.empty();
        }
        Transition transition = ledger.apply(id, new Happening.CancelRequested());
        if (transition instanceof Transition.Applied applied) {
            queue.remove(id);
            runner.cancel(id);
            return Optional.of(applied.job());
        }
        return get(id);
    }

    private void checkOpen() throws RejectedJobException {
        if (closed.get()) {
            throw new RejectedJobException("the runtime is closed");
        }
    }

    /** {@return counters and diagnostics as they are now} */
    public Snapshot health() {
        return health.snapshot();
    }

    /**
     * The last output of a job, safe to show.
     *
     * @param job the job
     * @param maxBytes how much of each stream at the most
     * @return standard output, then standard error
     * @throws IOException if a file can't be read
     */
    public List<String> preview(JobRecord job, int maxBytes) throws IOException {
        var secrets = OutputTail.secretsOf(job.spec().env());
        return List.of(
                OutputTail.read(store.stdout(job.id()), maxBytes, secrets),
                OutputTail.read(store.stderr(job.id()), maxBytes, secrets));
    }

    /**
     * Where a job's output is.
     *
     * @param job the job
     * @return standard output, then standard error
     */
    public List<Path> outputs(JobRecord job) {
        return List.of(store.stdout(job.id()), store.stderr(job.id()));
    }

    /** Stops taking work, ends what runs, flushes the traces. What was queued or running is there at the next open. */
    @Override
    public void close() {
        // A shutdown hook and a host may both close.
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        workers.close(Duration.ofMillis(config.killGraceMs()).plus(CLOSE_PATIENCE));
        ledger.releaseWaiters();
        traces.close();
        snapshots.close();
        store.close();
    }
}
