package dev.tau.jobs.cli.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.spec.McpSchema;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers requests that do not reach the SDK. */
final class Refusals {

    private final ObjectMapper mapper;

    Refusals(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Sends an error in the form of the protocol, so that a client can show its sentence.
     *
     * @param status the HTTP status
     * @param code the JSON-RPC error code
     * @param id the request's id, or null if it is not known
     * @param reason the error message
     */
    void send(HttpServletResponse response, int status, int code, @Nullable Object id, String reason)
            throws IOException {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", McpSchema.JSONRPC_VERSION);
        message.put("id", id);
        message.put("error", Map.of("code", code, "message", reason));
        byte[] body = mapper.writeValueAsBytes(message);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
