package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobPosition;
import dev.tau.jobs.job.JobQuery;
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

    private static final String LABEL = "label";
    private static final String SINCE = "since_unix_ms";
    private static final String UNTIL = "until_unix_ms";
    private static final String CURSOR = "cursor";

    /** For ServiceLoader. */
    public JobsListTool() {}

    @Override
    String name() {
        return "jobs_list";
    }

    @Override
    Set<String> argumentNames() {
        return Set.of("limit", "status", LABEL, SINCE, UNTIL, CURSOR);
    }

    @Override
    ToolDefinition define(JobsConfig config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                "limit",
                Schemas.integer(
                        1, config.listMaxLimit(), "Jobs at the most. Default " + config.listDefaultLimit() + "."));
        properties.put("status", Schemas.choice(StatusFilter.WORDS, "Only these; terminal means ended."));
        properties.put(LABEL, Schemas.string("Of this label."));
        properties.put(SINCE, Schemas.natural("Created then or later."));
        properties.put(UNTIL, Schemas.natural("Created before."));
        properties.put(CURSOR, Schemas.string("next_cursor of the page before."));
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
        JobPage page = runtime.list(query(arguments, statuses, limit));
        List<Map<String, @Nullable Object>> jobs =
                page.jobs().stream().map(JobView::of).toList();
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("limit", limit);
        payload.put("status", status);
        payload.put("count", jobs.size());
        payload.put("jobs", jobs);
        if (page.next() != null) {
            payload.put("next_cursor", page.next().toString());
        }
        return success("jobs_list_ok", payload, runtime.health());
    }

    private static JobQuery query(Arguments arguments, Set<JobStatus> statuses, int limit)
            throws InvalidArgumentException {
        Long since = arguments.optionalInteger(SINCE, 0, Long.MAX_VALUE);
        Long until = arguments.optionalInteger(UNTIL, 0, Long.MAX_VALUE);
        String cursor = arguments.optionalText(CURSOR);
        JobPosition after = null;
        if (cursor != null) {
            after = JobPosition.parse(cursor)
                    .orElseThrow(
                            () -> new InvalidArgumentException(CURSOR + " must be the next_cursor of another answer"));
        }
        return new JobQuery(
                statuses,
                arguments.optionalText(LABEL),
                since == null ? Long.MIN_VALUE : since,
                until == null ? Long.MAX_VALUE : until,
                after,
                limit);
    }
}
