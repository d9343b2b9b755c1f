package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.runtime.RejectedJobException;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import dev.tau.jobs.view.Failures;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code jobs_cancel}: ends a job, or many, and everything that they started. */
public final class JobsCancelTool extends JobsTool {
    private static final int MAX_IDS = 1_000;
    private static final int PROGRESS_EVERY = 500;

    private static final Map<String, Set<JobStatus>> STATUSES = Map.of(
            "queued", Set.of(JobStatus.QUEUED),
            "running", Set.of(JobStatus.RUNNING),
            "active", Set.of(JobStatus.QUEUED, JobStatus.RUNNING));

    /** For ServiceLoader. */
    public JobsCancelTool() {}

    @Override
    String name() {
        return "jobs_cancel";
    }

    @Override
    Set<String> argumentNames() {
        return Set.of("job_id", "job_ids", "status");
    }

    @Override
    ToolDefinition define(JobsConfig config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("job_id", Schemas.plain("string"));
        properties.put("job_ids", Schemas.strings("Instead: many jobs."));
        properties.put(
                "status",
                Schemas.choice(List.of("queued", "running", "active"), "Instead: all of these; active is both."));
        return ToolDefinition.builder(name())
                .title("Cancel background jobs")
                .description("Cancels a background job, or many: a queued one at once, a running one by ending all its"
                        + " processes (SIGTERM, then SIGKILL after " + config.killGraceMs() + " ms).")
                .inputSchema(Schemas.object(properties))
                .hints(new ToolHints(false, true, true, false))
                .build();
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, RejectedJobException, IOException {
        String status = arguments.optionalText("status");
        List<String> ids = arguments.strings("job_ids");
        long given = Stream.of("job_id", "job_ids", "status")
                .filter(arguments::isGiven)
                .count();
        if (given == 0) {
            throw new InvalidArgumentException("job_id is required, or job_ids or status in its place");
        }
        if (given > 1) {
            throw new InvalidArgumentException("only one of job_id, job_ids and status may be given");
        }
        if (status != null) {
            return cancelAll(call, of(status, runtime), new ArrayList<>(), runtime);
        }
        if (arguments.isGiven("job_ids")) {
            List<String> notFound = new ArrayList<>();
            return cancelAll(call, ordered(parsed(ids), runtime, call, notFound), notFound, runtime);
        }
        return cancelOne(jobId(arguments), runtime, context);
    }

    private ToolResult cancelOne(JobId id, JobService runtime, Opened context)
            throws RejectedJobException, IOException {
        Optional<JobRecord> job = runtime.cancel(id);
        if (job.isEmpty()) {
            return notFound(id, runtime);
        }
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("job", JobView.of(job.get()));
        Hints.add(payload, job.get(), context.config().maxTimeoutMs());
        return success("jobs_cancel_ok", payload, runtime.health());
    }

    private static Set<JobId> parsed(List<String> ids) throws InvalidArgumentException {
        if (ids.size() > MAX_IDS) {
            throw new InvalidArgumentException("job_ids must not have more than " + MAX_IDS + " elements");
        }
        Set<JobId> parsed = new LinkedHashSet<>();
        for (String id : ids) {
            parsed.add(JobId.parse(id)
                    .orElseThrow(() -> new InvalidArgumentException("each of job_ids must be " + JobId.RULE)));
        }
        return parsed;
    }

    private static Set<JobId> of(String status, JobService runtime) throws InvalidArgumentException, IOException {
        Set<JobStatus> wanted = STATUSES.get(status);
        if (wanted == null) {
            throw new InvalidArgumentException("status must be queued, running or active");
        }
        return CancelOrder.of(runtime.list(wanted, Integer.MAX_VALUE));
    }

    /** In an order that cancels each of them, behind those that can't be read; those that are not there are named. */
    private static Set<JobId> ordered(Set<JobId> ids, JobService runtime, ToolCall call, List<String> notFound) {
        List<JobRecord> known = new ArrayList<>();
        Set<JobId> order = new LinkedHashSet<>();
        int looked = 0;
        for (JobId id : ids) {
            try {
                runtime.get(id).ifPresentOrElse(known::add, () -> notFound.add(id.value()));
            } catch (IOException e) {
                order.add(id); // to cancel it says why
            }
            // A guest waits a moment for each that is not there.
            if (++looked % PROGRESS_EVERY == 0) {
                call.progress("looked for " + looked + " of " + ids.size() + " jobs");
            }
        }
        order.addAll(CancelOrder.of(known));
        return order;
    }

    /** Names ids and states alone: a thousand jobs would be more than a model can read. */
    private ToolResult cancelAll(ToolCall call, Set<JobId> ids, List<String> notFound, JobService runtime)
            throws RejectedJobException, IOException {
        Map<String, @Nullable Object> cancelled = new LinkedHashMap<>();
        Map<String, @Nullable Object> failed = new LinkedHashMap<>();
        int done = 0;
        for (JobId id : ids) {
            try {
                Optional<JobRecord> job = runtime.cancel(id);
                if (job.isEmpty()) {
                    notFound.add(id.value());
                } else {
                    cancelled.put(id.value(), job.get().status().wireName());
                }
            } catch (IOException e) {
                // A full disk is no reason to let the others run.
                failed.put(id.value(), Failures.describe(e));
            }
            if (++done % PROGRESS_EVERY == 0) {
                call.progress(done + " of " + ids.size() + " jobs");
            }
        }
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("count", cancelled.size());
        payload.put("statuses", cancelled);
        payload.put("not_found", notFound);
        if (!failed.isEmpty()) {
            payload.put("failed", failed);
            return ToolResult.error(
                    name(),
                    "jobs_runtime_error",
                    failed.size() + " of " + ids.size() + " jobs could not be cancelled, failed says why",
                    payload);
        }
        return success("jobs_cancel_ok", payload, runtime.health());
    }
}
