package dev.tau.jobs.view;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.store.AttemptFormat;
import dev.tau.jobs.store.OptionsFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a job looks in a result: the wire format's {@code job}. Names of environment variables, never their values. */
public final class JobView {
    private JobView() {}

    /**
     * A job as in every result: a model pays for each member of each job in a list.
     *
     * @param job the job
     * @return its members, in the wire format's order
     */
    public static Map<String, @Nullable Object> of(JobRecord job) {
        JobSpec spec = job.spec();
        JobState state = job.state();
        Map<String, @Nullable Object> view = new LinkedHashMap<>(32);
        view.put("job_id", spec.id().value());
        if (spec.label() != null) {
            view.put("label", spec.label());
        }
        view.put("command", spec.command());
        view.put("args", spec.args());
        view.put("cwd", spec.cwd());
        view.put("env_keys", new ArrayList<>(spec.env().keySet()));
        view.put("status", state.status().wireName());
        view.put("reason_code", state.reasonCode().wireName());
        view.put("created_unix_ms", spec.createdUnixMs());
        view.put("updated_unix_ms", state.updatedUnixMs());
        view.put("started_unix_ms", state.startedUnixMs());
        view.put("finished_unix_ms", state.finishedUnixMs());
        view.put("exit_code", state.exitCode());
        view.put("error", state.error());
        view.put("requested_timeout_ms", spec.requestedTimeoutMs());
        view.put("effective_timeout_ms", spec.effectiveTimeoutMs());
        view.put("cancellation_requested", state.cancellationRequested());
        if (state.straysEnded() > 0) {
            view.put("strays_ended", state.straysEnded());
        }
        // Not the standard input: it may be long, and hold a secret.
        OptionsFormat.writeStart(view, spec.options());
        if (!state.attempts().isEmpty()) {
            view.put(
                    "attempts",
                    state.attempts().stream()
                            .map(attempt -> AttemptFormat.write(attempt.byOffsets(state.lost())))
                            .toList());
        }
        if (state.recoveries() > 0) {
            view.put("recoveries", state.recoveries());
        }
        return view;
    }

    /**
     * A job as in jobs_status.
     *
     * @param job the job
     * @param outputs the files of standard output and standard error
     * @param written how much it has written by now
     * @return the same, how much it has written until its end or by now, and the two paths
     */
    public static Map<String, @Nullable Object> withOutputs(JobRecord job, List<Path> outputs, OutputSizes written) {
        Map<String, @Nullable Object> view = of(job);
        OutputSizes ended = job.state().output();
        putSizes(view, ended == null ? written : ended);
        view.put("stdout_path", outputs.get(0).toString());
        view.put("stderr_path", outputs.get(1).toString());
        return view;
    }

    private static void putSizes(Map<String, @Nullable Object> view, OutputSizes sizes) {
        view.put("stdout_bytes", sizes.stdout().bytes());
        view.put("stderr_bytes", sizes.stderr().bytes());
        view.put("stdout_truncated", sizes.stdout().truncated());
        view.put("stderr_truncated", sizes.stderr().truncated());
        if (sizes.stdout().lowerBound()) {
            view.put("stdout_bytes_is_lower_bound", true);
        }
        if (sizes.stderr().lowerBound()) {
            view.put("stderr_bytes_is_lower_bound", true);
        }
    }
}
