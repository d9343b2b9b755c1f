package dev.tau.jobs.langchain4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools of tau-jobs for an AI service: {@code AiServices.builder(…).toolProvider(TauJobs.toolProvider())}. Safe for use by
 * several threads; close it when the service is no longer used.
 */
public final class TauJobs implements ToolProvider, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A host that looks at the text may take the other one.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private final ToolSet tools;
    private final ToolProviderResult provided;

    private TauJobs(ToolSet tools) {
        this.tools = tools;
        ToolProviderResult.Builder all = ToolProviderResult.builder();
        tools.forEach(tool -> all.add(specification(tool.definition()), new Executor(tool)));
        this.provided = all.build();
    }

    /**
     * The tools with the settings of the environment, in the current working directory.
     *
     * @return the open tools
     * @throws IllegalStateException if one can't be opened; the message says why
     */
    public static TauJobs toolProvider() {
        return toolProvider(ToolContext.fromEnvironment());
    }

    /**
     * The tools with settings of one's own.
     *
     * @param context settings, directories and class loader
     * @return the open tools
     * @throws IllegalStateException if one can't be opened; the message says why
     */
    public static TauJobs toolProvider(ToolContext context) {
        ToolSet tools = ToolSet.loadAll(context);
        try {
            return new TauJobs(tools);
        } catch (RuntimeException e) {
            // A stranger's schema that the framework does not take.
            tools.close();
            throw e;
        }
    }

    /** Through JSON: so the framework itself says what becomes of each part of the schema. */
    private static ToolSpecification specification(ToolDefinition tool) {
        try {
            return ToolSpecification.fromJson(JSON.writeValueAsString(
                    Map.of("name", tool.name(), "description", tool.description(), "parameters", tool.inputSchema())));
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ToolProviderResult provideTools(ToolProviderRequest request) {
        return provided;
    }

    /** Closes the tools: the jobs that run are ended, and started again at the next start. */
    @Override
    public void close() {
        tools.close();
    }

    private record Executor(Tool tool) implements ToolExecutor {
        @Override
        public ToolExecutionResult executeWithContext(ToolExecutionRequest request, InvocationContext context) {
            ToolResult result = call(request);
            return ToolExecutionResult.builder()
                    .isError(result.isError())
                    .result(result.content())
                    .resultText(result.json())
                    .build();
        }

        @Override
        public String execute(ToolExecutionRequest request, @Nullable Object memoryId) {
            return call(request).json();
        }

        private ToolResult call(ToolExecutionRequest request) {
            String arguments = request.arguments();
            try {
                // A model that gives no arguments may leave the text empty.
                return tool.execute(ToolCall.of(
                        arguments == null || arguments.isBlank() ? Map.of() : JSON.readValue(arguments, OBJECT)));
            } catch (JacksonException e) {
                return ToolResult.error(
                        request.name(),
                        "jobs_invalid_arguments",
                        "the arguments must be one JSON object that names each member once",
                        Map.of());
            }
        }
    }
}
