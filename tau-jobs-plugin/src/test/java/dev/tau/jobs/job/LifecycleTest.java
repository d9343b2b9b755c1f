package dev.tau.jobs.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.job.Transition.Applied;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final int MAX_RECOVERIES = 3;

    private static JobRecord queued() {
        return queued(JobOptions.NONE);
    }

    private static JobRecord queued(JobOptions options) {
        return JobRecord.created(new JobSpec(
                new JobId("job-1-0001"), "true", List.of(), Map.of(), null, 1_000, 1_000, 1, JobTrace.NONE, options));
    }

    private static JobRecord after(Happening... happenings) {
        JobRecord job = queued();
        for (Happening happening : happenings) {
            assertThat(Lifecycle.apply(job, happening, 2)).isInstanceOf(Applied.class);
            job = ((Applied) Lifecycle.apply(job, happening, 2)).job();
        }
        return job;
    }

    @Provide
    Arbitrary<Happening> happenings() {
        return Arbitraries.of(
                new Happening.Started(),
                new Happening.Spawned(new ProcessIdentity(7, "boot:1")),
                new Happening.Exited(0),
                new Happening.Exited(3),
                new Happening.SpawnFailed("absent"),
                new Happening.TimedOut(),
                new Happening.CancelRequested(),
                new Happening.Terminated(),
                new Happening.RuntimeRestarted(MAX_RECOVERIES, OutputSizes.NONE),
                new Happening.RuntimeFailed("disk"));
    }

    private static Applied applied(JobRecord job, Happening happening, long now) {
        return (Applied) Lifecycle.apply(job, happening, now);
    }

    private static String detail(Applied applied) {
        return requireNonNull(applied.event()).detail();
    }

    @Test
    void a_run_that_fails_is_followed_by_another_one_as_often_as_was_asked() {
        JobRecord first = applied(queued(new JobOptions(null, null, 0, 0, List.of(), 2)), new Happening.Started(), 10)
                .job();
        OutputSizes written =
                new OutputSizes(new OutputSizes.Stream(5, false, false), new OutputSizes.Stream(7, false, false));
        Applied again = applied(first.measured(written, 0), new Happening.Exited(3), 20);

        assertThat(again.job().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(again.job().state().attempts())
                .containsExactly(new Attempt(ReasonCode.JOB_NON_ZERO_EXIT, 3, 10, 20, 5, 7));
        assertThat(detail(again))
                .isEqualTo("attempt 1 of 3 of the background job exited with status 3, it is tried again");

        JobRecord second = applied(again.job(), new Happening.Started(), 30).job();
        Applied third = applied(second, new Happening.TimedOut(), 40);
        assertThat(third.job().state().attempts())
                .last()
                .isEqualTo(new Attempt(ReasonCode.JOB_TIMEOUT, null, 30, 40, 0, 0));
        assertThat(detail(third)).contains("attempt 2 of 3", "timed out");

        JobRecord last = applied(third.job(), new Happening.Started(), 50).job();
        JobRecord failed = applied(last, new Happening.Exited(3), 60).job();
        assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
        assertThat(failed.state().attempts()).hasSize(2);
    }

    @Test
    void the_event_of_an_end_can_be_told_again() {
        JobRecord ended = after(new Happening.Started(), new Happening.Exited(3));
        JobEvent event = JobEvent.ended(ended, 99);

        assertThat(event.kind()).isEqualTo(JobEvent.Kind.FAILED);
        assertThat(event.detail()).isEqualTo("background job exited with status 3");
        assertThat(JobEvent.ended(after(new Happening.Started(), new Happening.Exited(0)), 99)
                        .detail())
                .isEqualTo("background job succeeded");
        assertThatThrownBy(() -> JobEvent.ended(queued(), 99)).isInstanceOf(IllegalArgumentException.class);
    }

    /** The wire format's table: which code leads to which state, and from which states it can be reached. */
    private static final Map<ReasonCode, JobStatus> LEADS_TO = new EnumMap<>(Map.of(
            ReasonCode.JOB_QUEUED, JobStatus.QUEUED,
            ReasonCode.JOB_STARTED, JobStatus.RUNNING,
            ReasonCode.JOB_SUCCEEDED, JobStatus.SUCCEEDED,
            ReasonCode.JOB_NON_ZERO_EXIT, JobStatus.FAILED,
            ReasonCode.JOB_SPAWN_FAILED, JobStatus.FAILED,
            ReasonCode.JOB_TIMEOUT, JobStatus.FAILED,
            ReasonCode.JOB_CANCELLED_BEFORE_START, JobStatus.CANCELLED,
            ReasonCode.JOB_CANCELLED_DURING_RUN, JobStatus.CANCELLED,
            ReasonCode.JOB_RECOVERED_AFTER_RESTART, JobStatus.QUEUED,
            ReasonCode.JOB_RUNTIME_ERROR, JobStatus.FAILED));

    @Property
    void any_sequence_leads_only_where_the_table_allows(@ForAll("sequences") List<Happening> sequence) {
        JobRecord job = queued();
        int ends = 0;
        for (Happening happening : sequence) {
            Transition transition = Lifecycle.apply(job, happening, 5);
            if (job.status().isTerminal()) {
                assertThat(transition).isInstanceOf(Transition.Refused.class);
            }
            if (transition instanceof Applied applied) {
                JobRecord next = applied.job();
                assertThat(LEADS_TO).containsEntry(next.state().reasonCode(), next.status());
                assertThat(next.spec()).isEqualTo(job.spec());
                if (job.status() == JobStatus.QUEUED) {
                    assertThat(next.status()).isIn(JobStatus.RUNNING, JobStatus.CANCELLED, JobStatus.FAILED);
                }
                if (job.state().cancellationRequested() && next.status().isTerminal()) {
                    assertThat(next.state().reasonCode())
                            .isIn(ReasonCode.JOB_CANCELLED_DURING_RUN, ReasonCode.JOB_RUNTIME_ERROR);
                }
                ends += next.status().isTerminal() ? 1 : 0;
                assertThat(next.state().finishedUnixMs() != null)
                        .isEqualTo(next.status().isTerminal());
                assertThat(next.state().recoveries()).isLessThan(MAX_RECOVERIES);
                job = next;
            }
        }
        assertThat(ends).isLessThanOrEqualTo(1);
    }

    @Provide
    Arbitrary<List<Happening>> sequences() {
        return happenings().list().ofMaxSize(20);
    }

    @Test
    void exit_code_zero_succeeds_and_any_other_fails() {
        assertThat(after(new Happening.Started(), new Happening.Exited(0))
                        .state()
                        .reasonCode())
                .isEqualTo(ReasonCode.JOB_SUCCEEDED);
        JobState failed =
                after(new Happening.Started(), new Happening.Exited(7)).state();
        assertThat(failed.error()).isEqualTo("background job exited with status 7");
        assertThat(failed.exitCode()).isEqualTo(7);
    }

    @Test
    void a_cancel_that_was_acknowledged_survives_a_crash() {
        JobRecord job = after(
                new Happening.Started(),
                new Happening.CancelRequested(),
                new Happening.RuntimeRestarted(MAX_RECOVERIES, OutputSizes.NONE));

        assertThat(job.state().reasonCode()).isEqualTo(ReasonCode.JOB_CANCELLED_DURING_RUN);
    }

    @Test
    void the_last_recovery_gives_the_job_up() {
        Happening restart = new Happening.RuntimeRestarted(2, OutputSizes.NONE);

        JobRecord once = after(new Happening.Started(), restart);
        assertThat(once.state().reasonCode()).isEqualTo(ReasonCode.JOB_RECOVERED_AFTER_RESTART);
        JobRecord twice = after(new Happening.Started(), restart, new Happening.Started(), restart);
        assertThat(twice.state().reasonCode()).isEqualTo(ReasonCode.JOB_RUNTIME_ERROR);
        assertThat(twice.state().error()).contains("2 restarts");
    }

    private static OutputSizes sizes(long stdout, long stderr) {
        return new OutputSizes(
                new OutputSizes.Stream(stdout, false, false), new OutputSizes.Stream(stderr, false, false));
    }

    private static OutputGaps gaps(long... positionsAndBytes) {
        OutputGaps gaps = OutputGaps.NONE;
        for (int i = 0; i < positionsAndBytes.length; i += 2) {
            gaps = gaps.and(positionsAndBytes[i], positionsAndBytes[i + 1]);
        }
        return gaps;
    }

    /** Only then are its files emptied: one that ends before keeps what the interrupted run has written, where it was. */
    @Test
    void what_an_interrupted_run_had_written_is_lost_when_the_next_one_has_a_process() {
        Happening restart = new Happening.RuntimeRestarted(MAX_RECOVERIES, sizes(10, 0));
        Happening spawned = new Happening.Spawned(new ProcessIdentity(7, "boot:1"));
        assertThat(after(new Happening.Started(), spawned).state().interrupted())
                .isNull();

        JobRecord waits = after(new Happening.Started(), spawned, restart);
        assertThat(waits.state().interrupted()).isEqualTo(sizes(10, 0));
        assertThat(waits.state().lost()).isEqualTo(LostOutput.NONE);
        JobRecord starts = applied(waits, new Happening.Started(), 20).job();
        assertThat(starts.state().interrupted()).isEqualTo(sizes(10, 0));
        // Whatever is in its files, nobody has read it.
        JobRecord again = applied(starts, new Happening.RuntimeRestarted(MAX_RECOVERIES, sizes(3, 3)), 30)
                .job();
        assertThat(again.state().interrupted()).isEqualTo(sizes(10, 0));

        JobRecord cancelled =
                applied(waits, new Happening.CancelRequested(), 20).job();
        assertThat(cancelled.status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(cancelled.state().interrupted()).isNull();
        assertThat(cancelled.state().lost()).isEqualTo(LostOutput.NONE);

        JobRecord runs = applied(starts, spawned, 20).job();
        assertThat(runs.state().interrupted()).isNull();
        assertThat(runs.state().lost()).isEqualTo(new LostOutput(gaps(0, 10), OutputGaps.NONE));
        JobRecord ended = applied(runs.measured(sizes(6, 8), 1), new Happening.Exited(0), 80)
                .job();
        assertThat(ended.state().lost()).isEqualTo(runs.state().lost());
    }

    @Test
    void what_is_lost_of_an_attempt_is_missing_behind_the_attempts_before() {
        Happening spawned = new Happening.Spawned(new ProcessIdentity(7, "boot:1"));
        JobRecord failed =
                applied(queuedWithRetries(3), new Happening.Started(), 10).job();
        JobRecord job = applied(failed.measured(sizes(5, 7), 0), new Happening.Exited(3), 20)
                .job();
        for (OutputSizes written : List.of(sizes(15, 7), sizes(4, 27), sizes(8, 8))) {
            job = applied(job, new Happening.Started(), 30).job();
            job = applied(job, spawned, 40).job();
            job = applied(job, new Happening.RuntimeRestarted(9, written), 50).job();
        }
        job = applied(applied(job, new Happening.Started(), 60).job(), spawned, 70)
                .job();

        assertThat(job.state().lost()).isEqualTo(new LostOutput(gaps(5, 13), gaps(7, 21)));
        assertThat(job.state().attempts().get(0).byOffsets(job.state().lost()))
                .as("it ended before")
                .isEqualTo(job.state().attempts().get(0));
        JobRecord second = applied(job.measured(sizes(9, 7), 0), new Happening.Exited(4), 80)
                .job();
        Attempt last = second.state().attempts().get(1).byOffsets(second.state().lost());
        assertThat(last.stdoutEnd()).isEqualTo(9 + 13);
        assertThat(last.stderrEnd()).as("it wrote nothing").isEqualTo(7);
    }

    private static JobRecord queuedWithRetries(int retries) {
        JobSpec spec = queued().spec();
        return JobRecord.created(new JobSpec(
                spec.id(),
                spec.command(),
                spec.args(),
                spec.env(),
                spec.cwd(),
                spec.requestedTimeoutMs(),
                spec.effectiveTimeoutMs(),
                spec.createdUnixMs(),
                spec.trace(),
                new JobOptions(null, null, 0, 0, List.of(), retries)));
    }

    /** Whatever happens to it, a job is tried again only after a run that failed by itself, and no oftener than it was asked to. */
    @Property
    void retries_are_counted_and_kept(
            @ForAll("sequences") List<Happening> sequence, @ForAll @IntRange(max = 3) int retries) {
        JobRecord job = queuedWithRetries(retries);
        for (Happening happening : sequence) {
            JobRecord before = job;
            if (Lifecycle.apply(job, happening, 5) instanceof Applied applied) {
                job = applied.job();
                int attempts = job.state().attempts().size();
                assertThat(attempts).isLessThanOrEqualTo(retries);
                boolean again = attempts > before.state().attempts().size();
                assertThat(job.state()
                                .attempts()
                                .subList(0, before.state().attempts().size()))
                        .isEqualTo(before.state().attempts());
                if (again) {
                    assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
                    assertThat(before.status()).isEqualTo(JobStatus.RUNNING);
                    assertThat(before.state().cancellationRequested()).isFalse();
                    assertThat(happening).isIn(new Happening.Exited(3), new Happening.TimedOut());
                    assertThat(applied.event())
                            .extracting(JobEvent::kind, JobEvent::status)
                            .containsExactly(JobEvent.Kind.FAILED, JobStatus.QUEUED);
                }
                if (job.status() == JobStatus.FAILED
                        && job.state().reasonCode() != ReasonCode.JOB_RUNTIME_ERROR
                        && job.state().reasonCode() != ReasonCode.JOB_SPAWN_FAILED) {
                    assertThat(attempts).as("not given up before").isEqualTo(retries);
                }
            }
        }
    }
}
