package dev.tau.jobs.cli;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.terminal.Texts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The job tools as methods, for commands that play the agent. */
final class Jobs {
    private static final List<String> NEEDED = List.of("jobs_create", "jobs_list", "jobs_status", "jobs_cancel");

    /** A tool that answered with an error; the message is the tool's sentence. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final String reasonCode;

        Refused(String reasonCode, String message) {
            super(message);
            this.reasonCode = reasonCode;
        }

        String reasonCode() {
            return reasonCode;
        }
    }

    private final ToolSet tools;

    Jobs(ToolSet tools) {
        this.tools = tools;
    }

    /** Prints what could not be loaded; returns whether a tool is missing because of it. */
    static boolean reportProblems(ToolSet tools) {
        // All four tools share one runtime, so one wrong setting would be said four times.
        tools.problems().stream()
                .map(problem -> problem.replaceFirst("^tool \\S+ could not be opened: ", ""))
                .distinct()
                .forEach(problem -> System.err.println("tau-jobs: " + Texts.printable(problem)));
        boolean missing = NEEDED.stream().anyMatch(name -> tools.find(name).isEmpty());
        if (missing && tools.problems().isEmpty()) {
            System.err.println("tau-jobs: the job tools are not on the class path");
        }
        return missing;
    }

    Map<?, ?> create(Map<String, Object> arguments) throws Refused {
        return job(call("jobs_create", arguments));
    }

    Map<?, ?> status(String id) throws Refused {
        return job(call("jobs_status", Map.of("job_id", id)));
    }

    Map<?, ?> cancel(String id) throws Refused {
        return job(call("jobs_cancel", Map.of("job_id", id)));
    }

    /** The job when it has ended, or when the time is up; the tool takes at most 45 s. */
    Map<?, ?> await(String id, int waitMs) throws Refused {
        return job(call("jobs_status", Map.of("job_id", id, "wait_ms", waitMs)));
    }

    static boolean isOver(Map<?, ?> job) {
        Object status = job.get("status");
        return "succeeded".equals(status) || "failed".equals(status) || "cancelled".equals(status);
    }

    static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }

    static boolean isTrue(Map<?, ?> map, String key) {
        return Boolean.TRUE.equals(map.get(key));
    }

    private ToolResult call(String name, Map<String, Object> arguments) throws Refused {
        Tool tool = tools.find(name).orElseThrow(() -> new Refused("jobs_runtime_unavailable", name + " is missing"));
        ToolResult result = tool.execute(ToolCall.of(arguments));
        if (result.isError()) {
            throw new Refused(result.reasonCode(), text(result.content(), "error"));
        }
        return result;
    }

    private static Map<?, ?> job(ToolResult result) throws Refused {
        @Nullable Object job = result.content().get("job");
        if (job instanceof Map<?, ?> map) {
            return map;
        }
        throw new Refused("jobs_runtime_error", "the answer holds no job");
    }
}
