package dev.tau.jobs.job;

import org.jspecify.annotations.Nullable;

/**
 * A run of a job that failed and was followed by another one.
 *
 * @param reasonCode why it failed
 * @param exitCode its exit code, null if its time ran out
 * @param startedUnixMs when it was started, in milliseconds since 1970-01-01 UTC
 * @param finishedUnixMs when it ended, in milliseconds since 1970-01-01 UTC
 * @param stdoutEnd where its standard output ends, in bytes from the first that the job ever wrote: the next one's begins there
 * @param stderrEnd the same of its standard error
 */
public record Attempt(
        ReasonCode reasonCode,
        @Nullable Integer exitCode,
        long startedUnixMs,
        long finishedUnixMs,
        long stdoutEnd,
        long stderrEnd) {
    /**
     * As readers count who count what was lost, too.
     *
     * @param lost what interrupted runs had written
     * @return the same, its ends as offsets
     */
    public Attempt byOffsets(LostOutput lost) {
        return new Attempt(
                reasonCode,
                exitCode,
                startedUnixMs,
                finishedUnixMs,
                lost.stdout().offsetOf(stdoutEnd),
                lost.stderr().offsetOf(stderrEnd));
    }
}
