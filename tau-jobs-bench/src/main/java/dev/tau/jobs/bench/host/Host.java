package dev.tau.jobs.bench.host;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A host that knows only the SPI; a call that does not succeed ends the benchmark, since it measures something else. */
public final class Host implements AutoCloseable {
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");

    private final ToolSet tools;

    private Host(ToolSet tools) {
        this.tools = tools;
    }

    /**
     * Opens the tools on a state dir, with no session to report to. Neither the history nor the queue is limited, and what
     * is running at a close may be recovered again and again.
     *
     * @param stateDir absolute
     * @param settings on top of it, by flag name without the dashes in front
     * @return the open host
     */
    public static Host open(Path stateDir, Map<String, String> settings) {
        ToolContext.Builder context = ToolContext.builder()
                .workingDirectory(stateDir)
                .setting("jobs-state-dir", stateDir.toString())
                .setting("jobs-retain-count", "100000000")
                .setting("jobs-max-queued", "10000000")
                .setting("jobs-max-recoveries", "1000000")
                .setting("no-session", "true");
        settings.forEach(context::setting);
        return new Host(ToolSet.load(context.build()));
    }

    /**
     * Calls a tool.
     *
     * @param tool its name
     * @param arguments as a model would give them
     * @return a result that is no error
     */
    public ToolResult call(String tool, Map<String, ?> arguments) {
        ToolResult result = tools.find(tool)
                .orElseThrow(() -> new IllegalStateException("no tool " + tool + ": " + tools.problems()))
                .execute(ToolCall.of(arguments));
        if (result.isError()) {
            throw new IllegalStateException(result.json());
        }
        return result;
    }

    /**
     * Creates a job.
     *
     * @param arguments of jobs_create
     * @return its id
     */
    public String create(Map<String, ?> arguments) {
        return String.valueOf(job(call("jobs_create", arguments)).get("job_id"));
    }

    /**
     * Waits at most 20 s for the end of a job.
     *
     * @param id the job
     * @return its status
     */
    public ToolResult awaitEnd(String id) {
        ToolResult result = call("jobs_status", Map.of("job_id", id, "wait_ms", 20_000));
        if (!ENDED.contains(String.valueOf(job(result).get("status")))) {
            throw new IllegalStateException("still not ended: " + result.json());
        }
        return result;
    }

    /**
     * One of the runtime's counters.
     *
     * @param counter a member of {@code health}, such as running_jobs
     * @return its value
     */
    public long counter(String counter) {
        ToolResult result = call("jobs_list", Map.of("limit", 1));
        if (result.content().get("health") instanceof Map<?, ?> health && health.get(counter) instanceof Number value) {
            return value.longValue();
        }
        throw new IllegalStateException("no " + counter + " in " + result.json());
    }

    /**
     * What a result says of its job.
     *
     * @param result of jobs_create, jobs_status or jobs_cancel
     * @return its member {@code job}
     */
    public static Map<?, ?> job(ToolResult result) {
        if (result.content().get("job") instanceof Map<?, ?> job) {
            return job;
        }
        throw new IllegalStateException("no job in " + result.json());
    }

    @Override
    public void close() {
        tools.close();
    }
}
