package dev.tau.jobs.tool;

import dev.tau.jobs.config.AllowedRoots;
import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.runtime.RejectedJobException;
import dev.tau.jobs.runtime.SharedRuntimes;
import dev.tau.jobs.spi.JobRefusedException;
import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import dev.tau.jobs.view.Failures;
import dev.tau.jobs.view.HealthView;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the four tools have in common: opening, the tool-level codes, and that nothing is ever thrown at a host. */
abstract sealed class JobsTool implements Tool permits JobsCreateTool, JobsListTool, JobsStatusTool, JobsCancelTool {
    static final int DEFAULT_PREVIEW_BYTES = 2_000;

    private static final System.Logger LOG = System.getLogger(JobsTool.class.getName());

    /** What a tool works with once it is open. */
    record Opened(JobsConfig config, Path workingDirectory, AllowedRoots roots, SharedRuntimes.@Nullable Lease lease) {}

    private volatile @Nullable Opened opened;

    abstract String name();

    /** The definition with the limits of a configuration. */
    abstract ToolDefinition define(JobsConfig config);

    abstract Set<String> argumentNames();

    /** Takes what this tool alone needs; nothing, unless it says otherwise. */
    void prepare(JobsConfig config, ToolContext context) {}

    /** Gives that back. */
    void release() {}

    abstract ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, RejectedJobException, JobRefusedException, IOException,
                    InterruptedException;

    @Override
    public final ToolDefinition definition() {
        Opened now = opened;
        return define(now == null ? JobsConfig.from(ToolContext.builder().build()) : now.config());
    }

    @Override
    public final synchronized void open(ToolContext context) {
        if (opened != null) {
            throw new IllegalStateException(name() + " is open already");
        }
        JobsConfig config = JobsConfig.from(context);
        AllowedRoots roots = new AllowedRoots(context.workingDirectory(), context.allowedRoots());
        if (config.enabled()) {
            // A host hears of a missing library as it starts, not from its model.
            config.json().codec();
        }
        prepare(config, context);
        try {
            opened = new Opened(
                    config,
                    context.workingDirectory(),
                    roots,
                    config.enabled() ? SharedRuntimes.lease(config, context) : null);
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    @Override
    public final ToolResult execute(ToolCall call) {
        Opened context = opened;
        if (context == null) {
            return error("jobs_runtime_unavailable", "the tool is not open");
        }
        if (context.lease() == null) {
            return error("jobs_disabled", "background jobs are switched off (--jobs-enabled)");
        }
        try {
            return run(call, new Arguments(call.arguments(), argumentNames()), runtime(context), context);
        } catch (InvalidArgumentException e) {
            return error("jobs_invalid_arguments", String.valueOf(e.getMessage()));
        } catch (UnavailableException e) {
            return error("jobs_runtime_unavailable", String.valueOf(e.getMessage()));
        } catch (JobRefusedException e) {
            ToolResult answer = e.answer();
            return answer != null ? answer : error("jobs_runtime_error", String.valueOf(e.getMessage()));
        } catch (RejectedJobException e) {
            return error("jobs_runtime_error", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return error("jobs_runtime_error", "the state dir can't be read or written: " + Failures.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return error("jobs_runtime_error", "the call was interrupted");
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, name() + " failed", e);
            return error("jobs_runtime_error", "the runtime failed unexpectedly: " + e);
        }
    }

    /** The state dir can't be used. */
    private static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message, IOException cause) {
            super(message, cause);
        }
    }

    private static JobService runtime(Opened context) throws UnavailableException {
        try {
            return java.util.Objects.requireNonNull(context.lease()).service();
        } catch (IOException e) {
            throw new UnavailableException(
                    "state dir " + context.config().stateDir() + " can't be used: " + Failures.describe(e), e);
        }
    }

    private ToolResult error(String code, String message) {
        return ToolResult.error(name(), code, message, Map.of());
    }

    ToolResult notFound(JobId id, JobService runtime) {
        Optional<String> refusal = runtime.refusal(id);
        if (refusal.isPresent()) {
            return ToolResult.error(
                    name(),
                    "jobs_runtime_error",
                    "the manifest of " + id + " " + refusal.get(),
                    Map.of("job_id", id.value()));
        }
        return ToolResult.error(name(), "job_not_found", "there is no job " + id, Map.of("job_id", id.value()));
    }

    /** A job as jobs_status shows it: with the end of its output, and what to do next. */
    static Map<String, @Nullable Object> withOutput(
            JobRecord job, int previewBytes, JobService runtime, JobsConfig config) throws IOException {
        List<String> output = runtime.preview(job, previewBytes);
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("job", JobView.withOutputs(job, runtime.outputs(job), runtime.written(job)));
        payload.put("stdout_preview", output.get(0));
        payload.put("stderr_preview", output.get(1));
        Hints.add(payload, job, config.maxTimeoutMs());
        return payload;
    }

    static JobId jobId(Arguments arguments) throws InvalidArgumentException {
        return JobId.parse(arguments.requiredText("job_id"))
                .orElseThrow(() -> new InvalidArgumentException("job_id must be " + JobId.RULE));
    }

    ToolResult success(String code, Map<String, ? extends @Nullable Object> payload, Snapshot health) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(payload);
        all.put("health", HealthView.of(health));
        return ToolResult.success(name(), code, all);
    }

    @Override
    public final synchronized void close() {
        Opened now = opened;
        if (now == null) {
            return;
        }
        release();
        if (now.lease() != null) {
            now.lease().close();
        }
    }
}
