package dev.tau.jobs.it;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A host that has the drop-in jar and the JDK alone; prints what it saw, a line a fact. */
final class AllJarMain {
    private AllJarMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        System.out.println("jackson=" + isThere("com.fasterxml.jackson.databind.ObjectMapper") + ","
                + isThere("com.fasterxml.jackson.core.JsonFactory"));
        ToolContext context = ToolContext.builder()
                .workingDirectory(Path.of(args[0]))
                .setting("no-session", "true")
                .build();
        try (ToolSet tools = ToolSet.load(context)) {
            TreeSet<String> names = new TreeSet<>();
            for (Tool tool : tools) {
                names.add(tool.definition().name());
            }
            System.out.println("tools=" + names + tools.problems());
            Map<?, ?> created = job(execute(tools, "jobs_create", Map.of("command", "echo", "args", List.of("hi"))));
            ToolResult ended =
                    execute(tools, "jobs_status", Map.of("job_id", created.get("job_id"), "wait_ms", 20_000));
            System.out.println("status=" + job(ended).get("status"));
            System.out.println("stdout=" + ended.content().get("stdout_preview"));
        }
    }

    private static ToolResult execute(ToolSet tools, String name, Map<String, ?> arguments) {
        ToolResult result = tools.find(name).orElseThrow().execute(ToolCall.of(arguments));
        if (result.isError()) {
            throw new IllegalStateException(result.json());
        }
        return result;
    }

    private static Map<?, ?> job(ToolResult result) {
        return (Map<?, ?>) result.content().get("job");
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, AllJarMain.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
