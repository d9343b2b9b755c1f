package dev.tau.jobs.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolSetTest {

    /** A tool as strangers write them. */
    public static final class ThrowingTool implements Tool {
        @Override
        public ToolDefinition definition() {
            return ToolDefinition.builder("throws").build();
        }

        @Override
        public void open(ToolContext context) {}

        @Override
        public ToolResult execute(ToolCall call) {
            throw new StackOverflowError("deep");
        }

        @Override
        public void close() {
            throw new IllegalStateException("again");
        }
    }

    /** A tool with a setting that is wrong. */
    public static final class UnopenableTool implements Tool {
        @Override
        public ToolDefinition definition() {
            return ToolDefinition.builder("unopenable").build();
        }

        @Override
        public void open(ToolContext context) {
            throw new IllegalArgumentException("--x must be at least 1");
        }

        @Override
        public ToolResult execute(ToolCall call) {
            return ToolResult.success("unopenable", "ok", Map.of());
        }

        @Override
        public void close() {}
    }

    @Test
    void a_throwing_tool_becomes_an_error_result_and_a_broken_one_a_problem(@TempDir Path dir) throws IOException {
        Path services = Files.createDirectories(dir.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(Tool.class.getName()),
                "no.such.Tool\n" + ThrowingTool.class.getName() + "\n" + UnopenableTool.class.getName() + "\n");
        try (URLClassLoader loader = new URLClassLoader(
                        new URL[] {dir.toUri().toURL()}, getClass().getClassLoader());
                ToolSet tools =
                        ToolSet.load(ToolContext.builder().classLoader(loader).build())) {
            ToolResult result = tools.find("throws").orElseThrow().execute(ToolCall.of(null));

            assertThat(result.isError()).isTrue();
            assertThat(result.reasonCode()).isEqualTo("jobs_runtime_error");
            assertThat(tools).hasSize(1);
            assertThat(tools.problems())
                    .anyMatch(p -> p.contains("no.such.Tool"))
                    .anyMatch(p -> p.contains("--x must be at least 1"));
        }
    }
}
