package dev.tau.jobs.job;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a job has come: replaced as a whole by each transition.
 *
 * @param status its state
 * @param reasonCode why it is in that state
 * @param updatedUnixMs when the state was reached, in milliseconds since 1970-01-01 UTC as all times
 * @param startedUnixMs when the run that goes on or has just ended was started; null while it is queued, also for another run, and if it ended
 *     from there
 * @param finishedUnixMs when it ended, null if it has not
 * @param exitCode its exit code, null when killed, timed out or never spawned
 * @param error what went wrong, null if nothing did
 * @param cancellationRequested whether somebody asked for its end
 * @param recoveries at how many restarts it was found running
 * @param process the process that runs it, null if there is none or it is not known
 * @param output how much it wrote; null before its end, or if an older version ran it
 * @param straysEnded how many processes it had left behind when it ended by itself, all of them ended since
 * @param attempts the runs that failed and were followed by another one, the first one first
 * @param lost what the runs had written that a restart interrupted, and the next runs have taken the place of
 * @param interrupted how much is in its files that a run has written which a restart interrupted, until the next run empties them; null
 *     if that is not to come
 */
public record JobState(
        JobStatus status,
        ReasonCode reasonCode,
        long updatedUnixMs,
        @Nullable Long startedUnixMs,
        @Nullable Long finishedUnixMs,
        @Nullable Integer exitCode,
        @Nullable String error,
        boolean cancellationRequested,
        int recoveries,
        @Nullable ProcessIdentity process,
        @Nullable OutputSizes output,
        int straysEnded,
        List<Attempt> attempts,
        LostOutput lost,
        @Nullable OutputSizes interrupted) {
    /** Copies the list. */
    public JobState {
        attempts = List.copyOf(attempts);
    }

    /** {@return where the standard output of this run begins, in bytes: behind that of the attempts before} */
    public long stdoutStart() {
        return attempts.isEmpty() ? 0 : attempts.get(attempts.size() - 1).stdoutEnd();
    }

    /** {@return the same of the standard error} */
    public long stderrStart() {
        return attempts.isEmpty() ? 0 : attempts.get(attempts.size() - 1).stderrEnd();
    }

    static JobState queued(long now) {
        return open(
                JobStatus.QUEUED, ReasonCode.JOB_QUEUED, now, null, false, 0, null, List.of(), LostOutput.NONE, null);
    }

    /** After a restart; written is how much was in its files then. */
    JobState queuedAgain(OutputSizes written, long now) {
        return open(
                JobStatus.QUEUED,
                ReasonCode.JOB_RECOVERED_AFTER_RESTART,
                now,
                null,
                false,
                recoveries + 1,
                null,
                attempts,
                lost,
                // If a run was to come still, nobody has read what it may have written.
                interrupted == null ? written : interrupted);
    }

    /** After a run that failed and is to be followed by another one. */
    JobState again(ReasonCode reason, @Nullable Integer code, long now) {
        OutputSizes written = output == null ? OutputSizes.NONE : output;
        List<Attempt> all = new ArrayList<>(attempts);
        all.add(new Attempt(
                reason,
                code,
                startedUnixMs == null ? now : startedUnixMs,
                now,
                written.stdout().bytes(),
                written.stderr().bytes()));
        return open(
                JobStatus.QUEUED, ReasonCode.JOB_QUEUED, now, null, false, recoveries, null, all, lost, interrupted);
    }

    JobState running(long now) {
        return open(
                JobStatus.RUNNING,
                ReasonCode.JOB_STARTED,
                now,
                now,
                false,
                recoveries,
                null,
                attempts,
                lost,
                interrupted);
    }

    JobState identified(ProcessIdentity identity, long now) {
        // It writes to empty files, or behind the attempts before.
        LostOutput all = interrupted == null
                ? lost
                : new LostOutput(
                        lost.stdout().and(stdoutStart(), interrupted.stdout().bytes() - stdoutStart()),
                        lost.stderr().and(stderrStart(), interrupted.stderr().bytes() - stderrStart()));
        return open(
                status,
                reasonCode,
                now,
                startedUnixMs,
                cancellationRequested,
                recoveries,
                identity,
                attempts,
                all,
                null);
    }

    JobState cancelRequested(long now) {
        return open(status, reasonCode, now, startedUnixMs, true, recoveries, process, attempts, lost, interrupted);
    }

    /** One that has not ended has nothing of what an end brings. */
    private static JobState open(
            JobStatus status,
            ReasonCode reasonCode,
            long now,
            @Nullable Long startedUnixMs,
            boolean cancellationRequested,
            int recoveries,
            @Nullable ProcessIdentity process,
            List<Attempt> attempts,
            LostOutput lost,
            @Nullable OutputSizes interrupted) {
        return new JobState(
                status,
                reasonCode,
                now,
                startedUnixMs,
                null,
                null,
                null,
                cancellationRequested,
                recoveries,
                process,
                null,
                0,
                attempts,
                lost,
                interrupted);
    }

    JobState ended(JobStatus terminal, ReasonCode reason, long now, @Nullable Integer code, @Nullable String message) {
        boolean cancelled = cancellationRequested || terminal == JobStatus.CANCELLED;
        return new JobState(
                terminal,
                reason,
                now,
                startedUnixMs,
                now,
                code,
                message,
                cancelled,
                recoveries,
                null,
                output,
                straysEnded,
                attempts,
                lost,
                null);
    }

    JobState measured(OutputSizes sizes, int strays) {
        return new JobState(
                status,
                reasonCode,
                updatedUnixMs,
                startedUnixMs,
                finishedUnixMs,
                exitCode,
                error,
                cancellationRequested,
                recoveries,
                process,
                sizes,
                strays,
                attempts,
                lost,
                interrupted);
    }
}
