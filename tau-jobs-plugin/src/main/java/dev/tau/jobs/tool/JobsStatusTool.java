package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code jobs_status}: one job with the end of its output, on request only when it has ended. */
public final class JobsStatusTool extends JobsTool {
    private static final int DEFAULT_PREVIEW_BYTES = 2_000;
    private static final int MAX_PREVIEW_BYTES = 16_000;
    /** MCP clients give a call up after 60 s. */
    private static final long MAX_WAIT_MS = 45_000;

    private static final long PROGRESS_EVERY_MS = 5_000;

    /** For ServiceLoader. */
    public JobsStatusTool() {}

    @Override
    String name() {
        return "jobs_status";
    }

    @Override
    Set<String> argumentNames() {
        return Set.of("job_id", "output_preview_bytes", "wait_ms");
    }

    @Override
    ToolDefinition define(JobsConfig config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("job_id", Schemas.string("The job."));
        properties.put(
                "output_preview_bytes",
                Schemas.integer(
                        1, MAX_PREVIEW_BYTES, "Last bytes of each output. Default " + DEFAULT_PREVIEW_BYTES + "."));
        properties.put(
                "wait_ms",
                Schemas.integer(0, MAX_WAIT_MS, "Answer when the job ends or this time is up, instead of polling."));
        return ToolDefinition.builder(name())
                .title("Look at a background job")
                .description("Shows a background job's state, exit code and the end of its output. With wait_ms it"
                        + " waits for the job's end: better than calling it again and again.")
                .inputSchema(Schemas.object(properties, "job_id"))
                .hints(new ToolHints(true, false, true, false))
                .build();
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, IOException, InterruptedException {
        JobId id = jobId(arguments);
        Long preview = arguments.optionalInteger("output_preview_bytes", 1, MAX_PREVIEW_BYTES);
        Long wait = arguments.optionalInteger("wait_ms", 0, MAX_WAIT_MS);
        Optional<JobRecord> found = await(call, runtime, id, wait == null ? 0 : wait);
        if (found.isEmpty()) {
            return notFound(id, runtime);
        }
        JobRecord job = found.get();
        int bytes = preview == null ? DEFAULT_PREVIEW_BYTES : preview.intValue();
        List<String> output = runtime.preview(job, bytes);
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put(
                "job",
                JobView.withOutputs(job, runtime.outputs(job), context.config().maxOutputBytes()));
        payload.put("stdout_preview", output.get(0));
        payload.put("stderr_preview", output.get(1));
        payload.put("output_preview_bytes", bytes);
        return ToolResult.success(name(), "jobs_status_ok", payload);
    }

    private static Optional<JobRecord> await(ToolCall call, JobService runtime, JobId id, long waitMs)
            throws InterruptedException, IOException {
        Optional<JobRecord> job = runtime.get(id);
        for (long left = waitMs;
                left > 0 && job.isPresent() && !job.get().status().isTerminal(); ) {
            long step = Math.min(left, PROGRESS_EVERY_MS);
            job = runtime.await(id, Duration.ofMillis(step));
            left -= step;
            if (job.isPresent() && !job.get().status().isTerminal()) {
                call.progress("job " + id + " is still " + job.get().status().wireName());
            }
        }
        return job;
    }
}
