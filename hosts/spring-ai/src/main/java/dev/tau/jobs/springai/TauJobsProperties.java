package dev.tau.jobs.springai;

import dev.tau.jobs.spi.ToolContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * The settings of the tools. What is not set has the plugin's default; the environment variables {@code TAU_…} are not read, as
 * Spring has its own way from variables to properties ({@code TAU_JOBS_WORKERS} is {@code tau.jobs.workers}). Paths are text here: Spring
 * would take a relative one for a resource of the application.
 *
 * @param enabled whether the tools do anything; else they answer jobs_disabled
 * @param workingDirectory what relative paths are relative to; the process's by default
 * @param allowedRoots where the paths that a model names must lie; the working directory by default
 * @param stateDir where jobs and their output are kept
 * @param workers how many jobs run at once
 * @param maxQueued how many jobs may wait; more are refused
 * @param defaultTimeout how long a job may run unless told
 * @param maxTimeout how long a job may run at the most
 * @param killGrace time between SIGTERM and SIGKILL
 * @param maxRecoveries a job that was running at this many restarts fails instead of being queued again
 * @param maxOutput how much of each output of a job is kept; of more, the newest part
 * @param retainCount how many ended jobs are kept
 * @param retain how long ended jobs are kept; for ever by default
 * @param inheritEnv which of the process's variables a job sees: all, none, or names and NAME* patterns separated by commas
 * @param controlGroups whether each job gets a control group where the process may make them
 * @param listDefaultLimit how many jobs a list shows unless told
 * @param listMaxLimit how many jobs a list shows at the most
 * @param json what reads and writes the files: auto, jackson or jsonb
 * @param allowCommands which programs may be started, as glob patterns of names or absolute paths; any by default
 * @param maxPerMinute how many jobs may be created in any minute; any number by default
 * @param channelStoreRoot where the logs of jobs that name a channel are kept
 * @param session the session file that jobs report to
 * @param noSession whether jobs report to no session file
 */
@ConfigurationProperties("tau.jobs")
public record TauJobsProperties(
        @Nullable Boolean enabled,
        @Nullable String workingDirectory,
        @Nullable List<String> allowedRoots,
        @Nullable String stateDir,
        @Nullable Integer workers,
        @Nullable Integer maxQueued,
        @Nullable Duration defaultTimeout,
        @Nullable Duration maxTimeout,
        @Nullable Duration killGrace,
        @Nullable Integer maxRecoveries,
        @Nullable DataSize maxOutput,
        @Nullable Integer retainCount,
        @Nullable Duration retain,
        @Nullable String inheritEnv,
        @Nullable Boolean controlGroups,
        @Nullable Integer listDefaultLimit,
        @Nullable Integer listMaxLimit,
        @Nullable String json,
        @Nullable List<String> allowCommands,
        @Nullable Integer maxPerMinute,
        @Nullable String channelStoreRoot,
        @Nullable String session,
        @Nullable Boolean noSession) {

    /** {@return the context that the tools are opened with} */
    ToolContext context() {
        return builder().build();
    }

    /** {@return the same, to be added to} */
    ToolContext.Builder builder() {
        ToolContext.Builder context = ToolContext.builder();
        if (workingDirectory != null) {
            context.workingDirectory(Path.of(workingDirectory));
        }
        if (allowedRoots != null) {
            allowedRoots.forEach(root -> context.allowedRoot(Path.of(root)));
        }
        put(context, "jobs-enabled", enabled);
        put(context, "jobs-state-dir", stateDir);
        put(context, "jobs-workers", workers);
        put(context, "jobs-max-queued", maxQueued);
        put(context, "jobs-default-timeout-ms", ms(defaultTimeout));
        put(context, "jobs-max-timeout-ms", ms(maxTimeout));
        put(context, "jobs-kill-grace-ms", ms(killGrace));
        put(context, "jobs-max-recoveries", maxRecoveries);
        put(context, "jobs-max-output-bytes", maxOutput == null ? null : maxOutput.toBytes());
        put(context, "jobs-retain-count", retainCount);
        put(context, "jobs-retain-ms", ms(retain));
        put(context, "jobs-inherit-env", inheritEnv);
        put(context, "jobs-control-groups", controlGroups);
        put(context, "jobs-list-default-limit", listDefaultLimit);
        put(context, "jobs-list-max-limit", listMaxLimit);
        put(context, "jobs-json", json);
        put(context, "jobs-allow-command", allowCommands == null ? null : String.join("\n", allowCommands));
        put(context, "jobs-max-per-minute", maxPerMinute);
        put(context, "channel-store-root", channelStoreRoot);
        put(context, "session", session);
        put(context, "no-session", noSession);
        return context;
    }

    private static void put(ToolContext.Builder context, String key, @Nullable Object value) {
        if (value != null) {
            context.setting(key, value.toString());
        }
    }

    private static @Nullable Long ms(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
