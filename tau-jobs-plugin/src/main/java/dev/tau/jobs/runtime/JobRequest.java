package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobTrace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checked request for a job.
 *
 * @param command the program, not blank
 * @param args its arguments
 * @param env added to the host's environment
 * @param cwd where it runs, absolute; null for the host's directory
 * @param timeoutMs as asked for; null for the default
 * @param trace whom it reports to
 * @param options what else is said of it
 * @param delayMs how long after its creation it may start, beside what the options say; null if nothing
 * @param id the id that it must have, such that there is one such job at the most; null for any new one
 */
public record JobRequest(
        String command,
        List<String> args,
        Map<String, String> env,
        @Nullable String cwd,
        @Nullable Long timeoutMs,
        JobTrace trace,
        JobOptions options,
        @Nullable Long delayMs,
        @Nullable JobId id) {
    /** Leaves out the values of the environment. */
    @Override
    public String toString() {
        return "JobRequest[" + command + "]";
    }
}
