package dev.tau.jobs.runtime;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Lifecycle;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.job.Transition;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.process.JobOutput;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.HeardStore;
import dev.tau.jobs.store.ManifestReader;
import dev.tau.jobs.store.RequestBox;
import dev.tau.jobs.store.SnapshotReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Background jobs in a state dir that another runtime owns: reads its files, and asks the owner by durable requests, which
 * outlive it. Holds nothing open, and has no thread but for listeners: what it answers is what is on disk at that moment.
 */
final class GuestRuntime implements JobService {
    /** The owner takes a request within 250 ms on an idle machine, and writes before it takes the request away. */
    private static final Duration OWNER_PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration SHOWN_AFTER = Duration.ofMillis(150);
    /** Guests' ids count from here on, the owner's from 1: the two do not meet. */
    private static final long FIRST_COUNTER = 1_000_000_000L;

    private final JobsConfig config;
    private final Path workingDirectory;
    private final InstantSource clock;
    private final ManifestReader manifests;
    private final Supplier<GuestEnds> newEnds;
    private volatile GuestEnds ends;
    private final SnapshotReader snapshots;
    private final RequestBox requests;
    private final JobSpecs specs;
    private volatile boolean closed;

    GuestRuntime(JobsConfig config, ToolContext context, JsonCodec codec, Disk disk) throws IOException {
        this.config = config;
        this.workingDirectory = context.workingDirectory();
        this.clock = context.clock();
        Path dir = config.stateDir().toRealPath();
        this.manifests = new ManifestReader(dir, codec);
        HeardStore heard = HeardStore.in(dir, disk, codec);
        this.newEnds = () -> new GuestEnds(context, manifests, heard);
        this.ends = newEnds.get();
        this.snapshots = new SnapshotReader(dir, codec);
        this.requests = RequestBox.of(dir, codec, disk);
        long firstCounter = FIRST_COUNTER + ThreadLocalRandom.current().nextLong(FIRST_COUNTER);
        this.specs = new JobSpecs(config, clock, firstCounter, 0, manifests::exists);
    }

    @Override
    public JobRecord create(JobRequest request) throws IOException, RejectedJobException {
        checkOpen();
        JobId named = request.id();
        Optional<JobRecord> known = named == null ? Optional.empty() : manifests.get(named);
        if (known.isPresent()) {
            // And if the owner has one that it has not shown yet, it takes the request for done.
            awaitEnd(known.get());
            return known.get();
        }
        if (list(Set.of(JobStatus.QUEUED), config.maxQueued()).size() >= config.maxQueued()) {
            throw RejectedJobException.queueFull(config.maxQueued());
        }
        // The owner may run elsewhere.
        JobRecord job = JobRecord.created(specs.of(request, workingDirectory));
        requests.submit(job);
        ends.await(job.id());
        return job;
    }

    @Override
    public JobPage list(JobQuery query) throws IOException {
        List<JobRecord> all = manifests.all().jobs().stream()
                .filter(query::matches)
                .sorted(JobRecord.NEWEST_FIRST)
                .limit(query.limit() + 1L)
                .toList();
        return JobPage.of(all, query.limit());
    }

    @Override
    public Optional<JobRecord> get(JobId id) throws IOException {
        long deadline = System.nanoTime() + SHOWN_AFTER.toNanos();
        Optional<JobRecord> job = manifests.get(id);
        // The owner acknowledges a job up to 50 ms before it shows it.
        while (job.isEmpty() && System.nanoTime() < deadline && !closed) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            job = manifests.get(id);
        }
        job.ifPresent(this::awaitEnd);
        return job;
    }

    /** Whoever has asked for a job wants to know how it ends: a guest that was restarted goes on with those of its past. */
    private void awaitEnd(JobRecord job) {
        if (!job.status().isTerminal()) {
            ends.await(job.id());
        }
    }

    @Override
    public Optional<String> refusal(JobId id) {
        return Optional.empty();
    }

    @Override
    public Optional<JobRecord> await(JobId id, Duration time) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            Optional<JobRecord> job = get(id);
            if (job.isEmpty() || job.get().status().isTerminal() || closed || System.nanoTime() >= deadline) {
                return job;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(LOOK_EVERY.toNanos(), Math.max(1, deadline - System.nanoTime())));
        }
    }

    @Override
    public Optional<JobRecord> cancel(JobId id) throws IOException, RejectedJobException {
        checkOpen();
        Optional<JobRecord> job = get(id);
        if (job.isEmpty() || job.get().status().isTerminal()) {
            return job;
        }
        requests.submitCancel(id);
        long deadline = System.nanoTime() + OWNER_PATIENCE.toNanos();
        try {
            while (requests.isCancelPending(id) && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
        } catch (InterruptedException e) {
            // The request is durable, which is what the answer says.
            Thread.currentThread().interrupt();
        }
        return get(id).map(found -> requests.isCancelPending(id) ? asked(found) : found);
    }

    /** The owner has not taken it yet; that it was asked for stands. */
    private JobRecord asked(JobRecord job) {
        return job.status() == JobStatus.RUNNING
                        && Lifecycle.apply(job, new Happening.CancelRequested(), clock.millis())
                                instanceof Transition.Applied applied
                ? applied.job()
                : job;
    }

    private void checkOpen() throws RejectedJobException {
        if (closed) {
            throw RejectedJobException.closed();
        }
    }

    @Override
    public Snapshot health() throws IOException {
        return snapshots.read();
    }

    @Override
    public List<Path> outputs(JobRecord job) {
        return manifests.outputs(job.id());
    }

    @Override
    public OutputSizes written(JobRecord job) {
        OutputSizes ended = job.state().output();
        return ended == null ? JobOutput.measure(outputs(job), config.maxOutputBytes()) : ended;
    }

    /** This process owns the dir now: what the listeners hear, they hear from there. Returns what they have heard here. */
    Set<JobId> handOver() {
        return ends.close();
    }

    /** This process could not own the dir: the listeners hear from here as before. */
    void goOn() {
        GuestEnds before = ends;
        if (before.isClosed()) {
            GuestEnds next = newEnds.get();
            before.awaited().forEach(next::await);
            ends = next;
        }
    }

    @Override
    public void close() {
        closed = true;
        ends.close();
    }
}
