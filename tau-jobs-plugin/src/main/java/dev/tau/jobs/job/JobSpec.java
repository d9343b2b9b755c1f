package dev.tau.jobs.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job was asked to do: fixed when it is created.
 *
 * @param id its id
 * @param command the program, not blank
 * @param args the program's arguments
 * @param env added to the host's environment; values are secret
 * @param cwd the directory to run in, null for the host's
 * @param requestedTimeoutMs milliseconds as asked for, at least 1
 * @param effectiveTimeoutMs the same, clamped to the maximum
 * @param createdUnixMs when it was created, in milliseconds since 1970-01-01 UTC
 * @param trace whom it reports to
 * @param options what else was said of it
 */
public record JobSpec(
        JobId id,
        String command,
        List<String> args,
        Map<String, String> env,
        @Nullable String cwd,
        long requestedTimeoutMs,
        long effectiveTimeoutMs,
        long createdUnixMs,
        JobTrace trace,
        JobOptions options) {
    /** Copies the collections; the environment keeps its order. */
    public JobSpec {
        args = List.copyOf(args);
        env = env.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(env));
    }

    /** {@return what it is called, for people and models; null if nothing} */
    public @Nullable String label() {
        return options.label();
    }

    JobSpec withoutInput() {
        return new JobSpec(
                id,
                command,
                args,
                env,
                cwd,
                requestedTimeoutMs,
                effectiveTimeoutMs,
                createdUnixMs,
                trace,
                options.withoutInput());
    }

    /** Leaves out the values of the environment, so that no log line can hold them. */
    @Override
    public String toString() {
        return "JobSpec[" + id + ", env=" + env.keySet() + "]";
    }
}
