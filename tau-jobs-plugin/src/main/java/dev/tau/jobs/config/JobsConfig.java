package dev.tau.jobs.config;

import dev.tau.jobs.json.JsonLibrary;
import dev.tau.jobs.spi.ToolContext;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of one runtime; names and defaults are the wire format's.
 *
 * @param enabled whether the tools do anything
 * @param stateDir absolute
 * @param listDefaultLimit jobs in a list, if the call names no limit
 * @param listMaxLimit jobs in a list at the most; never below the default
 * @param defaultTimeoutMs milliseconds of a job whose call names none
 * @param maxTimeoutMs of any job; never below the default
 * @param workers jobs that run at once
 * @param maxQueued jobs that wait at the most
 * @param killGraceMs milliseconds between SIGTERM and SIGKILL
 * @param maxRecoveries a job found running at that many restarts is given up
 * @param maxOutputBytes what is kept of each output of a job
 * @param retainCount ended jobs that are kept
 * @param retainMs how many milliseconds ended jobs are kept; null for ever
 * @param inheritedEnvironment which of the host's variables a job sees
 * @param controlGroups whether each job gets a control group, where the host may make them
 * @param channelStoreRoot absolute
 * @param session absolute; null with --no-session
 * @param logRotationMaxBytes events.jsonl is rotated before it would grow over this
 * @param logRotationMaxFiles files of the event log that are kept, events.jsonl included
 * @param json what reads and writes JSON
 * @param allowedCommands which programs may be started
 * @param maxPerMinute how many jobs may be created in any minute; null for any number
 */
public record JobsConfig(
        boolean enabled,
        Path stateDir,
        int listDefaultLimit,
        int listMaxLimit,
        long defaultTimeoutMs,
        long maxTimeoutMs,
        int workers,
        int maxQueued,
        long killGraceMs,
        int maxRecoveries,
        long maxOutputBytes,
        int retainCount,
        @Nullable Long retainMs,
        InheritedEnvironment inheritedEnvironment,
        boolean controlGroups,
        Path channelStoreRoot,
        @Nullable Path session,
        long logRotationMaxBytes,
        int logRotationMaxFiles,
        JsonLibrary json,
        AllowedCommands allowedCommands,
        @Nullable Integer maxPerMinute) {

    private static final Set<String> KNOWN = Set.of(
            "jobs-enabled",
            "jobs-state-dir",
            "jobs-list-default-limit",
            "jobs-list-max-limit",
            "jobs-default-timeout-ms",
            "jobs-max-timeout-ms",
            "jobs-workers",
            "jobs-max-queued",
            "jobs-kill-grace-ms",
            "jobs-max-recoveries",
            "jobs-max-output-bytes",
            "jobs-retain-count",
            "jobs-retain-ms",
            "jobs-inherit-env",
            "jobs-control-groups",
            "jobs-json",
            "jobs-allow-command",
            "jobs-max-per-minute");

    /**
     * Reads and checks the settings of a host.
     *
     * @param context the host's
     * @return the settings
     * @throws IllegalArgumentException if one is not valid; the message names flag or variable, value and rule
     */
    public static JobsConfig from(ToolContext context) {
        refuseUnknown(context);
        int listDefault = (int) integer(context, "jobs-list-default-limit", 20, 1, 100_000);
        long defaultTimeout = integer(context, "jobs-default-timeout-ms", 30_000, 1, Long.MAX_VALUE / 2_000_000);
        int processors = Runtime.getRuntime().availableProcessors();
        return new JobsConfig(
                bool(context, "jobs-enabled", true),
                path(context, "jobs-state-dir", ".tau/jobs"),
                listDefault,
                (int) Math.max(listDefault, integer(context, "jobs-list-max-limit", 200, 1, 100_000)),
                defaultTimeout,
                Math.max(
                        defaultTimeout,
                        integer(context, "jobs-max-timeout-ms", 900_000, 1, Long.MAX_VALUE / 2_000_000)),
                (int) integer(context, "jobs-workers", Math.max(4, 2L * processors), 1, 10_000),
                (int) integer(context, "jobs-max-queued", 10_000, 1, 10_000_000),
                integer(context, "jobs-kill-grace-ms", 2_000, 0, 600_000),
                (int) integer(context, "jobs-max-recoveries", 3, 1, 1_000_000),
                // Below a few blocks there is nothing to drop, and no preview to show.
                integer(context, "jobs-max-output-bytes", 64L << 20, 64L << 10, Long.MAX_VALUE / 4),
                (int) integer(context, "jobs-retain-count", 10_000, 0, Integer.MAX_VALUE),
                context.settings().containsKey("jobs-retain-ms")
                        ? (Long) integer(context, "jobs-retain-ms", 1, 1, Long.MAX_VALUE / 4)
                        : null,
                parsed(context, "jobs-inherit-env", "all", InheritedEnvironment::parse),
                bool(context, "jobs-control-groups", true),
                path(context, "channel-store-root", ".tau/channel-store"),
                bool(context, "no-session", false) ? null : path(context, "session", ".tau/sessions/default.jsonl"),
                integer(context, "log-rotation-max-bytes", 10L << 20, 1, Long.MAX_VALUE),
                (int) integer(context, "log-rotation-max-files", 5, 1, 1_000),
                parsed(context, "jobs-json", "auto", JsonLibrary::parse),
                context.settings().containsKey("jobs-allow-command")
                        ? parsed(context, "jobs-allow-command", "", AllowedCommands::parse)
                        : AllowedCommands.any(),
                context.settings().containsKey("jobs-max-per-minute")
                        ? (Integer) (int) integer(context, "jobs-max-per-minute", 1, 1, 1_000_000)
                        : null);
    }

    /** A mistyped flag must not be taken for its default; variables may be meant for another version. */
    private static void refuseUnknown(ToolContext context) {
        for (String key : context.settings().keySet()) {
            if (key.startsWith("jobs-")
                    && !KNOWN.contains(key)
                    && !context.origin(key).startsWith("TAU_")) {
                throw new IllegalArgumentException(context.origin(key) + " is not known");
            }
        }
    }

    private static long integer(ToolContext context, String key, long absent, long min, long max) {
        String value = context.settings().get(key);
        if (value == null) {
            return absent;
        }
        try {
            long number = Long.parseLong(value.strip());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both: not a number, and not in the range.
        }
        throw invalid(context, key, value, "must be an integer from " + min + " to " + max);
    }

    /** What a parser makes of a value, if its complaint is the rule. */
    private static <T> T parsed(ToolContext context, String key, String absent, Function<String, T> parser) {
        String value = context.settings().getOrDefault(key, absent);
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw invalid(context, key, value, String.valueOf(e.getMessage()));
        }
    }

    private static boolean bool(ToolContext context, String key, boolean absent) {
        String value = context.settings().get(key);
        if (value == null) {
            return absent;
        }
        return switch (value.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> throw invalid(context, key, value, "must be true or false");
        };
    }

    private static Path path(ToolContext context, String key, String absent) {
        String value = context.settings().getOrDefault(key, absent);
        if (value.isBlank()) {
            throw invalid(context, key, value, "must not be empty");
        }
        try {
            return context.workingDirectory().resolve(value).normalize();
        } catch (InvalidPathException e) {
            throw invalid(context, key, value, "must be a path (" + e.getReason() + ")");
        }
    }

    private static IllegalArgumentException invalid(ToolContext context, String key, String value, String rule) {
        return new IllegalArgumentException(context.origin(key) + " " + rule + ", but is \"" + value + "\"");
    }
}
