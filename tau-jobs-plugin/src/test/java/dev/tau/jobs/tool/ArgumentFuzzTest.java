package dev.tau.jobs.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a model makes up, the answer is a result with a code of the wire format, never an exception. */
class ArgumentFuzzTest {
    private static final List<String> CODES = List.of(
            "job_queued",
            "jobs_list_ok",
            "jobs_status_ok",
            "jobs_cancel_ok",
            "job_not_found",
            "jobs_invalid_arguments");

    @SuppressWarnings("NullAway.Init") // set before the container
    private static Path dir;

    @SuppressWarnings("NullAway.Init")
    private static ToolSet tools;

    @BeforeContainer
    static void open() throws IOException {
        dir = Files.createTempDirectory("fuzz");
        tools = ToolSet.load(ToolContext.builder()
                .workingDirectory(dir)
                .setting("jobs-max-queued", "1000000")
                .build());
        assertThat(tools).hasSize(4);
    }

    @AfterContainer
    static void close() throws IOException {
        tools.close();
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Property
    void no_json_throws(@ForAll("arguments") Map<String, Object> arguments) {
        for (Tool tool : tools) {
            ToolResult result = tool.execute(ToolCall.of(arguments));

            assertThat(result.reasonCode()).isIn(CODES);
            assertThat(result.json())
                    .startsWith("{\"tool\":\"" + tool.definition().name() + "\"");
            if (result.isError()) {
                assertThat((String) result.content().get("error")).isNotBlank();
            }
        }
    }

    @Provide
    Arbitrary<Map<String, Object>> arguments() {
        Arbitrary<String> names = Arbitraries.oneOf(
                Arbitraries.of(
                        "args",
                        "cwd",
                        "env",
                        "timeout_ms",
                        "channel_transport",
                        "channel_id",
                        "session_path",
                        "limit",
                        "status",
                        "job_id",
                        "output_preview_bytes",
                        "wait_ms"),
                Arbitraries.strings().ofMaxLength(5));
        // No command that exists: this is about arguments, not about what the machine would do.
        Arbitrary<Object> commands = Arbitraries.oneOf(Arbitraries.of("no-such-program-x"), json());
        return Arbitraries.maps(names, json())
                .ofMaxSize(4)
                .flatMap(map -> commands.map(command -> {
                    Map<String, Object> all = new HashMap<>(map);
                    all.put("command", command instanceof String text ? "/nowhere/" + text : command);
                    if (map.size() % 2 == 0) {
                        all.remove("command");
                    }
                    // Waiting is tested elsewhere.
                    all.computeIfPresent("wait_ms", (key, value) -> value instanceof Number ? -1 : value);
                    return all;
                }));
    }

    private static Arbitrary<Object> json() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(10).map(text -> (Object) text),
                Arbitraries.of("../x", "\0", "\ud800", "/etc", "..", "job-1-0001", "terminal", " ")
                        .map(text -> (Object) text),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.of(new BigDecimal("1e400"), new BigDecimal("1e999999999"), new BigDecimal("-0.5"))
                        .map(n -> (Object) n),
                Arbitraries.of(true, false).map(flag -> (Object) flag),
                Arbitraries.just((Object) "null").map(text -> null));
        return Arbitraries.oneOf(
                leaves,
                leaves.list().ofMaxSize(3).map(list -> (Object) list),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(4), leaves.injectNull(0))
                        .ofMaxSize(3)
                        .map(map -> (Object) map));
    }
}
