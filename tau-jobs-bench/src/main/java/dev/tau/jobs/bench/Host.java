package dev.tau.jobs.bench;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A host that knows only the SPI; a call that does not succeed ends the benchmark, since it measures something else. */
final class Host implements AutoCloseable {
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");

    private final ToolSet tools;

    private Host(ToolSet tools) {
        this.tools = tools;
    }

    /**
     * Opens the tools on a state dir, with no session to report to.
     *
     * @param stateDir absolute
     * @param settings on top of it, by flag name without the dashes in front
     */
    static Host open(Path stateDir, Map<String, String> settings) {
        ToolContext.Builder context = ToolContext.builder()
                .workingDirectory(stateDir)
                .setting("jobs-state-dir", stateDir.toString())
                .setting("no-session", "true");
        settings.forEach(context::setting);
        return new Host(ToolSet.load(context.build()));
    }

    ToolResult call(String tool, Map<String, ?> arguments) {
        ToolResult result = tools.find(tool)
                .orElseThrow(() -> new IllegalStateException("no tool " + tool + ": " + tools.problems()))
                .execute(ToolCall.of(arguments));
        if (result.isError()) {
            throw new IllegalStateException(result.json());
        }
        return result;
    }

    /** Creates a job and answers its id. */
    String create(Map<String, ?> arguments) {
        return String.valueOf(job(call("jobs_create", arguments)).get("job_id"));
    }

    /** Waits at most 20 s for the end of a job. */
    ToolResult awaitEnd(String id) {
        ToolResult result = call("jobs_status", Map.of("job_id", id, "wait_ms", 20_000));
        if (!ENDED.contains(String.valueOf(job(result).get("status")))) {
            throw new IllegalStateException("still not ended: " + result.json());
        }
        return result;
    }

    private static Map<?, ?> job(ToolResult result) {
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
