package dev.tau.jobs.job;

import dev.tau.jobs.job.Happening.CancelRequested;
import dev.tau.jobs.job.Happening.Exited;
import dev.tau.jobs.job.Happening.RuntimeFailed;
import dev.tau.jobs.job.Happening.RuntimeRestarted;
import dev.tau.jobs.job.Happening.SpawnFailed;
import dev.tau.jobs.job.Happening.Spawned;
import dev.tau.jobs.job.Happening.Started;
import dev.tau.jobs.job.Happening.Terminated;
import dev.tau.jobs.job.Happening.TimedOut;
import dev.tau.jobs.job.JobEvent.Kind;
import dev.tau.jobs.job.Transition.Applied;
import dev.tau.jobs.job.Transition.Refused;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a transition is decided: (job, happening, now) to a new job and its event, or to a refusal. Pure;
 * the table is the one of the wire format's lifecycle codes.
 */
public final class Lifecycle {
    private Lifecycle() {}

    /**
     * Decides what becomes of a job.
     *
     * @param job the job as it is
     * @param happening what happens to it
     * @param now the time, in milliseconds since 1970-01-01 UTC
     * @return the job and its event, or a refusal
     */
    public static Transition apply(JobRecord job, Happening happening, long now) {
        return switch (job.status()) {
            case QUEUED -> whileQueued(job, happening, now);
            case RUNNING -> whileRunning(job, happening, now);
            case SUCCEEDED, FAILED, CANCELLED -> new Refused(job.status(), happening);
        };
    }

    private static Transition whileQueued(JobRecord job, Happening happening, long now) {
        if (happening instanceof Started) {
            return applied(job.with(job.state().running(now)), Kind.STARTED, now, "background job started execution");
        }
        if (happening instanceof CancelRequested) {
            return ended(
                    job,
                    JobStatus.CANCELLED,
                    ReasonCode.JOB_CANCELLED_BEFORE_START,
                    now,
                    "background job cancelled before start");
        }
        if (happening instanceof RuntimeFailed failed) {
            return runtimeFailed(job, failed.message(), now);
        }
        return new Refused(job.status(), happening);
    }

    // Java 17 has no pattern switch; the chain ends in a refusal, and LifecycleTest walks every kind of happening.
    private static Transition whileRunning(JobRecord job, Happening happening, long now) {
        boolean cancelling = job.state().cancellationRequested();
        if (happening instanceof Spawned spawned) {
            return new Applied(job.with(job.state().identified(spawned.identity(), now)), null);
        }
        if (happening instanceof CancelRequested) {
            return cancelling ? new Refused(job.status(), happening) : cancelRequested(job, now);
        }
        if (happening instanceof RuntimeFailed failed) {
            return runtimeFailed(job, failed.message(), now);
        }
        if (happening instanceof Started) {
            return new Refused(job.status(), happening);
        }
        // Everything else ends the run. A cancel that was acknowledged stands, whichever end came first.
        if (cancelling || happening instanceof Terminated) {
            return ended(
                    job,
                    JobStatus.CANCELLED,
                    ReasonCode.JOB_CANCELLED_DURING_RUN,
                    now,
                    "background job cancelled during execution");
        }
        if (happening instanceof Exited exited) {
            return exited.exitCode() == 0
                    ? succeeded(job, now)
                    : mayTryAgain(job)
                            ? tryAgain(job, ReasonCode.JOB_NON_ZERO_EXIT, exited.exitCode(), now)
                            : nonZero(job, exited.exitCode(), now);
        }
        if (happening instanceof SpawnFailed failed) {
            JobState state =
                    job.state().ended(JobStatus.FAILED, ReasonCode.JOB_SPAWN_FAILED, now, null, failed.message());
            return applied(job.with(state), Kind.FAILED, now, "background job failed to spawn");
        }
        if (happening instanceof TimedOut && mayTryAgain(job)) {
            return tryAgain(job, ReasonCode.JOB_TIMEOUT, null, now);
        }
        if (happening instanceof TimedOut) {
            String message = "job exceeded timeout of " + job.spec().effectiveTimeoutMs() + "ms";
            JobState state = job.state().ended(JobStatus.FAILED, ReasonCode.JOB_TIMEOUT, now, null, message);
            return applied(job.with(state), Kind.FAILED, now, "background job timed out");
        }
        if (happening instanceof RuntimeRestarted restarted) {
            return recovered(job, restarted, now);
        }
        return new Refused(job.status(), happening);
    }

    private static boolean mayTryAgain(JobRecord job) {
        return job.state().attempts().size() < job.spec().options().retries();
    }

    private static Transition tryAgain(JobRecord job, ReasonCode reason, @Nullable Integer exitCode, long now) {
        JobRecord next = job.with(job.state().again(reason, exitCode, now));
        int attempt = next.state().attempts().size();
        String what = exitCode == null ? "timed out" : "exited with status " + exitCode;
        return new Applied(
                next,
                new JobEvent(
                        now,
                        job.id(),
                        Kind.FAILED,
                        JobStatus.QUEUED,
                        reason,
                        "attempt " + attempt + " of " + (job.spec().options().retries() + 1) + " of the background job "
                                + what + ", it is tried again"));
    }

    private static Transition cancelRequested(JobRecord job, long now) {
        JobRecord next = job.with(job.state().cancelRequested(now));
        return new Applied(
                next,
                new JobEvent(
                        now,
                        job.id(),
                        Kind.CANCEL_REQUESTED,
                        JobStatus.RUNNING,
                        ReasonCode.JOB_CANCELLED_DURING_RUN,
                        "background job cancellation requested"));
    }

    private static Transition succeeded(JobRecord job, long now) {
        JobState state = job.state().ended(JobStatus.SUCCEEDED, ReasonCode.JOB_SUCCEEDED, now, 0, null);
        return applied(job.with(state), Kind.SUCCEEDED, now, "background job succeeded");
    }

    private static Transition nonZero(JobRecord job, int exitCode, long now) {
        String message = "background job exited with status " + exitCode;
        JobState state = job.state().ended(JobStatus.FAILED, ReasonCode.JOB_NON_ZERO_EXIT, now, exitCode, message);
        return applied(job.with(state), Kind.FAILED, now, "background job exited non-zero");
    }

    private static Transition recovered(JobRecord job, RuntimeRestarted restarted, long now) {
        if (job.state().recoveries() + 1 >= restarted.maxRecoveries()) {
            return runtimeFailed(
                    job,
                    "gave up: the job was running at " + (job.state().recoveries() + 1) + " restarts of the runtime",
                    now);
        }
        JobRecord next = job.with(job.state().queuedAgain(restarted.written(), now));
        return applied(next, Kind.RECOVERED, now, "background job queued again after a restart");
    }

    private static Transition runtimeFailed(JobRecord job, String message, long now) {
        JobState state = job.state().ended(JobStatus.FAILED, ReasonCode.JOB_RUNTIME_ERROR, now, null, message);
        return applied(job.with(state), Kind.FAILED, now, message);
    }

    private static Transition ended(JobRecord job, JobStatus status, ReasonCode reason, long now, String detail) {
        return applied(job.with(job.state().ended(status, reason, now, null, null)), Kind.CANCELLED, now, detail);
    }

    private static Transition applied(JobRecord job, Kind kind, long now, String detail) {
        return new Applied(job, JobEvent.of(job, kind, now, detail));
    }
}
