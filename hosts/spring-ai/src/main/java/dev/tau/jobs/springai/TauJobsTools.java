package dev.tau.jobs.springai;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.definition.ToolDefinition;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tools of tau-jobs as Spring AI knows tools. A result is the tool's JSON; Spring AI has no flag for errors, so it is the member
 * {@code error} that tells the model. Safe for use by several threads.
 */
public final class TauJobsTools implements ToolCallbackProvider, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            // A host that looks at the text may take the other one.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private final ToolSet tools;
    private final ToolCallback[] callbacks;

    /**
     * Opens the tools.
     *
     * @param context settings, directories and class loader
     * @throws IllegalStateException if one can't be opened; the message says why
     */
    public TauJobsTools(ToolContext context) {
        this.tools = ToolSet.loadAll(context);
        this.callbacks = StreamSupport.stream(tools.spliterator(), false)
                .map(Callback::of)
                .toArray(ToolCallback[]::new);
    }

    @Override
    public ToolCallback[] getToolCallbacks() {
        return callbacks.clone();
    }

    /** {@return the tools, as others than a model ask them} */
    ToolSet tools() {
        return tools;
    }

    /**
     * Calls a tool past the model, as health does.
     *
     * @param tool its name
     * @param arguments its arguments
     * @return its result
     */
    ToolResult call(String tool, Map<String, ?> arguments) {
        return tools.find(tool).orElseThrow().execute(ToolCall.of(arguments));
    }

    /** Closes the tools: the jobs that run are ended, and started again at the next start. */
    @Override
    public void close() {
        tools.close();
    }

    /** Spring asks several callbacks for their definitions at each call: they are made once. */
    private record Callback(Tool tool, ToolDefinition definition) implements ToolCallback {
        static Callback of(Tool tool) {
            var definition = tool.definition();
            return new Callback(
                    tool,
                    ToolDefinition.builder()
                            .name(definition.name())
                            .description(definition.description())
                            .inputSchema(JSON.writeValueAsString(definition.inputSchema()))
                            .build());
        }

        @Override
        public ToolDefinition getToolDefinition() {
            return definition;
        }

        @Override
        public String call(String input) {
            try {
                return tool.execute(ToolCall.of(input.isBlank() ? Map.of() : JSON.readValue(input, OBJECT)))
                        .json();
            } catch (JacksonException e) {
                return ToolResult.error(
                                definition.name(),
                                "jobs_invalid_arguments",
                                "the arguments must be one JSON object that names each member once",
                                Map.of())
                        .json();
            }
        }
    }
}
