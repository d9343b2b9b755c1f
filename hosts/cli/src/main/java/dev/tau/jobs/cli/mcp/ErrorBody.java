package dev.tau.jobs.cli.mcp;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;

/** Writes the errors that the SDK's servlet answers with as messages. It would write the exception, stack trace and all. */
final class ErrorBody extends JsonSerializer<McpError> {

    @Override
    public void serialize(McpError error, JsonGenerator json, SerializerProvider serializers) throws IOException {
        json.writeStartObject();
        json.writeStringField("jsonrpc", McpSchema.JSONRPC_VERSION);
        json.writeNullField("id");
        json.writeObjectField("error", error.getJsonRpcError());
        json.writeEndObject();
    }
}
