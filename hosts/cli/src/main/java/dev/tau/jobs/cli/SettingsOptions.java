package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The settings' flags, which every command takes. Values stay text here: the plugin checks them together with those of
 * the environment, so that both get the same messages.
 */
final class SettingsOptions {
    @Option(
            names = "--jobs-enabled",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Whether the tools do anything; else they answer jobs_disabled. "
                    + "Default: true. Environment: TAU_JOBS_ENABLED")
    private @Nullable String enabled;

    @Option(
            names = "--jobs-state-dir",
            paramLabel = "DIR",
            description = "Where jobs and their output are kept. Default: .tau/jobs under the working directory. "
                    + "Environment: TAU_JOBS_STATE_DIR")
    private @Nullable String stateDir;

    @Option(
            names = "--jobs-list-default-limit",
            paramLabel = "N",
            description = "How many jobs a listing shows unless told. Default: 20. "
                    + "Environment: TAU_JOBS_LIST_DEFAULT_LIMIT")
    private @Nullable String listDefaultLimit;

    @Option(
            names = "--jobs-list-max-limit",
            paramLabel = "N",
            description = "How many jobs a listing may show, never below the default limit. Default: 200. "
                    + "Environment: TAU_JOBS_LIST_MAX_LIMIT")
    private @Nullable String listMaxLimit;

    @Option(
            names = "--jobs-default-timeout-ms",
            paramLabel = "MS",
            description = "How long a job may run unless told, in milliseconds. Default: 30000. "
                    + "Environment: TAU_JOBS_DEFAULT_TIMEOUT_MS")
    private @Nullable String defaultTimeout;

    @Option(
            names = "--jobs-max-timeout-ms",
            paramLabel = "MS",
            description = "How long a job may run at most, in milliseconds, never below the default timeout. "
                    + "Default: 900000. Environment: TAU_JOBS_MAX_TIMEOUT_MS")
    private @Nullable String maxTimeout;

    @Option(
            names = "--channel-store-root",
            paramLabel = "DIR",
            description = "Where the channel logs of jobs that name a channel are kept. "
                    + "Default: .tau/channel-store. Environment: TAU_CHANNEL_STORE_ROOT")
    private @Nullable String channelStoreRoot;

    @Option(
            names = "--session",
            paramLabel = "FILE",
            description = "The session file that jobs report to. Default: .tau/sessions/default.jsonl. "
                    + "Environment: TAU_SESSION")
    private @Nullable String session;

    @Option(
            names = "--no-session",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            description = "Report to no session file. Default: off. Environment: TAU_NO_SESSION")
    private @Nullable String noSession;

    @Option(
            names = "--jobs-workers",
            paramLabel = "N",
            description = "How many jobs run at once. Default: twice the processors, at least 4. "
                    + "Environment: TAU_JOBS_WORKERS")
    private @Nullable String workers;

    @Option(
            names = "--jobs-max-queued",
            paramLabel = "N",
            description = "How many jobs may wait; beyond it new ones are refused. Default: 10000. "
                    + "Environment: TAU_JOBS_MAX_QUEUED")
    private @Nullable String maxQueued;

    @Option(
            names = "--jobs-kill-grace-ms",
            paramLabel = "MS",
            description = "How long a job that is to end has between SIGTERM and SIGKILL, in milliseconds. "
                    + "Default: 2000. Environment: TAU_JOBS_KILL_GRACE_MS")
    private @Nullable String killGrace;

    @Option(
            names = "--jobs-max-recoveries",
            paramLabel = "N",
            description = "A job that was running at this many restarts fails instead of being queued again. "
                    + "Default: 3. Environment: TAU_JOBS_MAX_RECOVERIES")
    private @Nullable String maxRecoveries;

    @Option(
            names = "--jobs-max-output-bytes",
            paramLabel = "BYTES",
            description = "How much of each output of a job is kept; of more, the newest part. Default: 67108864. "
                    + "Environment: TAU_JOBS_MAX_OUTPUT_BYTES")
    private @Nullable String maxOutputBytes;

    @Option(
            names = "--jobs-retain-count",
            paramLabel = "N",
            description = "How many ended jobs are kept; beyond it those that ended first are removed. Default: 10000. "
                    + "Environment: TAU_JOBS_RETAIN_COUNT")
    private @Nullable String retainCount;

    @Option(
            names = "--jobs-retain-ms",
            paramLabel = "MS",
            description = "How long ended jobs are kept, in milliseconds. Default: for ever. "
                    + "Environment: TAU_JOBS_RETAIN_MS")
    private @Nullable String retainMs;

    @Option(
            names = "--jobs-inherit-env",
            paramLabel = "all|none|NAMES",
            description = "Which of the host's variables a job sees: all, none, or names and NAME* patterns, separated "
                    + "by commas; PATH, HOME, LANG and TMPDIR always pass. Default: all. "
                    + "Environment: TAU_JOBS_INHERIT_ENV")
    private @Nullable String inheritEnv;

    @Option(
            names = "--jobs-control-groups",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            description =
                    "Whether each job gets a control group where the host may make them, so that no process of it "
                            + "can hide. Default: true. Environment: TAU_JOBS_CONTROL_GROUPS")
    private @Nullable String controlGroups;

    @Option(
            names = "--jobs-json",
            paramLabel = "auto|jackson|jsonb",
            description =
                    "What reads and writes JSON, which must be on the class path; auto: Jackson if it is there, else "
                            + "JSON-B. Default: auto. Environment: TAU_JOBS_JSON")
    private @Nullable String json;

    @Option(
            names = "--jobs-allow-command",
            paramLabel = "PATTERN",
            description = "Allows only programs whose name, or absolute path where it has a slash, matches this glob "
                    + "pattern; may be given more than once. Default: any program. "
                    + "Environment: TAU_JOBS_ALLOW_COMMAND, a pattern a line")
    private List<String> allowCommand = List.of();

    @Option(
            names = "--jobs-max-per-minute",
            paramLabel = "N",
            description = "How many jobs may be created in any minute. Default: any number. "
                    + "Environment: TAU_JOBS_MAX_PER_MINUTE")
    private @Nullable String maxPerMinute;

    /** The given flags, each as {@code --name=value}: a value of its own may begin with dashes. */
    List<String> flags() {
        List<String> flags = new ArrayList<>();
        add(flags, "--jobs-enabled", enabled);
        add(flags, "--jobs-state-dir", stateDir);
        add(flags, "--jobs-list-default-limit", listDefaultLimit);
        add(flags, "--jobs-list-max-limit", listMaxLimit);
        add(flags, "--jobs-default-timeout-ms", defaultTimeout);
        add(flags, "--jobs-max-timeout-ms", maxTimeout);
        add(flags, "--channel-store-root", channelStoreRoot);
        add(flags, "--session", session);
        add(flags, "--no-session", noSession);
        add(flags, "--jobs-workers", workers);
        add(flags, "--jobs-max-queued", maxQueued);
        add(flags, "--jobs-kill-grace-ms", killGrace);
        add(flags, "--jobs-max-recoveries", maxRecoveries);
        add(flags, "--jobs-max-output-bytes", maxOutputBytes);
        add(flags, "--jobs-retain-count", retainCount);
        add(flags, "--jobs-retain-ms", retainMs);
        add(flags, "--jobs-inherit-env", inheritEnv);
        add(flags, "--jobs-control-groups", controlGroups);
        add(flags, "--jobs-json", json);
        allowCommand.forEach(pattern -> add(flags, "--jobs-allow-command", pattern));
        add(flags, "--jobs-max-per-minute", maxPerMinute);
        return flags;
    }

    private static void add(List<String> flags, String name, @Nullable String value) {
        if (value != null) {
            flags.add(name + "=" + value);
        }
    }

    /** The environment with the given flags on top. */
    ToolContext context() {
        return ToolContext.fromEnvironment(flags().toArray(String[]::new));
    }
}
