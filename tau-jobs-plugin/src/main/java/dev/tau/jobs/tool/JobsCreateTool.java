package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
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
import org.jspecify.annotations.Nullable;

/** {@code jobs_create}: queues a command and returns at once. */
public final class JobsCreateTool extends JobsTool {
    private static final Set<String> ARGUMENTS =
            Set.of("command", "args", "cwd", "env", "timeout_ms", "channel_transport", "channel_id", "session_path");

    private static final Set<String> RESERVED = Set.of("TAU_JOB_ID", "TAU_JOB_STATE_DIR", "TAU_JOB_RUNTIME");

    /** Keeps a manifest under the size that its readers take, also if every character is written as an escape. */
    private static final long MAX_CHARACTERS = 1_000_000;

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
        properties.put("command", Schemas.string("Program to run; no shell. For a script: sh with args [-c, script]."));
        properties.put("args", Schemas.strings("Arguments, passed as they are."));
        properties.put("cwd", Schemas.string("Directory to run in; must lie inside an allowed root."));
        properties.put("env", Schemas.stringMap("Variables added to the host's environment."));
        properties.put(
                "timeout_ms",
                Schemas.integer(
                        1,
                        config.maxTimeoutMs(),
                        "The job is ended after this time. Default " + config.defaultTimeoutMs() + "."));
        properties.put("channel_transport", Schemas.string("With channel_id: report to this channel."));
        properties.put("channel_id", Schemas.string("With channel_transport: report to this channel."));
        properties.put("session_path", Schemas.string("Session file to report to instead of the host's."));
        return ToolDefinition.builder(name())
                .title("Start a background job")
                .description("Starts a command in the background and returns its job_id at once. Use it for what takes"
                        + " long: builds, tests, crawls, training. Follow it with jobs_status.")
                .inputSchema(Schemas.object(properties, "command"))
                .hints(new ToolHints(false, true, false, true))
                .build();
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, RejectedJobException, IOException {
        JobRecord job = runtime.create(request(arguments, context));
        return success("job_queued", Map.of("job", JobView.of(job)), runtime.health());
    }

    private static JobRequest request(Arguments arguments, Opened context) throws InvalidArgumentException {
        String command = arguments.requiredText("command");
        String cwd = arguments.optionalText("cwd");
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
                command,
                args,
                env,
                cwd == null ? null : inside(() -> context.roots().directory("cwd", cwd)),
                arguments.optionalInteger("timeout_ms", 1, context.config().maxTimeoutMs()),
                trace(arguments, context));
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
