package dev.tau.jobs.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What every {@link Tool} must do. An implementer extends this class, overrides the factory methods, and gets the tests:
 *
 * <ul>
 *   <li>The definition is valid before and after open: a name that models can call, the same in both; a schema that is an
 *       object of JSON Schema 2020-12, names all its arguments, and lets no others in.
 *   <li>Bad input is an error result, never an exception: arguments that the schema does not name, that are of another
 *       type, or that are missing, and whatever jqwik makes up.
 *   <li>{@code json()} is one line that parses to what {@code content()} holds.
 *   <li>Calls from many threads at once are all answered.
 *   <li>Closing again does nothing; a call before open and after close is an error result.
 * </ul>
 *
 * <p>Needs both test engines, JUnit Jupiter and jqwik. Each test has a tool and a directory of its own.
 */
public abstract class ToolContract {
    private static final Set<String> JSON_TYPES =
            Set.of("string", "integer", "number", "boolean", "array", "object", "null");
    private static final int THREADS = 8;
    private static final int CALLS = 10;

    private @Nullable TemporaryDirectory directory;
    private @Nullable ToolContext context;
    private @Nullable Tool tool;

    /** For subclasses. */
    protected ToolContract() {}

    /** {@return a new tool, not open} */
    protected abstract Tool newTool();

    /**
     * What the tool is opened with.
     *
     * @param directory an empty directory, deleted after the test
     * @return a context; by default one with that working directory and no settings
     */
    protected ToolContext context(Path directory) {
        return ToolContext.builder().workingDirectory(directory).build();
    }

    /**
     * Arguments that the tool must accept, again and again. Called once the tool is open.
     *
     * @param opened what the tool was opened with; to make what the arguments name, such as a job to ask for
     * @return the arguments
     * @throws Exception if they can't be made, which fails the test
     */
    protected abstract Map<String, Object> validArguments(ToolContext opened) throws Exception;

    /**
     * Takes the sting out of generated arguments, where a tool could do harm or wait long if they were valid by chance.
     *
     * @param arguments generated; may be changed
     * @return what the tool is called with; by default the same
     */
    protected Map<String, Object> harmless(Map<String, Object> arguments) {
        return arguments;
    }

    @BeforeEach
    @BeforeProperty
    final void openTool() {
        directory = TemporaryDirectory.create();
        context = context(directory.path());
        tool = newTool();
        tool.open(context);
    }

    @AfterEach
    @AfterProperty
    final void closeTool() {
        try (TemporaryDirectory deletedLast = directory) {
            tool().close();
        }
    }

    private Tool tool() {
        return requireNonNull(tool);
    }

    private Map<String, Object> valid() throws Exception {
        return validArguments(requireNonNull(context));
    }

    @Test
    final void the_definition_is_valid_before_and_after_open() {
        Tool closed = newTool();
        assertDefinition(closed.definition());
        assertDefinition(tool().definition());
        assertThat(tool().definition().name()).isEqualTo(closed.definition().name());
        closed.close();
    }

    private static void assertDefinition(ToolDefinition definition) {
        assertThat(definition.name()).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(definition.title()).isNotBlank();
        assertThat(definition.description()).isNotBlank();
        assertThat(definition.hints()).isNotNull();
        JsonNode schema = Json.tree(definition.inputSchema());
        assertObjectSchema(schema);
        assertThat(schema.path("additionalProperties").isBoolean()
                        && !schema.path("additionalProperties").booleanValue())
                .as("additionalProperties is false in " + schema)
                .isTrue();
        Map<String, Object> output = definition.outputSchema();
        if (output != null) {
            assertObjectSchema(Json.tree(output));
        }
    }

    private static void assertObjectSchema(JsonNode schema) {
        assertThat(schema.path("type").asString()).isEqualTo("object");
        assertThat(schema.path("$schema").asString("https://json-schema.org/draft/2020-12/schema"))
                .isIn("", "https://json-schema.org/draft/2020-12/schema");
        JsonNode properties = schema.path("properties");
        assertThat(properties.isObject() || properties.isMissingNode())
                .as("properties in " + schema)
                .isTrue();
        properties.properties().forEach(property -> {
            JsonNode type = property.getValue().path("type");
            if (type.isString()) {
                assertThat(type.asString()).as(property.getKey()).isIn(JSON_TYPES);
            }
            type.forEach(one -> assertThat(one.asString()).as(property.getKey()).isIn(JSON_TYPES));
        });
        schema.path("required")
                .forEach(name -> assertThat(properties.has(name.asString()))
                        .as("required " + name + " is one of the properties")
                        .isTrue());
    }

    @Test
    final void valid_arguments_are_accepted() throws Exception {
        ToolResult result = tool().execute(ToolCall.of(valid()));

        assertResult(result);
        assertThat(result.isError()).as(result.json()).isFalse();
    }

    @Test
    final void an_argument_that_the_schema_does_not_name_is_an_error() throws Exception {
        assertError(with("argument_that_no_tool_has", 1));
    }

    @Test
    final void a_required_argument_that_is_missing_is_an_error() throws Exception {
        for (JsonNode name : schema().path("required")) {
            Map<String, Object> arguments = new LinkedHashMap<>(valid());
            arguments.remove(name.asString());
            assertError(arguments);
        }
    }

    @Test
    final void an_argument_of_another_type_is_an_error() throws Exception {
        List<Object> samples = List.of("text", 7, 0.5, true, List.of(List.of()), Map.of("k", List.of()));
        for (Map.Entry<String, JsonNode> property : schema().path("properties").properties()) {
            JsonNode type = property.getValue().path("type");
            for (Object sample : samples) {
                if (!isOfType(type, sample)) {
                    assertError(with(property.getKey(), sample));
                }
            }
        }
    }

    /** Of one type, or of one of several; whatever it is, if the schema names none. */
    private static boolean isOfType(JsonNode type, Object value) {
        return type.isString()
                ? isOfType(type.asString(), value)
                : type.isMissingNode() || type.valueStream().anyMatch(one -> isOfType(one.asString(), value));
    }

    private static boolean isOfType(String type, Object value) {
        return switch (type) {
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "array" -> value instanceof List<?>;
            case "object" -> value instanceof Map<?, ?>;
            default -> false;
        };
    }

    private Map<String, Object> with(String name, Object value) throws Exception {
        Map<String, Object> arguments = new LinkedHashMap<>(valid());
        arguments.put(name, value);
        return arguments;
    }

    private JsonNode schema() {
        return Json.tree(tool().definition().inputSchema());
    }

    /**
     * Whatever a model makes up is answered.
     *
     * @param arguments made up; some keys are the schema's
     */
    @Property
    final void no_json_makes_it_throw(@ForAll("arguments") Map<String, Object> arguments) {
        assertResult(tool().execute(ToolCall.of(harmless(arguments))));
    }

    /**
     * Whatever a model adds to good arguments is answered.
     *
     * @param arguments made up; put over valid ones
     * @throws Exception if there are no valid ones
     */
    @Property
    final void no_json_beside_valid_arguments_makes_it_throw(@ForAll("arguments") Map<String, Object> arguments)
            throws Exception {
        Map<String, Object> all = new LinkedHashMap<>(valid());
        all.putAll(arguments);
        assertResult(tool().execute(ToolCall.of(harmless(all))));
    }

    @Provide
    final Arbitrary<Map<String, Object>> arguments() {
        List<String> names = new ArrayList<>();
        Json.tree(newTool().definition().inputSchema())
                .path("properties")
                .propertyNames()
                .forEach(names::add);
        // What is harmless is made of a map that may be changed.
        return JobArbitraries.jsonObjects(names).map(LinkedHashMap::new);
    }

    @Test
    final void no_arguments_at_all_and_values_that_are_no_json_are_answered() throws Exception {
        assertResult(tool().execute(ToolCall.of(null)));
        Set<String> names = requireNonNull(valid()).keySet();
        for (Object strange : List.of(new Object(), new int[] {1}, Double.NaN, 'c', Thread.State.NEW)) {
            assertError(with("argument_that_no_tool_has", strange));
            for (String name : names) {
                assertError(with(name, strange));
            }
        }
    }

    @Test
    final void calls_from_many_threads_are_all_answered() throws Exception {
        Map<String, Object> arguments = valid();
        List<ToolResult> results = fromManyThreads(() -> tool().execute(ToolCall.of(arguments)), () -> {});

        assertThat(results).hasSize(THREADS * CALLS).allSatisfy(result -> {
            assertResult(result);
            assertThat(result.isError()).as(result.json()).isFalse();
        });
    }

    @Test
    final void calls_while_it_is_closed_are_all_answered() throws Exception {
        Map<String, Object> arguments = valid();
        List<ToolResult> results = fromManyThreads(() -> tool().execute(ToolCall.of(arguments)), () -> tool().close());

        assertThat(results).hasSize(THREADS * CALLS).allSatisfy(ToolContract::assertWellFormed);
    }

    private static List<ToolResult> fromManyThreads(Callable<ToolResult> call, Runnable meanwhile) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch start = new CountDownLatch(THREADS);
            List<Future<List<ToolResult>>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                futures.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    List<ToolResult> results = new ArrayList<>();
                    for (int n = 0; n < CALLS; n++) {
                        results.add(call.call());
                    }
                    return results;
                }));
            }
            start.await();
            meanwhile.run();
            List<ToolResult> all = new ArrayList<>();
            for (Future<List<ToolResult>> future : futures) {
                all.addAll(future.get(60, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    final void closing_again_does_nothing_and_a_call_after_it_is_an_error() throws Exception {
        Map<String, Object> arguments = valid();
        tool().close();
        tool().close();

        assertError(arguments);
    }

    @Test
    final void a_tool_that_was_never_opened_answers_with_an_error_and_can_be_closed() throws Exception {
        Tool closed = newTool();
        ToolResult result = closed.execute(ToolCall.of(valid()));

        assertResult(result);
        assertThat(result.isError()).as(result.json()).isTrue();
        closed.close();
        closed.close();
    }

    @Test
    final void a_new_tool_works_after_another_was_closed() throws Exception {
        tool().close();
        Tool next = newTool();
        tool = next; // closed after the test
        next.open(requireNonNull(context));

        ToolResult result = next.execute(ToolCall.of(valid()));
        assertThat(result.isError()).as(result.json()).isFalse();
    }

    private void assertError(Map<String, Object> arguments) {
        ToolResult result = tool().execute(ToolCall.of(arguments));
        assertResult(result);
        assertThat(result.isError())
                .as("an error for " + arguments + ": " + result.json())
                .isTrue();
    }

    private void assertResult(@Nullable ToolResult result) {
        assertWellFormed(result);
        assertThat(requireNonNull(result).content().get("tool"))
                .isEqualTo(tool().definition().name());
    }

    private static void assertWellFormed(@Nullable ToolResult result) {
        if (result == null) {
            fail("the result is null");
            return;
        }
        assertThat(result.reasonCode()).isNotBlank();
        assertThat(result.content().get("reason_code")).isEqualTo(result.reasonCode());
        assertThat(result.json()).doesNotContain("\n");
        assertThat(Json.parse(result.json())).isEqualTo(Json.tree(result.content()));
        if (result.isError()) {
            assertThat(result.content().get("error"))
                    .isInstanceOfSatisfying(
                            String.class, sentence -> assertThat(sentence).isNotBlank());
        }
    }
}
