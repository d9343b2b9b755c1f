package dev.tau.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobEvent.Kind;
import dev.tau.jobs.job.Transition.Applied;
import dev.tau.jobs.job.Transition.Refused;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state against every happening, with all that a transition writes. */
class TransitionTableTest {
    private static final long NOW = 50;
    private static final ProcessIdentity PROCESS = new ProcessIdentity(7, "boot:1");
    private static final Happening STARTED = new Happening.Started();
    private static final Happening SPAWNED = new Happening.Spawned(PROCESS);
    private static final Happening EXITED_0 = new Happening.Exited(0);
    private static final Happening EXITED_3 = new Happening.Exited(3);
    private static final Happening SPAWN_FAILED = new Happening.SpawnFailed("absent");
    private static final Happening TIMED_OUT = new Happening.TimedOut();
    private static final Happening CANCEL = new Happening.CancelRequested();
    private static final Happening TERMINATED = new Happening.Terminated();
    private static final Happening RESTARTED = new Happening.RuntimeRestarted(3, OutputSizes.NONE);
    private static final Happening RUNTIME_FAILED = new Happening.RuntimeFailed("disk");
    private static final List<Happening> ALL = List.of(
            STARTED,
            SPAWNED,
            EXITED_0,
            EXITED_3,
            SPAWN_FAILED,
            TIMED_OUT,
            CANCEL,
            TERMINATED,
            RESTARTED,
            RUNTIME_FAILED);

    private static final JobRecord QUEUED = JobRecord.created(new JobSpec(
            new JobId("job-1-0001"),
            "true",
            List.of(),
            Map.of(),
            null,
            2_000,
            1_000,
            1,
            JobTrace.NONE,
            JobOptions.NONE));
    private static final JobRecord RUNNING =
            applied(applied(QUEUED, STARTED, 10).job(), SPAWNED, 20).job();
    private static final JobRecord CANCELLING = applied(RUNNING, CANCEL, 30).job();

    private static Applied applied(JobRecord job, Happening happening, long now) {
        return (Applied) Lifecycle.apply(job, happening, now);
    }

    private static JobState ended(
            JobRecord job,
            JobStatus status,
            ReasonCode code,
            @Nullable Integer exitCode,
            @Nullable String error,
            boolean cancelled) {
        return new JobState(
                status,
                code,
                NOW,
                job.state().startedUnixMs(),
                NOW,
                exitCode,
                error,
                cancelled,
                0,
                null,
                null,
                0,
                List.of(),
                LostOutput.NONE,
                null);
    }

    private static Arguments failed(
            JobRecord job,
            Happening happening,
            ReasonCode code,
            @Nullable Integer exitCode,
            String error,
            String detail) {
        boolean cancelled = job.state().cancellationRequested();
        JobState state = ended(job, JobStatus.FAILED, code, exitCode, error, cancelled);
        return Arguments.of(job, happening, state, Kind.FAILED, detail);
    }

    private static Arguments cancelled(JobRecord job, Happening happening, ReasonCode code, String detail) {
        JobState state = ended(job, JobStatus.CANCELLED, code, null, null, true);
        return Arguments.of(job, happening, state, Kind.CANCELLED, detail);
    }

    private static Arguments cancelledRun(JobRecord job, Happening happening) {
        return cancelled(
                job, happening, ReasonCode.JOB_CANCELLED_DURING_RUN, "background job cancelled during execution");
    }

    static List<Arguments> table() {
        JobState running = new JobState(
                JobStatus.RUNNING,
                ReasonCode.JOB_STARTED,
                NOW,
                NOW,
                null,
                null,
                null,
                false,
                0,
                null,
                null,
                0,
                List.of(),
                LostOutput.NONE,
                null);
        JobState again = new JobState(
                JobStatus.QUEUED,
                ReasonCode.JOB_RECOVERED_AFTER_RESTART,
                NOW,
                null,
                null,
                null,
                null,
                false,
                1,
                null,
                null,
                0,
                List.of(),
                LostOutput.NONE,
                OutputSizes.NONE);
        JobState succeeded = ended(RUNNING, JobStatus.SUCCEEDED, ReasonCode.JOB_SUCCEEDED, 0, null, false);
        String timeout = "job exceeded timeout of 1000ms";
        String status3 = "background job exited with status 3";
        return List.of(
                Arguments.of(QUEUED, STARTED, running, Kind.STARTED, "background job started execution"),
                cancelled(
                        QUEUED, CANCEL, ReasonCode.JOB_CANCELLED_BEFORE_START, "background job cancelled before start"),
                failed(QUEUED, RUNTIME_FAILED, ReasonCode.JOB_RUNTIME_ERROR, null, "disk", "disk"),
                Arguments.of(RUNNING, EXITED_0, succeeded, Kind.SUCCEEDED, "background job succeeded"),
                failed(RUNNING, EXITED_3, ReasonCode.JOB_NON_ZERO_EXIT, 3, status3, "background job exited non-zero"),
                failed(
                        RUNNING,
                        SPAWN_FAILED,
                        ReasonCode.JOB_SPAWN_FAILED,
                        null,
                        "absent",
                        "background job failed to spawn"),
                failed(RUNNING, TIMED_OUT, ReasonCode.JOB_TIMEOUT, null, timeout, "background job timed out"),
                cancelledRun(RUNNING, TERMINATED),
                Arguments.of(RUNNING, RESTARTED, again, Kind.RECOVERED, "background job queued again after a restart"),
                failed(RUNNING, RUNTIME_FAILED, ReasonCode.JOB_RUNTIME_ERROR, null, "disk", "disk"),
                cancelledRun(CANCELLING, EXITED_0),
                cancelledRun(CANCELLING, EXITED_3),
                cancelledRun(CANCELLING, SPAWN_FAILED),
                cancelledRun(CANCELLING, TIMED_OUT),
                cancelledRun(CANCELLING, TERMINATED),
                cancelledRun(CANCELLING, RESTARTED),
                failed(CANCELLING, RUNTIME_FAILED, ReasonCode.JOB_RUNTIME_ERROR, null, "disk", "disk"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void a_transition_writes_all_of_the_new_state_and_an_event(
            JobRecord job, Happening happening, JobState state, Kind kind, String detail) {
        Applied applied = applied(job, happening, NOW);

        assertThat(applied.job()).isEqualTo(new JobRecord(job.spec(), state, Map.of()));
        assertThat(applied.event())
                .isEqualTo(new JobEvent(NOW, job.id(), kind, state.status(), state.reasonCode(), detail));
    }

    @Test
    void a_process_is_written_down_and_is_nobodys_business() {
        Applied applied = applied(applied(QUEUED, STARTED, 10).job(), SPAWNED, NOW);

        assertThat(applied.event()).isNull();
        assertThat(applied.job().state())
                .isEqualTo(new JobState(
                        JobStatus.RUNNING,
                        ReasonCode.JOB_STARTED,
                        NOW,
                        10L,
                        null,
                        null,
                        null,
                        false,
                        0,
                        PROCESS,
                        null,
                        0,
                        List.of(),
                        LostOutput.NONE,
                        null));
        assertThat(applied(CANCELLING, SPAWNED, NOW).job().state().cancellationRequested())
                .isTrue();
    }

    @Test
    void a_cancel_of_a_running_job_is_written_down_and_told_while_it_runs_on() {
        Applied applied = applied(RUNNING, CANCEL, NOW);

        assertThat(applied.job().state())
                .isEqualTo(new JobState(
                        JobStatus.RUNNING,
                        ReasonCode.JOB_STARTED,
                        NOW,
                        10L,
                        null,
                        null,
                        null,
                        true,
                        0,
                        PROCESS,
                        null,
                        0,
                        List.of(),
                        LostOutput.NONE,
                        null));
        assertThat(applied.event())
                .isEqualTo(new JobEvent(
                        NOW,
                        RUNNING.id(),
                        Kind.CANCEL_REQUESTED,
                        JobStatus.RUNNING,
                        ReasonCode.JOB_CANCELLED_DURING_RUN,
                        "background job cancellation requested"));
    }

    private static void assertAllRefused(JobRecord job, List<Happening> happenings) {
        for (Happening happening : happenings) {
            assertThat(Lifecycle.apply(job, happening, NOW)).isEqualTo(new Refused(job.status(), happening));
        }
    }

    @Test
    void everything_else_is_refused() {
        assertAllRefused(QUEUED, List.of(SPAWNED, EXITED_0, EXITED_3, SPAWN_FAILED, TIMED_OUT, TERMINATED, RESTARTED));
        assertAllRefused(RUNNING, List.of(STARTED));
        assertAllRefused(CANCELLING, List.of(STARTED, CANCEL));
        assertAllRefused(applied(RUNNING, EXITED_0, NOW).job(), ALL);
        assertAllRefused(applied(RUNNING, EXITED_3, NOW).job(), ALL);
        assertAllRefused(applied(QUEUED, CANCEL, NOW).job(), ALL);
    }

    @Test
    void a_refusal_names_the_state_and_what_can_not_happen() {
        assertThat(new Refused(JobStatus.SUCCEEDED, CANCEL).message())
                .isEqualTo("a job that is succeeded takes no CancelRequested");
    }

    @Test
    void a_job_is_given_up_at_the_restart_that_is_one_too_many() {
        JobRecord job = QUEUED;
        for (int restart = 1; restart <= 2; restart++) {
            job = applied(applied(job, STARTED, NOW).job(), RESTARTED, NOW).job();
            assertThat(job.state().recoveries()).isEqualTo(restart);
        }
        JobState last =
                applied(applied(job, STARTED, NOW).job(), RESTARTED, NOW).job().state();

        assertThat(last.reasonCode()).isEqualTo(ReasonCode.JOB_RUNTIME_ERROR);
        assertThat(last.error()).isEqualTo("gave up: the job was running at 3 restarts of the runtime");
        assertThat(last.recoveries()).isEqualTo(2);
    }

    @Test
    void what_a_job_wrote_is_added_to_it_and_changes_nothing_else() {
        OutputSizes sizes = new OutputSizes(new OutputSizes.Stream(3, true, false), OutputSizes.Stream.EMPTY);
        JobRecord ended = applied(CANCELLING, TERMINATED, NOW).job();
        JobState state = ended.state();

        assertThat(ended.measured(sizes, 7).state())
                .isEqualTo(new JobState(
                        state.status(),
                        state.reasonCode(),
                        state.updatedUnixMs(),
                        state.startedUnixMs(),
                        state.finishedUnixMs(),
                        state.exitCode(),
                        state.error(),
                        state.cancellationRequested(),
                        state.recoveries(),
                        state.process(),
                        sizes,
                        7,
                        List.of(),
                        LostOutput.NONE,
                        null));
        assertThat(applied(RUNNING.measured(sizes, 0), EXITED_0, NOW)
                        .job()
                        .state()
                        .output())
                .isEqualTo(sizes);
    }
}
