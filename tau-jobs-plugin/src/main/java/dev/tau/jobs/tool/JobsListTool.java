package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import dev.tau.jobs.view.JobView;
import dev.tau.jobs.view.StatusFilter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code jobs_list}: the newest jobs, and how the runtime is. */
public final class JobsListTool extends JobsTool {

    /** For ServiceLoader. */
    public JobsListTool() {}

    @Override
    String name() {
        return "jobs_list";
    }

    @Override
    Set<String> argumentNames() {
        return Set.of("limit", "status");
    }

    @Override
    ToolDefinition define(JobsConfig config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                "limit",
                Schemas.integer(
                        1, config.listMaxLimit(), "Jobs at the most. Default " + config.listDefaultLimit() + "."));
        properties.put("status", Schemas.choice(StatusFilter.WORDS, "Only these; terminal means ended."));
        return ToolDefinition.builder(name())
                .title("List background jobs")
                .description("Lists background jobs, newest first, with counters of the runtime.")
                .inputSchema(Schemas.object(properties))
                .hints(new ToolHints(true, false, true, false))
                .build();
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, IOException {
        Long asked = arguments.optionalInteger("limit", 1, context.config().listMaxLimit());
        int limit = asked == null ? context.config().listDefaultLimit() : asked.intValue();
        String status = arguments.optionalString("status");
        Set<JobStatus> statuses = StatusFilter.parse(status)
                .orElseThrow(() ->
                        new InvalidArgumentException("status must be one of " + String.join(", ", StatusFilter.WORDS)));
        List<Map<String, @Nullable Object>> jobs =
                runtime.list(statuses, limit).stream().map(JobView::of).toList();
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("limit", limit);
        payload.put("status", status);
        payload.put("count", jobs.size());
        payload.put("jobs", jobs);
        return success("jobs_list_ok", payload, runtime.health());
    }
}
