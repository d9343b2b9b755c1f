package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.gate.Gates;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.runtime.JobRequest;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.runtime.RejectedJobException;
import dev.tau.jobs.spi.JobProposal;
import dev.tau.jobs.spi.JobRefusedException;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code jobs_create}: queues a command, and returns at once or waits some time for its end. */
public final class JobsCreateTool extends JobsTool {
    private static final System.Logger LOG = System.getLogger(JobsCreateTool.class.getName());

    private @Nullable Gates gates;

    /** For ServiceLoader. */
    public JobsCreateTool() {}

    @Override
    void prepare(JobsConfig config, ToolContext context) {
        if (config.enabled()) {
            gates = Gates.open(config, context);
        }
    }

    @Override
    void release() {
        if (gates != null) {
            gates.close();
        }
    }

    @Override
    String name() {
        return "jobs_create";
    }

    @Override
    Set<String> argumentNames() {
        return CreateArguments.NAMES;
    }

    @Override
    ToolDefinition define(JobsConfig config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("command", Schemas.string("Program, or with shell a script."));
        properties.put("args", Schemas.strings("Passed as they are; of a script $1, $2…"));
        properties.put("shell", Schemas.bool("command is a script for sh -c. Don't background its work with &."));
        properties.put("cwd", Schemas.string("Directory, inside an allowed root."));
        properties.put("env", Schemas.stringMap("Added to the host's environment."));
        properties.put(
                "timeout_ms",
                Schemas.integer(
                        1, config.maxTimeoutMs(), "Ended after this time. Default " + config.defaultTimeoutMs() + "."));
        properties.put(
                Waiting.ARGUMENT,
                Waiting.schema("Wait so long for its end: what is quick comes back finished, with its output."));
        properties.put("label", Schemas.string("Short name, shown in lists."));
        properties.put("stdin", Schemas.plain("string"));
        properties.put("after", Schemas.strings("job_ids that must succeed first."));
        properties.put("delay_ms", Schemas.plain("integer"));
        properties.put("run_at_unix_ms", Schemas.plain("integer"));
        properties.put("retries", Schemas.integer(0, JobOptions.MAX_RETRIES, "Tried again so often if it fails."));
        properties.put(
                "priority", Schemas.integer(-JobOptions.MAX_PRIORITY, JobOptions.MAX_PRIORITY, "Higher starts first."));
        properties.put(
                "idempotency_key",
                Schemas.string("The same key gives the same job: a repeated call runs nothing twice."));
        properties.put("channel_transport", Schemas.string("With channel_id: channel to report to."));
        properties.put("channel_id", Schemas.plain("string"));
        properties.put("session_path", Schemas.string("Session file to report to."));
        return ToolDefinition.builder(name())
                .title("Start a background job")
                .description(
                        "Starts a command in the background and returns its job_id at once; with wait_ms also its result,"
                                + " if it ends in time. For what takes long: builds, tests, crawls, training.")
                .inputSchema(Schemas.object(properties, "command"))
                .hints(new ToolHints(false, true, false, true))
                .build();
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, RejectedJobException, JobRefusedException, IOException,
                    InterruptedException {
        long waitMs = Waiting.ms(arguments);
        JobRequest request =
                CreateArguments.request(arguments, call.attributes().get(ToolCall.TRACEPARENT), context);
        // What is there already is not started by this call, hence not asked of the gates; nothing is created past
        // them.
        JobRecord known =
                request.id() == null ? null : runtime.get(request.id()).orElse(null);
        JobRecord job = known == null ? create(request, runtime, context) : known;
        if (request.id() != null) {
            checkSameCommand(request, job);
        }
        // The job is there now, whatever happens next: an error would make a model start it once more.
        try {
            return success(
                    "job_queued",
                    waitMs > 0 ? waited(call, job, waitMs, runtime, context) : alone(job, context),
                    runtime.health());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "job " + job.id() + " was created, but can't be looked at", e);
        }
        return ToolResult.success(name(), "job_queued", alone(job, context));
    }

    private JobRecord create(JobRequest request, JobService runtime, Opened context)
            throws InvalidArgumentException, RejectedJobException, JobRefusedException, IOException,
                    InterruptedException {
        checkThere(request.options().after(), runtime);
        checkAllowed(request, context);
        boolean created = false;
        try {
            JobRecord job = runtime.create(request);
            created = true;
            return job;
        } finally {
            if (!created && gates != null) {
                gates.notCreated();
            }
        }
    }

    private static void checkThere(List<JobId> after, JobService runtime) throws InvalidArgumentException, IOException {
        for (JobId id : after) {
            if (runtime.get(id).isEmpty()) {
                throw new InvalidArgumentException("after must name jobs that are there; there is no job " + id);
            }
        }
    }

    private void checkAllowed(JobRequest request, Opened context)
            throws InvalidArgumentException, JobRefusedException, InterruptedException {
        Path directory = context.workingDirectory().resolve(request.cwd() == null ? "" : request.cwd());
        Optional<String> refusal =
                context.config().allowedCommands().refusal(request.command(), directory, request.env());
        if (refusal.isPresent()) {
            throw new InvalidArgumentException(refusal.get());
        }
        if (gates != null) {
            long timeoutMs = request.timeoutMs() == null ? context.config().defaultTimeoutMs() : request.timeoutMs();
            gates.check(JobProposal.builder(request.command(), request.args(), directory)
                    .variables(request.env().keySet())
                    .timeoutMs(timeoutMs)
                    .label(request.options().label())
                    .build());
        }
    }

    private static void checkSameCommand(JobRequest request, JobRecord job) throws InvalidArgumentException {
        if (!job.spec().command().equals(request.command())
                || !job.spec().args().equals(request.args())
                || !job.spec().env().equals(request.env())
                || !input(job.spec().options()).equals(input(request.options()))) {
            throw new InvalidArgumentException("idempotency_key stands for another command already, that of job "
                    + job.id() + "; give each command a key of its own");
        }
    }

    private static String input(JobOptions options) {
        return Objects.requireNonNullElse(options.stdin(), "");
    }

    private static Map<String, @Nullable Object> waited(
            ToolCall call, JobRecord job, long waitMs, JobService runtime, Opened context)
            throws IOException, InterruptedException {
        JobRecord then = Waiting.await(call, runtime, job.id(), waitMs).orElse(job);
        return withOutput(then, DEFAULT_PREVIEW_BYTES, runtime, context.config());
    }

    private static Map<String, @Nullable Object> alone(JobRecord job, Opened context) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("job", JobView.of(job));
        Hints.add(payload, job, context.config().maxTimeoutMs());
        return payload;
    }
}
