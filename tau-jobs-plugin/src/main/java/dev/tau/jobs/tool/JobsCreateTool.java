package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.runtime.JobRequest;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.runtime.RejectedJobException;
import dev.tau.jobs.spi.ToolCall;
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
            "idempotency_key",
            "channel_transport",
            "channel_id",
            "session_path");

    private static final System.Logger LOG = System.getLogger(JobsCreateTool.class.getName());

    private static final Set<String> RESERVED = Set.of("TAU_JOB_ID", "TAU_JOB_STATE_DIR", "TAU_JOB_RUNTIME");

    /** Keeps a manifest under the size that its readers take, also if every character is written as an escape. */
    private static final long MAX_CHARACTERS = 1_000_000;

    private static final int MAX_KEY_CHARACTERS = 1_000;
    /** A list of 20 must stay short. */
    private static final int MAX_LABEL_CHARACTERS = 80;

    /** For ServiceLoader. */
    public JobsCreateTool() {}

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
        properties.put("command", Schemas.string("Program to run, or with shell a script."));
        properties.put("args", Schemas.strings("Arguments, passed as they are; of a script $1, $2 and so on."));
        properties.put(
                "shell",
                Schemas.bool("The command is a script for sh -c. Don't put its work in the background with &."));
        properties.put("cwd", Schemas.string("Directory to run in; must lie inside an allowed root."));
        properties.put("env", Schemas.stringMap("Variables added to the host's environment."));
        properties.put(
                "timeout_ms",
                Schemas.integer(
                        1,
                        config.maxTimeoutMs(),
                        "The job is ended after this time. Default " + config.defaultTimeoutMs() + "."));
        properties.put(
                Waiting.ARGUMENT,
                Waiting.schema(
                        "Wait up to this long for its end: a quick command comes back finished, with its output. Default 0."));
        properties.put("label", Schemas.string("A short name, shown in lists."));
        properties.put(
                "idempotency_key",
                Schemas.string(
                        "Any text. A call that is repeated with the same key gets the same job: nothing runs twice."));
        properties.put("channel_transport", Schemas.string("With channel_id: report to this channel."));
        properties.put("channel_id", Schemas.string("With channel_transport: report to this channel."));
        properties.put("session_path", Schemas.string("Session file to report to instead of the host's."));
        return ToolDefinition.builder(name())
                .title("Start a background job")
                .description(
                        "Starts a command in the background and returns its job_id at once; with wait_ms also its result,"
                                + " if it ends in time. Use it for what takes long: builds, tests, crawls, training. Follow it with"
                                + " jobs_status.")
                .inputSchema(Schemas.object(properties, "command"))
                .hints(new ToolHints(false, true, false, true))
                .build();
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, RejectedJobException, IOException {
        long waitMs = Waiting.ms(arguments);
        JobRequest request = request(arguments, context);
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

    private static void checkSameCommand(JobRequest request, JobRecord job) throws InvalidArgumentException {
        if (!job.spec().command().equals(request.command())
                || !job.spec().args().equals(request.args())
                || !job.spec().env().equals(request.env())) {
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
        String label = arguments.optionalText("label");
        if (label != null && label.length() > MAX_LABEL_CHARACTERS) {
            throw new InvalidArgumentException("label must not have more than " + MAX_LABEL_CHARACTERS + " characters");
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
        long characters = command.length()
                + args.stream().mapToLong(String::length).sum()
                + env.values().stream().mapToLong(String::length).sum();
        if (characters > MAX_CHARACTERS) {
            throw new InvalidArgumentException(
                    "command, args and env must not have more than " + MAX_CHARACTERS + " characters together");
        }
        return new JobRequest(
                shell ? "sh" : command,
                shell ? scripted(command, args) : args,
                env,
                cwd == null ? null : inside(() -> context.roots().directory("cwd", cwd)),
                arguments.optionalInteger("timeout_ms", 1, context.config().maxTimeoutMs()),
                trace(arguments, context),
                label,
                key == null ? null : JobId.ofKey(key));
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
