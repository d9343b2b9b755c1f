package dev.tau.jobs.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
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
            closed.incrementAndGet();
            throw new IllegalStateException("again");
        }
    }

    private static final AtomicInteger closed = new AtomicInteger();

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

    /** A tool that tells which attributes it was given. */
    public static final class TellingTool implements Tool {
        @Override
        public ToolDefinition definition() {
            return ToolDefinition.builder("tells").build();
        }

        @Override
        public void open(ToolContext context) {}

        @Override
        public ToolResult execute(ToolCall call) {
            return ToolResult.success("tells", "ok", Map.of("attributes", new TreeMap<>(call.attributes())));
        }

        @Override
        public void close() {}
    }

    /** Adds what it knows. */
    public static final class Knowing implements ToolCallCustomizer {
        @Override
        public ToolCall customize(ToolCall call) {
            Map<String, Object> attributes = new TreeMap<>(call.attributes());
            attributes.put("thread", Thread.currentThread().getName());
            return call.withAttributes(attributes);
        }
    }

    /** Two customizers as strangers write them. */
    public static final class Throwing implements ToolCallCustomizer {
        @Override
        public ToolCall customize(ToolCall call) {
            throw new IllegalStateException("no context");
        }
    }

    /** The other one. */
    public static final class Null implements ToolCallCustomizer {
        @Override
        @SuppressWarnings("NullAway") // what a class that NullAway has not seen may do
        public ToolCall customize(ToolCall call) {
            return null;
        }
    }

    private static void addService(Path dir, Class<?> service, String... classNames) throws IOException {
        Path services = Files.createDirectories(dir.resolve("META-INF/services"));
        Files.writeString(services.resolve(service.getName()), String.join("\n", classNames));
    }

    @Test
    void who_knows_more_of_a_call_adds_it_and_who_fails_spoils_nothing(@TempDir Path dir) throws IOException {
        addService(
                dir,
                ToolCallCustomizer.class,
                Throwing.class.getName(),
                "no.such.Customizer",
                Knowing.class.getName(),
                Null.class.getName());
        try (ToolSet tools = ToolSet.load(contextWith(dir, TellingTool.class.getName()))) {
            ToolCall call = ToolCall.of(Map.of()).withAttributes(Map.of("user", "me"));
            ToolResult result = tools.find("tells").orElseThrow().execute(call);

            assertThat(result.content())
                    .containsEntry(
                            "attributes",
                            Map.of("thread", Thread.currentThread().getName(), "user", "me"));
            assertThat(tools.problems()).singleElement().asString().contains("no.such.Customizer");
        }
    }

    private static ToolContext contextWith(Path dir, String... classNames) throws IOException {
        addService(dir, Tool.class, classNames);
        return ToolContext.builder()
                .classLoader(new URLClassLoader(new URL[] {dir.toUri().toURL()}, ToolSetTest.class.getClassLoader()))
                .build();
    }

    @Test
    void who_needs_all_tools_gets_all_or_none(@TempDir Path dir) throws IOException {
        ToolContext one = contextWith(dir.resolve("one"), ThrowingTool.class.getName());
        try (ToolSet tools = ToolSet.loadAll(one)) {
            assertThat(tools).hasSize(1);
        }
        closed.set(0);
        ToolContext two = contextWith(dir.resolve("two"), ThrowingTool.class.getName(), UnopenableTool.class.getName());
        assertThatThrownBy(() -> ToolSet.loadAll(two))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("--x must be at least 1");
        assertThat(closed).as("what could be opened is closed again").hasValue(1);
        assertThatThrownBy(() -> ToolSet.loadAll(contextWith(dir.resolve("none"))))
                .hasMessage("there are no tools on the class path");
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
