package dev.tau.jobs.runtime;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Lifecycle;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.Transition;
import dev.tau.jobs.monitor.Recordings;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.trace.TraceFanout;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one way by which a job changes: the lifecycle decides, the store makes it durable, the index makes it visible, then
 * the others hear of it. One change of a job at a time.
 */
final class JobLedger {
    private static final System.Logger LOG = System.getLogger(JobLedger.class.getName());
    private static final int STRIPES = 256;

    private final JobStore store;
    private final JobIndex index;
    private final RuntimeHealth health;
    private final SnapshotWriter snapshots;
    private final ManifestShow manifests;
    private final InstantSource clock;
    private final TraceFanout traces;
    private final List<EndObserver> observers = new ArrayList<>();
    private final SaidOnce eventLogFailure = new SaidOnce();
    private final SaidOnce startFailure = new SaidOnce();
    private final Object[] stripes = new Object[STRIPES];
    private final EndWaiters waiters = new EndWaiters();
    private final LateWrites late;

    JobLedger(
            JobStore store,
            JobIndex index,
            RuntimeHealth health,
            SnapshotWriter snapshots,
            Housekeeper housekeeper,
            InstantSource clock,
            TraceFanout traces) {
        this.store = store;
        this.index = index;
        this.health = health;
        this.snapshots = snapshots;
        this.manifests = new ManifestShow(store, housekeeper);
        this.clock = clock;
        this.traces = traces;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
        this.late = new LateWrites(housekeeper, this::stripe);
    }

    /** Somebody who hears of each end once it is durable, on the thread that tells of it and with the job locked. */
    interface EndObserver {
        void ended(JobRecord job, JobEvent event);
    }

    /** Adds an observer; before anything can end. */
    void onEnd(EndObserver observer) {
        observers.add(observer);
    }

    /**
     * Adds a new job, unless there is one of its id; when this returns it survives a power cut.
     *
     * @return the one that is there; empty if the new job was added
     * @throws IOException if it could not be made durable; it will not turn up after a restart then
     */
    Optional<JobRecord> create(JobRecord job) throws IOException {
        synchronized (stripe(job.id())) {
            JobRecord known = index.get(job.id());
            if (known == null) {
                add(job);
            }
            return Optional.ofNullable(known);
        }
    }

    private void add(JobRecord job) throws IOException {
        try {
            store.commit(job);
        } catch (IOException e) {
            discard(job.id(), e);
            throw e;
        }
        JobEvent event = JobEvent.created(job);
        record(null, job, event);
        index.put(job);
        announce(job, event);
        manifests.soon();
    }

    private void discard(JobId id, IOException because) {
        try {
            store.discard(id);
        } catch (IOException e) {
            because.addSuppressed(e);
            late.add(id, () -> {
                // Created again meanwhile, and acknowledged?
                if (!index.contains(id)) {
                    store.discard(id);
                }
            });
        }
    }

    /**
     * Applies what happened to a job.
     *
     * @return what the lifecycle decided
     * @throws IOException if the change could not be made durable; nothing has changed then. It is not thrown where the processes of
     *     a run are gone already, or the runtime gives a job up: that stands in memory, and is written later
     */
    Transition apply(JobId id, Happening happening) throws IOException {
        return apply(id, happening, UnaryOperator.identity());
    }

    /** Applies how a run ended, what it wrote, and how many processes it left behind. */
    Transition end(JobId id, Happening happening, OutputSizes output, int straysEnded) throws IOException {
        return apply(id, happening, job -> job.measured(output, straysEnded));
    }

    private Transition apply(JobId id, Happening happening, UnaryOperator<JobRecord> preparation) throws IOException {
        synchronized (stripe(id)) {
            JobRecord before = index.get(id);
            if (before == null) {
                throw new IllegalArgumentException("no job " + id);
            }
            Transition transition = Lifecycle.apply(preparation.apply(before), happening, clock.millis());
            if (transition instanceof Transition.Applied applied) {
                // First what the disk has not taken yet, or that would come to stand for what is newer.
                late.write(id);
                publish(before, applied.job(), applied.event());
            }
            return transition;
        }
    }

    private void publish(JobRecord before, JobRecord job, @Nullable JobEvent event) throws IOException {
        if (event == null) {
            // The process's identity. Without it strays are still found by their mark.
            index.put(job);
            try {
                store.saveSoon(job);
                manifests.soon();
            } catch (IOException e) {
                health.note("background_job_store_failed: id=" + job.id() + " error=" + e.getMessage());
            }
            return;
        }
        try {
            if (event.kind() == JobEvent.Kind.STARTED) {
                // After a power cut there is no process: it does not matter whether the job was running then.
                store.saveSoon(job);
                startFailure.over();
                manifests.soon();
            } else {
                store.save(job);
                // In the journal; if the disk took no manifest, it is asked again.
                manifests.soon();
            }
            record(before, job, event);
            index.put(job);
            announce(job, event);
        } catch (IOException e) {
            if (!mustStand(before, job)) {
                takeBack(before, event, e);
                throw e;
            }
            // The process is gone, whatever the disk says.
            LOG.log(System.Logger.Level.ERROR, "the end of " + job.id() + " could not be written", e);
            health.note("background_job_store_failed: id=" + job.id() + " error=" + e.getMessage());
            index.put(job);
            endLater(before, job, event);
        }
        if (job.status().isTerminal()) {
            waiters.ended(job.id());
        }
    }

    /**
     * A change that could be appended, but not synced, would be found by the next start, though it was refused: what was before is
     * appended behind it. If not even that can be done, most likely the change could not be appended either.
     */
    private void takeBack(JobRecord before, JobEvent event, IOException because) {
        if (event.kind() == JobEvent.Kind.STARTED) {
            return; // is not synced at all
        }
        try {
            store.saveSoon(before);
            manifests.soon();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** Whether a change can't be refused any more: the end of a run, also of one after which it is tried again, and a job given up. */
    private static boolean mustStand(JobRecord before, JobRecord job) {
        boolean cancelledBeforeStart = before.status() == JobStatus.QUEUED && job.status() == JobStatus.CANCELLED;
        boolean failedAttempt =
                job.state().attempts().size() > before.state().attempts().size();
        return failedAttempt || (job.status().isTerminal() && !cancelledBeforeStart);
    }

    /** The end of a run that the disk did not take: counters, log and traces hear of it once it is durable. */
    private void endLater(JobRecord before, JobRecord job, JobEvent event) {
        late.add(job.id(), () -> {
            store.save(job);
            manifests.soon();
            record(before, job, event);
            announce(job, event);
        });
    }

    /** The last chance for what the disk did not take; returns whether nothing is left. */
    boolean writeLateOnesOrGiveUp() {
        return late.tryForTheLastTime();
    }

    /** Before the index: who sees a job finds it counted, and its event in the log. */
    private void record(@Nullable JobRecord before, JobRecord job, JobEvent event) {
        health.record(before, job, event);
        Recordings.record(job, event);
        append(event);
    }

    private void announce(JobRecord job, JobEvent event) {
        if (job.status().isTerminal()) {
            observers.forEach(observer -> observer.ended(job, event));
        }
        traces.emit(TraceEvents.of(job, event, List.of(store.stdout(job.id()), store.stderr(job.id()))));
        snapshots.changed();
    }

    private void append(JobEvent event) {
        try {
            store.append(event);
            eventLogFailure.over();
        } catch (IOException e) {
            if (eventLogFailure.isNew(e)) {
                LOG.log(System.Logger.Level.WARNING, "events.jsonl could not be written: " + e);
                health.note("background_job_event_log_failed: id=" + event.jobId() + " error=" + e.getMessage());
            }
        }
    }

    /** A job stays queued, as its start could not be written. */
    void startFailed(JobId id, IOException why) {
        if (startFailure.isNew(why)) {
            LOG.log(System.Logger.Level.WARNING, "no job can be started until the state dir can be written: " + why);
            health.note("background_job_start_delayed: id=" + id + " error=" + why.getMessage());
        }
    }

    /** Records that sinks failed to take an event of a job; the job itself stays as it is. */
    void traceFailed(String jobId, String messages) {
        health.traceLost();
        JobRecord job = JobId.parse(jobId).map(index::inMemory).orElse(null);
        if (job == null) {
            return;
        }
        JobEvent event = JobEvent.traceError(job, clock.millis(), messages);
        record(job, job, event);
        snapshots.changed();
    }

    /** Waits until a job has ended or the time is up, and returns it as it is then; null if there is none. */
    @Nullable
    JobRecord await(JobId id, Duration time) throws InterruptedException, IOException {
        CountDownLatch end;
        synchronized (stripe(id)) {
            JobRecord job = index.get(id);
            if (job == null || job.status().isTerminal()) {
                return job;
            }
            end = waiters.endOf(id);
        }
        var unused = end.await(time.toMillis(), TimeUnit.MILLISECONDS);
        return index.get(id);
    }

    /** Lets everybody who waits for an end go. */
    void releaseWaiters() {
        waiters.release();
    }

    private Object stripe(JobId id) {
        return stripes[Math.floorMod(id.hashCode(), STRIPES)];
    }
}
