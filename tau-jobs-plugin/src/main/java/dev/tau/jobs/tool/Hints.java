package dev.tau.jobs.tool;

import dev.tau.jobs.job.JobRecord;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code hint}: one short sentence for the model on its next sensible step, where there is one that it may not think of. */
final class Hints {
    private static final Pattern SHELL_SYNTAX = Pattern.compile("[\\s|&;<>$`*]");

    private Hints() {}

    /** Adds a hint to a result about one job. */
    static void add(Map<String, @Nullable Object> payload, JobRecord job, long maxTimeoutMs) {
        String hint = of(job, maxTimeoutMs);
        if (hint != null) {
            payload.put("hint", hint);
        }
    }

    private static @Nullable String of(JobRecord job, long maxTimeoutMs) {
        if (job.state().straysEnded() > 0) {
            return "what it left in the background was ended with it: run it in the foreground, as a job of its own, without & or nohup";
        }
        return switch (job.state().reasonCode()) {
            case JOB_RECOVERED_AFTER_RESTART ->
                "interrupted by a restart, and run again from its beginning: call jobs_status with wait_ms; its output begins anew";
            case JOB_QUEUED ->
                !job.state().attempts().isEmpty()
                        ? "failed, and is tried again by itself: go on with other work, or call jobs_status with wait_ms"
                        : "not started yet: go on with other work, or call jobs_status with wait_ms; don't sleep and poll";
            case JOB_STARTED ->
                job.state().cancellationRequested()
                        ? "being ended: call jobs_status with wait_ms to see it gone"
                        : "still running: go on with other work, or call jobs_status with wait_ms; don't sleep and poll";
            case JOB_TIMEOUT ->
                job.spec().effectiveTimeoutMs() < maxTimeoutMs
                        ? "ran out of time: start it again with a higher timeout_ms, at most " + maxTimeoutMs
                        : "ran out of time, which was the longest that is allowed: split the work";
            case JOB_SPAWN_FAILED ->
                SHELL_SYNTAX.matcher(job.spec().command()).find()
                        ? "command is the name of a program; for a line of shell set shell to true"
                        : null;
            case JOB_SUCCEEDED,
                    JOB_NON_ZERO_EXIT,
                    JOB_CANCELLED_BEFORE_START,
                    JOB_CANCELLED_DURING_RUN,
                    JOB_RUNTIME_ERROR,
                    JOB_TRACE_WRITE_FAILED -> null;
        };
    }
}
