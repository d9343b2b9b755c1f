package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Lifecycle;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.job.Transition.Applied;
import dev.tau.jobs.store.History;
import dev.tau.jobs.store.JobStore.Found;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RuntimeHealthTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final RuntimeHealth health = new RuntimeHealth(
            () -> Instant.ofEpochMilli(now.get()),
            new Found(List.of(), History.none(), null, List.of("background_job_found: it"), Map.of(), List.of()));

    private JobRecord create(String id) {
        JobRecord job = JobRecord.created(new JobSpec(
                new JobId(id), "true", List.of(), Map.of(), null, 10, 10, 1, JobTrace.NONE, JobOptions.NONE));
        health.record(null, job, JobEvent.created(job));
        return job;
    }

    private JobRecord after(JobRecord job, Happening happening) {
        Applied next = (Applied) Lifecycle.apply(job, happening, 2);
        health.record(job, next.job(), Objects.requireNonNull(next.event()));
        return next.job();
    }

    @Test
    void a_snapshot_shows_each_change_as_soon_as_it_is_counted() {
        assertThat(health.snapshot().diagnostics()).containsExactly("background_job_found: it");
        JobRecord job = create("job-1");
        assertThat(health.snapshot().queueDepth()).isOne();
        JobRecord running = after(job, new Happening.Started());
        assertThat(health.snapshot().runningJobs()).isOne();
        assertThat(health.snapshot().startedTotal()).isOne();
        JobRecord ended = after(running, new Happening.Exited(0));
        health.note("background_job_noted: it");

        Snapshot snapshot = health.snapshot();
        assertThat(snapshot.queueDepth() + snapshot.runningJobs()).isZero();
        assertThat(snapshot.createdTotal()).isOne();
        assertThat(snapshot.succeededTotal()).isOne();
        assertThat(snapshot.lastReasonCode()).isEqualTo("job_succeeded");
        assertThat(snapshot.diagnostics()).last().isEqualTo("background_job_noted: it");

        health.removing(List.of(History.Entry.of(ended)));
        assertThat(health.snapshot().removed()).isEqualTo(new Snapshot.Removed(1, 0, 0, List.of("job-1")));
        health.notRemoved();
        assertThat(health.snapshot().removed()).isEqualTo(Snapshot.Removed.NONE);
        health.removing(List.of(History.Entry.of(ended)));
        health.removed(List.of());
        assertThat(health.snapshot().removed()).isEqualTo(new Snapshot.Removed(1, 0, 0, List.of()));
        assertThat(health.count(JobStatus.SUCCEEDED)).isOne();
    }

    /** As the wire format shows them. */
    @Test
    void diagnostics_say_what_happened_and_the_last_24_are_kept() {
        JobRecord job = after(create("job-1"), new Happening.Started());
        after(job, new Happening.TimedOut());
        assertThat(health.snapshot().diagnostics())
                .containsExactly(
                        "background_job_found: it",
                        "background_job_created: id=job-1 queue_depth=1",
                        "background_job_started: id=job-1 queue_depth=0",
                        "background_job_timeout: id=job-1 timeout_ms=10");
        JobRecord recovered = after(create("job-2"), new Happening.Started());
        after(recovered, new Happening.RuntimeRestarted(3, OutputSizes.NONE));
        assertThat(health.snapshot().diagnostics())
                .last()
                .isEqualTo("background_job_recovered_running_job: id=job-2 path=jobs/job-2.json");
        for (int i = 0; i < 30; i++) {
            health.note("line " + i);
        }
        assertThat(health.snapshot().diagnostics())
                .hasSize(24)
                .startsWith("line 6")
                .endsWith("line 29");
    }

    @Test
    void the_last_16_codes_are_distinct_and_the_newest_is_last() {
        after(after(create("job-1"), new Happening.Started()), new Happening.Exited(0));
        after(create("job-2"), new Happening.Started());
        assertThat(health.snapshot().reasonCodes()).containsExactly("job_succeeded", "job_queued", "job_started");
        assertThat(health.snapshot().lastReasonCode()).isEqualTo("job_started");
        assertThat(health.snapshot().lastJobId()).isEqualTo("job-2");
    }

    @Test
    void a_transition_that_a_sink_failed_to_record_is_counted() {
        assertThat(health.lostTraceEvents()).isZero();
        health.traceLost();
        assertThat(health.lostTraceEvents()).isOne();
    }

    @Test
    void a_snapshot_tells_when_it_was_asked_for() {
        create("job-1");
        now.set(5_000);
        assertThat(health.snapshot().updatedUnixMs()).isEqualTo(5_000);
    }

    /** A list asks for it in each answer, while others count. */
    @Test
    void a_snapshot_waits_for_nobody_who_counts() throws Exception {
        create("job-1");
        synchronized (health) {
            assertThat(CompletableFuture.supplyAsync(health::snapshot)
                            .get(30, TimeUnit.SECONDS)
                            .queueDepth())
                    .isOne();
        }
    }
}
