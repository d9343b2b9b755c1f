package dev.tau.jobs.cli.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Offers tools to one MCP client over stdin and stdout. */
public final class McpStdioServer {

    private final StdioTransport transport;
    private final McpStatelessSyncServer server;

    /**
     * Builds the server; it answers nothing before {@link #serve()}.
     *
     * @param streams where the client is
     * @param name what the server calls itself
     * @param version its version
     * @param tools what it offers; they must stay open until {@link #serve} has returned
     * @param ends tells of the ends of jobs
     * @throws IllegalArgumentException if a tool's name is unfit
     */
    public McpStdioServer(ProtocolStreams streams, String name, String version, ToolSet tools, EndRelay ends) {
        ObjectMapper mapper = new ObjectMapper();
        this.transport = new StdioTransport(streams, mapper);
        Optional<dev.tau.jobs.spi.Tool> list = tools.find("jobs_list");
        Optional<dev.tau.jobs.spi.Tool> status = tools.find("jobs_status");
        boolean jobs = list.isPresent() && status.isPresent();
        if (jobs) {
            JobResources resources = new JobResources(list.get(), status.get(), transport::send);
            transport.setResources(resources);
            ends.to(resources::ended);
        }
        this.server = McpServer.sync(transport)
                .serverInfo(name, version)
                .capabilities(capabilities(jobs))
                // Given, not left to the SDK's ServiceLoader: slower, and it needs its own default validator below.
                .jsonMapper(new JacksonMcpJsonMapper(mapper))
                // Never asked, but without one the SDK loads networknt's, which the pom excludes.
                .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(null))
                // Tools answer bad arguments themselves.
                .validateToolInputs(false)
                // The transport brings the threads. Otherwise calls would run on Reactor's elastic pool, of ten
                // threads per core: on two cores twenty slow calls would hold up all others.
                .immediateExecution(true)
                .tools(StreamSupport.stream(tools.spliterator(), false)
                        .map(this::specification)
                        .toList())
                .build();
    }

    private static ServerCapabilities capabilities(boolean jobs) {
        ServerCapabilities.Builder builder = ServerCapabilities.builder().tools(false);
        return (jobs ? builder.resources(true, false).logging() : builder).build();
    }

    /**
     * Answers requests until stdin ends and all of them are answered.
     *
     * @throws IOException if stdin cannot be read; what came before is answered nevertheless
     */
    public void serve() throws IOException {
        try {
            transport.readAll();
        } finally {
            server.closeGracefully();
        }
    }

    private SyncToolSpecification specification(dev.tau.jobs.spi.Tool tool) {
        ToolDefinition definition = tool.definition();
        ToolHints hints = definition.hints();
        ToolAnnotations annotations = ToolAnnotations.builder()
                .readOnlyHint(hints.readOnly())
                .destructiveHint(hints.destructive())
                .idempotentHint(hints.idempotent())
                .openWorldHint(hints.openWorld())
                .build();
        Tool.Builder described = Tool.builder(definition.name(), schema(definition.inputSchema()))
                .title(definition.title())
                .description(definition.description())
                .annotations(annotations);
        Map<String, @Nullable Object> output = definition.outputSchema();
        if (output != null) {
            described.outputSchema(schema(output));
        }
        return new SyncToolSpecification(described.build(), (context, request) -> call(tool, request));
    }

    // The SDK, which knows no nullness, only prints the map; a JSON Schema may hold null (a "const", a "default").
    @SuppressWarnings({"unchecked", "NullAway"})
    private static Map<String, Object> schema(Map<String, @Nullable Object> schema) {
        return (Map<String, Object>) (Map<String, ?>) schema;
    }

    private CallToolResult call(dev.tau.jobs.spi.Tool tool, CallToolRequest request) {
        // The SDK hands on null for absent arguments and for an explicit null alike; ToolCall takes both.
        ToolCall call = ToolCall.of(request.arguments());
        Map<String, Object> meta = request.meta();
        Object token = meta == null ? null : meta.get("progressToken");
        if (token != null) {
            AtomicInteger step = new AtomicInteger();
            call = call.withProgress(message -> transport.send(
                    McpSchema.METHOD_NOTIFICATION_PROGRESS,
                    ProgressNotification.builder(token, step.incrementAndGet())
                            .message(message)
                            .build()));
        }
        ToolResult result = tool.execute(call);
        return CallToolResult.builder()
                .structuredContent(result.content())
                .addTextContent(result.json())
                .isError(result.isError())
                .build();
    }
}
