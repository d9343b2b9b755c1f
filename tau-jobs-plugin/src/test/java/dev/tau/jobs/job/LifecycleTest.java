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

    @Test
    void what_interrupted_runs_had_written_is_counted_behind_the_attempts_that_are_kept() {
        JobRecord failed =
                applied(queuedWithRetries(3), new Happening.Started(), 10).job();
        JobRecord again = applied(failed.measured(sizes(5, 7), 0), new Happening.Exited(3), 20)
                .job();
        JobRecord first = applied(
                        applied(again, new Happening.Started(), 30).job(),
                        new Happening.RuntimeRestarted(9, sizes(15, 7)),
                        40)
                .job();
        assertThat(first.state().lost()).isEqualTo(new LostOutput(10, 0));
        JobRecord second = applied(
                        applied(first, new Happening.Started(), 50).job(),
                        // Of the first attempt something was dropped.
                        new Happening.RuntimeRestarted(9, sizes(4, 27)),
                        60)
                .job();
        assertThat(second.state().lost()).isEqualTo(new LostOutput(10, 20));
        assertThat(second.state().attempts().get(0).behind(second.state().lost()))
                .isEqualTo(new Attempt(ReasonCode.JOB_NON_ZERO_EXIT, 3, 10, 20, 15, 27));
        JobRecord runs = applied(second, new Happening.Started(), 70).job();
        JobRecord ended = applied(runs.measured(sizes(6, 8), 1), new Happening.Exited(0), 80)
                .job();
        assertThat(ended.state().lost()).isEqualTo(new LostOutput(10, 20));
        assertThat(new LostOutput(Long.MAX_VALUE, 1).and(1, Long.MAX_VALUE - 1))
                .isEqualTo(new LostOutput(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void until_its_process_is_started_again_its_files_are_those_of_the_interrupted_run() {
        Happening restart = new Happening.RuntimeRestarted(MAX_RECOVERIES, OutputSizes.NONE);
        Happening spawned = new Happening.Spawned(new ProcessIdentity(7, "boot:1"));
        assertThat(queued().state().isRerunToCome()).isFalse();
        assertThat(after(new Happening.Started()).state().isRerunToCome()).isFalse();
        assertThat(after(new Happening.Started(), restart).state().isRerunToCome())
                .isTrue();
        assertThat(after(new Happening.Started(), restart, new Happening.Started())
                        .state()
                        .isRerunToCome())
                .isTrue();
        assertThat(after(new Happening.Started(), restart, new Happening.Started(), spawned)
                        .state()
                        .isRerunToCome())
                .isFalse();
        assertThat(after(new Happening.Started(), restart, new Happening.Started(), new Happening.Exited(0))
                        .state()
                        .isRerunToCome())
                .isFalse();
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
