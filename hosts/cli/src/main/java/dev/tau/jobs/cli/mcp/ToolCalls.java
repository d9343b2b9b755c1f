package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The protocol's view of a tool and of a call, the same over stdin and over HTTP. */
final class ToolCalls {

    private ToolCalls() {}

    /** What a client is told of a tool. */
    static Tool describe(dev.tau.jobs.spi.Tool tool) {
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
        return described.build();
    }

    // The SDK, which knows no nullness, only prints the map; a JSON Schema may hold null (a "const", a "default").
    @SuppressWarnings({"unchecked", "NullAway"})
    private static Map<String, Object> schema(Map<String, @Nullable Object> schema) {
        return (Map<String, Object>) (Map<String, ?>) schema;
    }

    /**
     * Runs a call to its end on the calling thread.
     *
     * @param progress takes the notifications that come before the result; none without a token in the request
     */
    static CallToolResult call(
            dev.tau.jobs.spi.Tool tool, CallToolRequest request, Consumer<ProgressNotification> progress) {
        // The SDK hands on null for absent arguments and for an explicit null alike; ToolCall takes both.
        ToolCall call = ToolCall.of(request.arguments());
        Map<String, Object> meta = request.meta();
        Object traceparent = meta == null ? null : meta.get(ToolCall.TRACEPARENT);
        if (traceparent != null) {
            call = call.withAttributes(Map.of(ToolCall.TRACEPARENT, traceparent));
        }
        Object token = meta == null ? null : meta.get("progressToken");
        if (token != null) {
            AtomicInteger step = new AtomicInteger();
            call = call.withProgress(
                    message -> progress.accept(ProgressNotification.builder(token, step.incrementAndGet())
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
