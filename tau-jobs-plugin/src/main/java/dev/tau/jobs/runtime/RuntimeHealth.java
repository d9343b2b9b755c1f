package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.store.History;
import dev.tau.jobs.store.JobStore.Found;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counters and diagnostics. At every moment created = queued + running + succeeded + failed + cancelled. Safe for several
 * threads.
 */
final class RuntimeHealth {
    private static final int MAX_REASON_CODES = 16;
    private static final int MAX_DIAGNOSTICS = 24;

    private final InstantSource clock;
    private final Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
    private final Map<JobStatus, Long> removed = new EnumMap<>(JobStatus.class);
    private List<String> removing;
    /** Of {@link #removing}, what the last call has added. */
    private List<History.Entry> counted = List.of();

    private long startedTotal;
    private long lostTraceEvents;
    private String lastJobId = "";
    private String lastReasonCode = "";
    private final LinkedHashSet<String> reasonCodes = new LinkedHashSet<>();
    private final Deque<String> diagnostics = new ArrayDeque<>();
    /** All of the above as it is now: who reads it waits for nobody who counts. Replaced by each change. */
    private volatile Snapshot published;

    /**
     * Makes the counters true again: the snapshot may lag behind the jobs, and it may remember jobs that are gone.
     */
    RuntimeHealth(InstantSource clock, Found found) {
        this.clock = clock;
        this.removing = found.removing();
        for (JobStatus status : JobStatus.values()) {
            counts.put(status, (long) found.history().count(status));
        }
        long started = found.history().started();
        for (JobRecord job : found.jobs()) {
            counts.merge(job.status(), 1L, Long::sum);
            started += job.state().startedUnixMs() != null ? 1 : 0;
        }
        Snapshot snapshot = found.snapshot();
        if (snapshot != null) {
            Snapshot.Removed before = snapshot.removed();
            countRemoved(JobStatus.SUCCEEDED, before.succeeded(), snapshot.succeededTotal());
            countRemoved(JobStatus.FAILED, before.failed(), snapshot.failedTotal());
            countRemoved(JobStatus.CANCELLED, before.cancelled(), snapshot.cancelledTotal());
            started = Math.max(started, snapshot.startedTotal());
            lastJobId = snapshot.lastJobId();
            lastReasonCode = snapshot.lastReasonCode();
            snapshot.reasonCodes().forEach(this::rememberReason);
            snapshot.diagnostics().forEach(this::rememberLine);
        }
        startedTotal = started;
        found.problems().forEach(this::rememberLine);
        published = take();
    }

    /** A total above what is there means that files went without our doing; they are taken for removed from now on. */
    private void countRemoved(JobStatus status, long removedBefore, long total) {
        long there = counts.getOrDefault(status, 0L);
        long gone = Math.max(removedBefore, total - there);
        removed.put(status, gone);
        counts.put(status, there + gone);
    }

    /** Counts jobs as removed whose files are about to go; the totals stay. */
    synchronized void removing(List<History.Entry> jobs) {
        // Those of a removal that failed are counted already, and still named.
        counted = jobs.stream()
                .filter(job -> !removing.contains(job.id().value()))
                .toList();
        counted.forEach(job -> removed.merge(job.status(), 1L, Long::sum));
        List<String> all = new ArrayList<>(removing);
        counted.forEach(job -> all.add(job.id().value()));
        removing = List.copyOf(all);
        published = take();
    }

    /** Takes {@link #removing} back. */
    synchronized void notRemoved() {
        counted.forEach(job -> removed.merge(job.status(), -1L, Long::sum));
        List<String> before = new ArrayList<>(removing);
        counted.forEach(job -> before.remove(job.id().value()));
        removing = List.copyOf(before);
        counted = List.of();
        published = take();
    }

    /** The files of all that are being removed are gone for good, but for some. */
    synchronized void removed(List<String> left) {
        counted = List.of();
        removing = List.copyOf(left);
        published = take();
    }

    /** {@return jobs that are counted as removed, and of which files may still be there} */
    synchronized List<String> removing() {
        return removing;
    }

    /** Whether a job is counted as removed, and files of it may still be there. */
    synchronized boolean isBeingRemoved(JobId id) {
        return removing.contains(id.value());
    }

    /** Counts a transition, the creation included, and keeps its line. */
    synchronized void record(@Nullable JobRecord before, JobRecord job, JobEvent event) {
        if (before != null) {
            counts.merge(before.status(), -1L, Long::sum);
        }
        counts.merge(job.status(), 1L, Long::sum);
        if (event.kind() == JobEvent.Kind.STARTED) {
            startedTotal++;
        }
        lastJobId = job.id().value();
        lastReasonCode = event.reasonCode().wireName();
        rememberReason(lastReasonCode);
        rememberLine(line(job, event));
        published = take();
    }

    private String line(JobRecord job, JobEvent event) {
        String id = "id=" + job.id();
        String depth = " queue_depth=" + counts.get(JobStatus.QUEUED);
        return switch (event.kind()) {
            case CREATED -> "background_job_created: " + id + depth;
            case STARTED -> "background_job_started: " + id + depth;
            case CANCEL_REQUESTED -> "background_job_cancel_requested: " + id + " status=running";
            case RECOVERED -> "background_job_recovered_running_job: " + id + " path=jobs/" + job.id() + ".json";
            case TRACE_ERROR -> "background_job_trace_write_failed: " + id;
            case SUCCEEDED, FAILED, CANCELLED -> ended(job, event, id, depth);
        };
    }

    private static String ended(JobRecord job, JobEvent event, String id, String depth) {
        if (!job.status().isTerminal()) {
            return "background_job_attempt_failed: " + id + " attempt="
                    + job.state().attempts().size() + depth;
        }
        return switch (event.reasonCode()) {
            case JOB_SUCCEEDED -> "background_job_succeeded: " + id;
            case JOB_NON_ZERO_EXIT ->
                "background_job_non_zero_exit: " + id + " exit_code="
                        + job.state().exitCode();
            case JOB_SPAWN_FAILED ->
                "background_job_spawn_failed: " + id + " error=" + job.state().error();
            case JOB_TIMEOUT ->
                "background_job_timeout: " + id + " timeout_ms=" + job.spec().effectiveTimeoutMs();
            case JOB_CANCELLED_BEFORE_START -> "background_job_cancelled_before_start: " + id + depth;
            case JOB_CANCELLED_DURING_RUN -> "background_job_cancelled_during_run: " + id;
            case JOB_RUNTIME_ERROR ->
                "background_job_runtime_error: " + id + " error=" + job.state().error();
            case JOB_QUEUED, JOB_STARTED, JOB_RECOVERED_AFTER_RESTART, JOB_TRACE_WRITE_FAILED ->
                "background_job_event: " + id;
        };
    }

    /** Keeps a line that is about no transition. */
    synchronized void note(String line) {
        rememberLine(line);
        published = take();
    }

    private void rememberReason(String code) {
        reasonCodes.remove(code);
        reasonCodes.add(code);
        if (reasonCodes.size() > MAX_REASON_CODES) {
            reasonCodes.remove(reasonCodes.iterator().next());
        }
    }

    private void rememberLine(String line) {
        diagnostics.addLast(line);
        if (diagnostics.size() > MAX_DIAGNOSTICS) {
            diagnostics.removeFirst();
        }
    }

    /** {@return what is counted now; waits for nobody} */
    Snapshot snapshot() {
        return published.at(clock.millis());
    }

    private Snapshot take() {
        long created = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Snapshot(
                0,
                count(JobStatus.QUEUED),
                count(JobStatus.RUNNING),
                created,
                startedTotal,
                count(JobStatus.SUCCEEDED),
                count(JobStatus.FAILED),
                count(JobStatus.CANCELLED),
                lastJobId,
                lastReasonCode,
                List.copyOf(reasonCodes),
                new ArrayList<>(diagnostics),
                new Snapshot.Removed(
                        removed.getOrDefault(JobStatus.SUCCEEDED, 0L),
                        removed.getOrDefault(JobStatus.FAILED, 0L),
                        removed.getOrDefault(JobStatus.CANCELLED, 0L),
                        removing));
    }

    /** Counts a transition that a trace sink failed to record, also of a job that is gone by now. */
    synchronized void traceLost() {
        lostTraceEvents++;
    }

    /** {@return transitions, since it was made, that a trace sink failed to record} */
    synchronized long lostTraceEvents() {
        return lostTraceEvents;
    }

    synchronized long count(JobStatus status) {
        return counts.getOrDefault(status, 0L);
    }
}
