package dev.tau.jobs.runtime;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.monitor.Management;
import dev.tau.jobs.monitor.Recordings;
import dev.tau.jobs.monitor.SyncTimes;
import dev.tau.jobs.process.JobOutput;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Background jobs over a state dir that this runtime owns. Safe for several threads. */
public final class JobRuntime implements JobService {
    /** Who runs one command and ends need not pay for it. */
    private static final Duration SHOWN_TO_JMX_AFTER = Duration.ofSeconds(1);

    /** Beside the grace: what all steps of a close take that is slow, and is not stuck. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(90);

    private final JobsConfig config;
    private final JobStore store;
    private final JobIndex index;
    private final Map<String, String> refused;
    private final RuntimeHealth health;
    private final Housekeeper housekeeper = new Housekeeper();
    private final SnapshotWriter snapshots;
    private final TraceFanout traces;
    private final EndListeners listeners;
    private final JobLedger ledger;
    private final Engine engine;
    private final RequestIntake intake;
    private final JobCreation creation;
    private final JobCancellation cancellation;
    private final Management management;
    private final Closing closing;

    private JobRuntime(
            JobsConfig config, ToolContext context, JobStore store, SyncTimes syncs, Supplier<Set<JobId>> toldAsGuest)
            throws IOException {
        this.config = config;
        this.closing = new Closing("the runtime of " + config.stateDir(), this::closeAll);
        this.store = store;
        InstantSource clock = context.clock();
        Found found = store.load();
        this.index = new JobIndex(found.history(), store::read);
        found.jobs().forEach(index::put);
        this.refused = Map.copyOf(found.refused());
        this.health = new RuntimeHealth(clock, found);
        this.snapshots = new SnapshotWriter(store, health, housekeeper, found.snapshot());
        Retention retention =
                new Retention(config, clock, store, index, found.history(), health, snapshots, housekeeper);
        this.traces = new TraceFanout(context);
        this.listeners = new EndListeners(context, store, index::get, this::outputs);
        this.ledger = new JobLedger(store, index, health, snapshots, housekeeper, clock, traces);
        ledger.onEnd((job, event) -> retention.ended(job));
        ledger.onEnd(listeners::ended);
        traces.start((event, messages) -> ledger.traceFailed(event.jobId(), messages));
        this.engine = new Engine(config, context, store, index, ledger, housekeeper);
        JobSpecs specs = new JobSpecs(
                config,
                clock,
                health.snapshot().createdTotal(),
                newest(found),
                id -> index.contains(id) || refused.containsKey(id.value()));
        this.creation = new JobCreation(config.maxQueued(), specs, refused, index, health, snapshots, ledger, engine);
        this.cancellation = new JobCancellation(index, ledger, engine);
        this.intake = new RequestIntake(
                store.requests(), new GuestRequests(store, index, creation, cancellation, health), housekeeper);
        this.management = new Management(
                config.stateDir(), new Management.Counted(health::snapshot, syncs, health::lostTraceEvents));
        boolean begun = false;
        try {
            listeners.start(index, clock.millis(), toldAsGuest.get());
            engine.recover(store, index, ledger, health);
            found.jobs().stream().filter(job -> job.status().isTerminal()).forEach(retention::ended);
            retention.start();
            snapshots.changed();
            intake.start();
            engine.start();
            housekeeper.after(SHOWN_TO_JMX_AFTER, management::register);
            begun = true;
        } finally {
            if (!begun) {
                // Nothing may write here any more: the lock is given back.
                intake.close();
                engine.close();
                housekeeper.close();
                traces.close();
                listeners.close();
            }
        }
    }

    private static long newest(Found found) {
        return found.jobs().stream()
                .mapToLong(job -> job.spec().createdUnixMs())
                .max()
                .orElse(0);
    }

    /**
     * Opens a state dir, recovers what a crash left, and begins to run what is queued.
     *
     * @param config the settings
     * @param context the host's; names the working directory and the class loader of trace sinks
     * @return the open runtime
     * @throws dev.tau.jobs.store.StateDirOwnedException if another runtime owns the state dir
     * @throws IOException if the state dir can't be used; the message says why
     */
    public static JobRuntime open(JobsConfig config, ToolContext context) throws IOException {
        return open(config, context, Disk.local(), Set::of);
    }

    /**
     * Takes a state dir over, of which this process was a guest.
     *
     * @param config the settings
     * @param context the host's
     * @param guest tells of nothing more once the dir is this runtime's
     * @return the open runtime
     * @throws dev.tau.jobs.store.StateDirOwnedException if another runtime owns the state dir
     * @throws IOException if the state dir can't be used; the message says why
     */
    static JobRuntime takeOver(JobsConfig config, ToolContext context, GuestRuntime guest) throws IOException {
        return open(config, context, Disk.local(), guest::handOver);
    }

    /**
     * Opens a state dir on a disk of one's own.
     *
     * @param config the settings
     * @param context the host's; its clock tells the wall time, which timeouts don't ask
     * @param disk changes the files of the state dir
     * @return the open runtime
     * @throws dev.tau.jobs.store.StateDirOwnedException if another runtime owns the state dir
     * @throws IOException if the state dir can't be used; the message says why
     */
    public static JobRuntime open(JobsConfig config, ToolContext context, Disk disk) throws IOException {
        return open(config, context, disk, Set::of);
    }

    private static JobRuntime open(JobsConfig config, ToolContext context, Disk disk, Supplier<Set<JobId>> toldAsGuest)
            throws IOException {
        SyncTimes syncs = new SyncTimes();
        JobStore store = FileJobStore.open(
                config.stateDir(),
                config.json().codec(),
                Recordings.watched(disk, syncs),
                config.logRotationMaxBytes(),
                config.logRotationMaxFiles());
        boolean opened = false;
        try {
            JobRuntime runtime = new JobRuntime(config, context, store, syncs, toldAsGuest);
            opened = true;
            return runtime;
        } finally {
            // Whatever was thrown, a stranger's LinkageError too: the dir must not stay locked.
            if (!opened) {
                store.close();
            }
        }
    }

    @Override
    public JobRecord create(JobRequest request) throws IOException, RejectedJobException {
        checkOpen();
        JobId named = request.id();
        // Before the queue's limit: a job that is there takes no place of its own.
        JobRecord known = named == null ? null : find(named);
        return known == null ? creation.create(request) : known;
    }

    @Override
    public JobPage list(JobQuery query) {
        return index.page(query);
    }

    @Override
    public Optional<JobRecord> get(JobId id) throws IOException {
        return Optional.ofNullable(find(id));
    }

    /** One that was acknowledged by a guest a moment ago may not have been taken yet. */
    private @Nullable JobRecord find(JobId id) throws IOException {
        JobRecord job = index.get(id);
        if (job == null) {
            if (store.requests().isCreatePending(id)) {
                intake.take();
            }
            // Also if there is no request: it may have been taken between the two looks.
            job = index.get(id);
        }
        return job;
    }

    @Override
    public Optional<String> refusal(JobId id) {
        return Optional.ofNullable(refused.get(id.value()));
    }

    @Override
    public Optional<JobRecord> await(JobId id, Duration time) throws InterruptedException, IOException {
        return find(id) == null ? Optional.empty() : Optional.ofNullable(ledger.await(id, time));
    }

    @Override
    public Optional<JobRecord> cancel(JobId id) throws IOException, RejectedJobException {
        checkOpen();
        return find(id) == null ? Optional.empty() : cancellation.cancel(id);
    }

    private void checkOpen() throws RejectedJobException {
        if (closing.hasBegun()) {
            throw RejectedJobException.closed();
        }
    }

    @Override
    public Snapshot health() {
        return health.snapshot();
    }

    @Override
    public List<Path> outputs(JobRecord job) {
        return List.of(store.stdout(job.id()), store.stderr(job.id()));
    }

    @Override
    public OutputSizes written(JobRecord job) {
        OutputSizes ended = job.state().output();
        OutputSizes now = ended == null ? engine.written(job.id()) : ended;
        return now == null ? JobOutput.measure(outputs(job), config.maxOutputBytes()) : now;
    }

    /** Stops taking work, ends what runs, flushes the traces. What was queued or running is there at the next open. */
    @Override
    public void close() {
        closing.close(CLOSE_PATIENCE.plusMillis(config.killGraceMs()));
    }

    private void closeAll() {
        try (store) {
            boolean allCreated = creation.close();
            intake.close();
            engine.close();
            ledger.releaseWaiters();
            boolean allSaved = ledger.writeLateOnesOrGiveUp();
            // The last that are lost are those of now.
            traces.close();
            management.close();
            listeners.close();
            housekeeper.close();
            snapshots.write();
            if (allSaved && allCreated) {
                store.summarize(index);
            }
        }
    }
}
