package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.ToolContract;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import net.jqwik.api.Group;
import org.junit.jupiter.api.Nested;

/** The four tools, found as a host finds them, hold the contract. */
class OurToolsIT {

    abstract static class OurTool extends ToolContract {
        private final String name;

        OurTool(String name) {
            this.name = name;
        }

        @Override
        protected Tool newTool() {
            return ServiceLoader.load(Tool.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(tool -> tool.definition().name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        protected ToolContext context(Path directory) {
            return super.context(directory).toBuilder()
                    .setting("no-session", "true")
                    .setting("jobs-max-queued", "1000000")
                    .setting("jobs-kill-grace-ms", "200")
                    .build();
        }

        @Override
        protected Map<String, Object> validArguments(ToolContext opened) {
            return Map.of();
        }

        /** Waiting is tested elsewhere. */
        @Override
        protected Map<String, Object> harmless(Map<String, Object> arguments) {
            arguments.computeIfPresent("wait_ms", (key, value) -> value instanceof Number ? -1 : value);
            return arguments;
        }

        static String job(ToolContext opened) {
            try (ToolSet tools = ToolSet.load(opened)) {
                ToolResult created =
                        tools.find("jobs_create").orElseThrow().execute(ToolCall.of(Map.of("command", "true")));
                assertThat(created.isError()).as(created.json()).isFalse();
                return Json.parse(created.json()).path("job").path("job_id").asString();
            }
        }
    }

    @Nested
    @Group
    class Create extends OurTool {
        Create() {
            super("jobs_create");
        }

        @Override
        protected Map<String, Object> validArguments(ToolContext opened) {
            return Map.of("command", "/nowhere/true");
        }

        /** No command that exists: this is about arguments, not about what the machine would do. */
        @Override
        protected Map<String, Object> harmless(Map<String, Object> arguments) {
            arguments.computeIfPresent(
                    "command",
                    (key, value) -> value instanceof String text && !text.isBlank() ? "/nowhere/" + text : value);
            return arguments;
        }
    }

    @Nested
    @Group
    class List extends OurTool {
        List() {
            super("jobs_list");
        }
    }

    @Nested
    @Group
    class Status extends OurTool {
        Status() {
            super("jobs_status");
        }

        @Override
        protected Map<String, Object> validArguments(ToolContext opened) {
            return Map.of("job_id", job(opened));
        }
    }

    @Nested
    @Group
    class Cancel extends OurTool {
        Cancel() {
            super("jobs_cancel");
        }

        @Override
        protected Map<String, Object> validArguments(ToolContext opened) {
            return Map.of("job_id", job(opened));
        }
    }
}
