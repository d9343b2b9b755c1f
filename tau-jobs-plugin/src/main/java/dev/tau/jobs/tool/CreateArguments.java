package dev.tau.jobs.tool;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.runtime.JobRequest;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import dev.tau.jobs.tool.JobsTool.Opened;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arguments of {@code jobs_create}: checked, and made into a request. */
final class CreateArguments {
    static final Set<String> NAMES = Set.of(
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

    private static final Set<String> RESERVED = Set.of("TAU_JOB_ID", "TAU_JOB_STATE_DIR", "TAU_JOB_RUNTIME");

    /** Keeps a manifest under the size that its readers take, also if every character is written as an escape. */
    private static final long MAX_CHARACTERS = 1_000_000;

    private static final long MAX_DELAY_MS = Duration.ofDays(365).toMillis();
    private static final int MAX_AFTER = 100;

    private static final int MAX_KEY_CHARACTERS = 1_000;
    /** A list of 20 must stay short. */
    private static final int MAX_LABEL_CHARACTERS = 80;

    private CreateArguments() {}

    static JobRequest request(Arguments arguments, @Nullable Object traceparent, Opened context)
            throws InvalidArgumentException {
        String command = arguments.requiredText("command");
        boolean shell = arguments.optionalBoolean("shell", false);
        String cwd = arguments.optionalText("cwd");
        String key = arguments.optionalText("idempotency_key");
        if (key != null && characters(key) > MAX_KEY_CHARACTERS) {
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
        JobTrace trace = trace(arguments, traceparent, context);
        long characters = Stream.of(
                        Stream.of(command),
                        args.stream(),
                        env.keySet().stream(),
                        env.values().stream(),
                        Stream.of(
                                cwd, options.stdin(), trace.channelTransport(), trace.channelId(), trace.sessionPath()))
                .flatMap(Function.identity())
                .filter(Objects::nonNull)
                .mapToLong(String::length)
                .sum();
        if (characters > MAX_CHARACTERS) {
            throw new InvalidArgumentException(
                    "command, args, env, stdin, cwd and the names of channel and session must not have" + " more than "
                            + MAX_CHARACTERS + " characters together");
        }
        return new JobRequest(
                shell ? "sh" : command,
                shell ? scripted(command, args) : args,
                env,
                cwd == null ? null : inside(() -> context.roots().directory("cwd", cwd)),
                arguments.optionalInteger("timeout_ms", 1, context.config().maxTimeoutMs()),
                trace,
                options,
                arguments.optionalInteger("delay_ms", 0, MAX_DELAY_MS),
                key == null ? null : JobId.ofKey(key));
    }

    private static JobOptions options(Arguments arguments) throws InvalidArgumentException {
        String label = arguments.optionalText("label");
        if (label != null && characters(label) > MAX_LABEL_CHARACTERS) {
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
        String stdin = arguments.optionalString("stdin");
        if (stdin != null && !StandardCharsets.UTF_8.newEncoder().canEncode(stdin)) {
            throw new InvalidArgumentException(
                    "stdin must not contain half a surrogate pair, which UTF-8 does not have");
        }
        Long priority = arguments.optionalInteger("priority", -JobOptions.MAX_PRIORITY, JobOptions.MAX_PRIORITY);
        Long retries = arguments.optionalInteger("retries", 0, JobOptions.MAX_RETRIES);
        JobOptions options = new JobOptions(
                label,
                stdin == null || stdin.isEmpty() ? null : stdin, // which is the same
                priority == null ? 0 : priority.intValue(),
                runAt == null ? 0 : runAt,
                after,
                retries == null ? 0 : retries.intValue());
        return options.equals(JobOptions.NONE) ? JobOptions.NONE : options;
    }

    /** As people count them, not as Java stores them. */
    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    /** What stands behind the script is $0 first, by which sh names itself in its messages. */
    private static List<String> scripted(String script, List<String> args) {
        // Else sh takes it for options.
        Stream<String> begin =
                script.startsWith("-") || script.startsWith("+") ? Stream.of("-c", "--") : Stream.of("-c");
        return Stream.of(begin, Stream.of(script, "sh"), args.stream())
                .flatMap(Function.identity())
                .toList();
    }

    private static JobTrace trace(Arguments arguments, @Nullable Object traceparent, Opened context)
            throws InvalidArgumentException {
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
        return new JobTrace(
                root,
                transport,
                channel,
                session,
                JobTrace.traceparentOf(traceparent).orElse(null));
    }

    private static String inside(Supplier<Path> path) throws InvalidArgumentException {
        try {
            return path.get().toString();
        } catch (IllegalArgumentException e) {
            throw new InvalidArgumentException(String.valueOf(e.getMessage()));
        }
    }
}
