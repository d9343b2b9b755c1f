package dev.tau.jobs.runtime;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Lifecycle;
import dev.tau.jobs.job.Transition;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.trace.TraceFanout;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The one way by which a job changes: the lifecycle decides, the store makes it durable, the index makes it visible, then
 * the others hear of it. One change of a job at a time.
 */
final class JobLedger {
    private static final System.Logger LOG = System.getLogger(JobLedger.class.getName());
    private static final int STRIPES = 64;

    private final JobStore store;
    private final JobIndex index;
    private final RuntimeHealth health;
    private final SnapshotWriter snapshots;
    private final InstantSource clock;
    private final TraceFanout traces;
    private final Object[] stripes = new Object[STRIPES];
    private final Map<JobId, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

    JobLedger(
            JobStore store,
            JobIndex index,
            RuntimeHealth health,
            SnapshotWriter snapshots,
            InstantSource clock,
            TraceFanout traces) {
        this.store = store;
        this.index = index;
        this.health = health;
        this.snapshots = snapshots;
        this.clock = clock;
        this.traces = traces;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /** Adds a new job; when this returns it survives a power cut. */
    void create(JobRecord job) throws IOException {
        synchronized (stripe(job.id())) {
            store.save(job);
            index.put(job);
            announce(null, job, JobEvent.created(job));
        }
    }

    /**
     * Applies what happened to a job.
     *
     * @return what the lifecycle decided
     * @throws IOException if the change could not be made durable; nothing has changed then, except that a job that has
     *     ended stays ended in memory, so that its waiters hear of it and the next start finds it running
     */
    Transition apply(JobId id, Happening happening) throws IOException {
        synchronized (stripe(id)) {
            JobRecord before = index.get(id);
            if (before == null) {
                throw new IllegalArgumentException("no job " + id);
            }
            Transition transition = Lifecycle.apply(before, happening, clock.millis());
            if (transition instanceof Transition.Applied applied) {
                publish(before, applied.job(), applied.event());
            }
            return transition;
        }
    }

    private void publish(JobRecord before, JobRecord job, @Nullable JobEvent event) throws IOException {
        if (event == null) {
            // The process's identity: of no use after a power cut, so it costs no sync.
            store.saveUnsynced(job);
            index.put(job);
            return;
        }
        try {
            store.save(job);
        } catch (IOException e) {
            if (!job.status().isTerminal()) {
                throw e;
            }
            // The process is gone, whatever the disk says.
            LOG.log(System.Logger.Level.ERROR, "the end of " + job.id() + " could not be written", e);
            health.note("background_job_store_failed: id=" + job.id() + " error=" + e.getMessage());
        }
        index.put(job);
        announce(before, job, event);
        if (job.status().isTerminal()) {
            CompletableFuture<Void> end = ends.remove(job.id());
            if (end != null) {
                end.complete(null);
            }
        }
    }

    private void announce(@Nullable JobRecord before, JobRecord job, JobEvent event) {
        health.record(before, job, event);
        append(event);
        traces.emit(TraceEvents.of(job, event, store));
        snapshots.changed();
    }

    private void append(JobEvent event) {
        try {
            store.append(event);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "events.jsonl could not be written", e);
            health.note("background_job_event_log_failed: id=" + event.jobId() + " error=" + e.getMessage());
        }
    }

    /** Records that sinks failed to take an event of a job; the job itself stays as it is. */
    void traceFailed(String jobId, String messages) {
        JobRecord job = JobId.parse(jobId).map(index::get).orElse(null);
        if (job == null) {
            return;
        }
        JobEvent event = JobEvent.traceError(job, clock.millis(), messages);
        health.record(job, job, event);
        append(event);
        snapshots.changed();
    }

    /** Waits until a job has ended or the time is up, and returns it as it is then; null if there is none. */
    @Nullable
    JobRecord await(JobId id, Duration time) throws InterruptedException {
        CompletableFuture<Void> end;
        synchronized (stripe(id)) {
            JobRecord job = index.get(id);
            if (job == null || job.status().isTerminal()) {
                return job;
            }
            end = ends.computeIfAbsent(id, key -> new CompletableFuture<>());
        }
        try {
            end.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return index.get(id);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return index.get(id);
    }

    /** Lets everybody who waits for an end go. */
    void releaseWaiters() {
        ends.values().forEach(end -> end.complete(null));
    }

    private Object stripe(JobId id) {
        return stripes[Math.floorMod(id.hashCode(), STRIPES)];
    }
}
