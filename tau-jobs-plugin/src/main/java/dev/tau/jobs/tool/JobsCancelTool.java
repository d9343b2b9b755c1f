package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.runtime.RejectedJobException;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code jobs_cancel}: ends a job and everything that it started. */
public final class JobsCancelTool extends JobsTool {

    /** For ServiceLoader. */
    public JobsCancelTool() {}

    @Override
    String name() {
        return "jobs_cancel";
    }

    @Override
    Set<String> argumentNames() {
        return Set.of("job_id");
    }

    @Override
    ToolDefinition define(JobsConfig config) {
        return ToolDefinition.builder(name())
                .title("Cancel a background job")
                .description("Cancels a background job: a queued one at once, a running one by ending all its processes"
                        + " (SIGTERM, then SIGKILL after " + config.killGraceMs() + " ms).")
                .inputSchema(Schemas.object(Map.of("job_id", Schemas.string("The job.")), "job_id"))
                .hints(new ToolHints(false, true, true, false))
                .build();
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, RejectedJobException, IOException {
        JobId id = jobId(arguments);
        Optional<JobRecord> job = runtime.cancel(id);
        if (job.isEmpty()) {
            return notFound(id, runtime);
        }
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("job", JobView.of(job.get()));
        Hints.add(payload, job.get(), context.config().maxTimeoutMs());
        return success("jobs_cancel_ok", payload, runtime.health());
    }
}
