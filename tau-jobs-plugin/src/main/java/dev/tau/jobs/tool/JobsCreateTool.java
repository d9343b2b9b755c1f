package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.gate.Gates;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobTrace;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code jobs_create}: queues a command, and returns at once or waits some time for its end. */
public final class JobsCreateTool extends JobsTool {
    private static final Set<String> ARGUMENTS = Set.of(
            "command",
            "args",
            "shell",
            "cwd",
            "env",
            "timeout_ms",
            Waiting.ARGUMENT,
            "label",
            "stdin",
            "after",
            "delay_ms",
            "run_at_unix_ms",
            "priority",
            "retries",
            "idempotency_key",
            "channel_transport",
            "channel_id",
            "session_path");

    private static final System.Logger LOG = System.getLogger(JobsCreateTool.class.getName());

    private static final Set<String> RESERVED = Set.of("TAU_JOB_ID", "TAU_JOB_STATE_DIR", "TAU_JOB_RUNTIME");

    /** Keeps a manifest under the size that its readers take, also if every character is written as an escape. */
    private static final long MAX_CHARACTERS = 1_000_000;

    private static final long MAX_DELAY_MS = Duration.ofDays(365).toMillis();
    private static final int MAX_AFTER = 100;

    private static final int MAX_KEY_CHARACTERS = 1_000;
    /** A list of 20 must stay short. */
    private static final int MAX_LABEL_CHARACTERS = 80;

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
        return ARGUMENTS;
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
        JobRequest request = request(arguments, context);
        checkThere(request.options().after(), runtime);
        // What is there already is not started by this call.
        if (request.id() == null || runtime.get(request.id()).isEmpty()) {
            checkAllowed(request, context);
        }
        JobRecord job = runtime.create(request);
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
                || !Objects.equals(
                        job.spec().options().stdin(), request.options().stdin())) {
            throw new InvalidArgumentException("idempotency_key stands for another command already, that of job "
                    + job.id() + "; give each command a key of its own");
        }
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

    private static JobRequest request(Arguments arguments, Opened context) throws InvalidArgumentException {
        String command = arguments.requiredText("command");
        boolean shell = arguments.optionalBoolean("shell", false);
        String cwd = arguments.optionalText("cwd");
        String key = arguments.optionalText("idempotency_key");
        if (key != null && key.length() > MAX_KEY_CHARACTERS) {
            throw new InvalidArgumentException(
                    "idempotency_key must not have more than " + MAX_KEY_CHARACTERS + " characters");
        }
        Map<String, String> env = arguments.stringMap("env");
        for (String name : env.keySet()) {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new InvalidArgumentException("a name in env must not be empty nor contain '='");
            }
            if (RESERVED.contains(name)) {
                throw new InvalidArgumentException("env must not set " + name + ", which marks the job's processes");
            }
        }
        List<String> args = arguments.strings("args");
        JobOptions options = options(arguments);
        String stdin = options.stdin();
        long characters = command.length()
                + (stdin == null ? 0 : stdin.length())
                + args.stream().mapToLong(String::length).sum()
                + env.values().stream().mapToLong(String::length).sum();
        if (characters > MAX_CHARACTERS) {
            throw new InvalidArgumentException(
                    "command, args, env and stdin must not have more than " + MAX_CHARACTERS + " characters together");
        }
        return new JobRequest(
                shell ? "sh" : command,
                shell ? scripted(command, args) : args,
                env,
                cwd == null ? null : inside(() -> context.roots().directory("cwd", cwd)),
                arguments.optionalInteger("timeout_ms", 1, context.config().maxTimeoutMs()),
                trace(arguments, context),
                options,
                arguments.optionalInteger("delay_ms", 0, MAX_DELAY_MS),
                key == null ? null : JobId.ofKey(key));
    }

    private static JobOptions options(Arguments arguments) throws InvalidArgumentException {
        String label = arguments.optionalText("label");
        if (label != null && label.length() > MAX_LABEL_CHARACTERS) {
            throw new InvalidArgumentException("label must not have more than " + MAX_LABEL_CHARACTERS + " characters");
        }
        List<JobId> after = new ArrayList<>();
        for (String id : arguments.strings("after")) {
            after.add(
                    JobId.parse(id).orElseThrow(() -> new InvalidArgumentException("after must be a list of job_ids")));
        }
        if (after.size() > MAX_AFTER) {
            throw new InvalidArgumentException("after must not name more than " + MAX_AFTER + " jobs");
        }
        Long runAt = arguments.optionalInteger("run_at_unix_ms", 0, Long.MAX_VALUE);
        if (runAt != null && arguments.isGiven("delay_ms")) {
            throw new InvalidArgumentException("delay_ms and run_at_unix_ms must not be given both");
        }
        Long priority = arguments.optionalInteger("priority", -JobOptions.MAX_PRIORITY, JobOptions.MAX_PRIORITY);
        Long retries = arguments.optionalInteger("retries", 0, JobOptions.MAX_RETRIES);
        JobOptions options = new JobOptions(
                label,
                arguments.optionalString("stdin"),
                priority == null ? 0 : priority.intValue(),
                runAt == null ? 0 : runAt,
                after,
                retries == null ? 0 : retries.intValue());
        return options.equals(JobOptions.NONE) ? JobOptions.NONE : options;
    }

    /** What stands behind the script is $0 first, by which sh names itself in its messages. */
    private static List<String> scripted(String script, List<String> args) {
        return Stream.concat(Stream.of("-c", script, "sh"), args.stream()).toList();
    }

    private static JobTrace trace(Arguments arguments, Opened context) throws InvalidArgumentException {
        String transport = arguments.optionalText("channel_transport");
        String channel = arguments.optionalText("channel_id");
        if ((transport == null) != (channel == null)) {
            throw new InvalidArgumentException("channel_transport and channel_id must be given both or neither");
        }
        String given = arguments.optionalText("session_path");
        @Nullable Path configured = context.config().session();
        String session = given != null
                ? inside(() -> context.roots().file("session_path", given))
                : configured == null ? null : configured.toString();
        String root =
                transport == null ? null : context.config().channelStoreRoot().toString();
        return new JobTrace(root, transport, channel, session);
    }

    private static String inside(java.util.function.Supplier<Path> path) throws InvalidArgumentException {
        try {
            return path.get().toString();
        } catch (IllegalArgumentException e) {
            throw new InvalidArgumentException(String.valueOf(e.getMessage()));
        }
    }
}
