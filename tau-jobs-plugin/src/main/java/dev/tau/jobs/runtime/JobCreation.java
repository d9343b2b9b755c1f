package dev.tau.jobs.runtime;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Transition;
import dev.tau.jobs.store.JobIndex;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Adds new jobs: those of this process, as long as the queue has room, and those that guests have acknowledged. Safe for several threads. */
final class JobCreation {
    private static final System.Logger LOG = System.getLogger(JobCreation.class.getName());
    private static final Duration REMOVAL_PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(5);

    private final int maxQueued;
    private final JobSpecs specs;
    private final Map<String, String> refused;
    private final JobIndex index;
    private final RuntimeHealth health;
    private final SnapshotWriter snapshots;
    private final JobLedger ledger;
    private final Engine engine;
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean closed;

    /**
     * For one runtime.
     *
     * @param maxQueued so many jobs of this process may wait
     * @param refused why, by id: manifests that were not readable, whose ids are taken
     */
    JobCreation(
            int maxQueued,
            JobSpecs specs,
            Map<String, String> refused,
            JobIndex index,
            RuntimeHealth health,
            SnapshotWriter snapshots,
            JobLedger ledger,
            Engine engine) {
        this.maxQueued = maxQueued;
        this.specs = specs;
        this.refused = refused;
        this.index = index;
        this.health = health;
        this.snapshots = snapshots;
        this.ledger = ledger;
        this.engine = engine;
    }

    /** Creates a job, which survives a power cut on return; or finds the one that has the request's id. */
    JobRecord create(JobRequest request) throws IOException, RejectedJobException {
        // Before anything else: a close waits for those that are being created.
        int coming = pending.incrementAndGet();
        try {
            if (closed) {
                throw RejectedJobException.closed();
            }
            JobId named = request.id();
            if (named != null) {
                if (refused.containsKey(named.value())) {
                    throw new RejectedJobException("the manifest of " + named + " " + refused.get(named.value()));
                }
                awaitRemoval(named);
            }
            // This one is counted before the queue is: between the two another one may get from the first count to the
            // second.
            if (health.count(JobStatus.QUEUED) + coming > maxQueued) {
                throw RejectedJobException.queueFull(maxQueued);
            }
            JobRecord job = JobRecord.created(specs.of(request, null));
            return add(job, false).orElse(job);
        } finally {
            pending.decrementAndGet();
        }
    }

    /**
     * Adds one that a guest has acknowledged, so that the queue's limit does not matter; nothing happens if it is there already.
     *
     * @param isCancelled whether it has been cancelled, too: no worker is to see it then
     */
    void take(JobRecord job, boolean isCancelled) throws IOException {
        if (!refused.containsKey(job.id().value())) {
            awaitRemoval(job.id());
            add(job, isCancelled);
        }
    }

    private Optional<JobRecord> add(JobRecord job, boolean isCancelled) throws IOException {
        Optional<JobRecord> known = ledger.create(job);
        if (known.isEmpty() && !(isCancelled && isCancelledNow(job.id()))) {
            engine.admit(job);
        }
        return known;
    }

    private boolean isCancelledNow(JobId id) {
        try {
            return ledger.apply(id, new Happening.CancelRequested()) instanceof Transition.Applied;
        } catch (IOException e) {
            // The request stands, and is done when the disk allows it.
            LOG.log(System.Logger.Level.DEBUG, "can't be cancelled before it is queued: " + id, e);
            return false;
        }
    }

    /** A removal goes by ids: a new job of the same id would be removed with the old one, at the next start at the latest. */
    private void awaitRemoval(JobId id) throws IOException {
        long deadline = System.nanoTime() + REMOVAL_PATIENCE.toNanos();
        while (!index.contains(id) && (health.isBeingRemoved(id) || snapshots.mayNameAsRemoved(id))) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the ended job of that id is being removed right now: " + id);
            }
            snapshots.changed();
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** No job of this process is added any more. Returns whether none is about to be. */
    boolean close() {
        closed = true;
        long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
        while (pending.get() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        return pending.get() == 0;
    }
}
