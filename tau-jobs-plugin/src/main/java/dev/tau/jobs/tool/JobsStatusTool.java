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
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code jobs_status}: one job with the end of its output, on request only when it has ended. */
public final class JobsStatusTool extends JobsTool {
    private static final int MAX_PREVIEW_BYTES = 16_000;

    /** For ServiceLoader. */
    public JobsStatusTool() {}

    @Override
    String name() {
        return "jobs_status";
    }

    @Override
    Set<String> argumentNames() {
        return Set.of("job_id", "output_preview_bytes", Waiting.ARGUMENT);
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
                Waiting.ARGUMENT, Waiting.schema("Answer when the job ends or this time is up, instead of polling."));
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
        Optional<JobRecord> found = Waiting.await(call, runtime, id, Waiting.ms(arguments));
        if (found.isEmpty()) {
            return notFound(id, runtime);
        }
        int bytes = preview == null ? DEFAULT_PREVIEW_BYTES : preview.intValue();
        Map<String, @Nullable Object> payload = withOutput(found.get(), bytes, runtime, context.config());
        payload.put("output_preview_bytes", bytes);
        return ToolResult.success(name(), "jobs_status_ok", payload);
    }
}
