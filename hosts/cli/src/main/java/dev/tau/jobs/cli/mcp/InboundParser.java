package dev.tau.jobs.cli.mcp;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a line is, never throwing.
 *
 * <p>In place of {@code McpSchema.deserializeJsonRpcMessage}, which throws alike for broken JSON and for JSON that is no
 * message, so that the two could not get their different error codes, and which accepts any {@code jsonrpc} text.
 */
final class InboundParser {

    private static final Inbound IGNORED = new Inbound.Ignored();

    private final ObjectReader json;

    InboundParser(ObjectMapper mapper) {
        // Otherwise two messages on one line would be read as the first alone, the second lost without an answer.
        // Of two members with one name, each reader takes another: a check might see the harmless one.
        this.json = mapper.readerFor(Object.class)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    }

    Inbound parse(byte[] line) {
        String text;
        try {
            // A fresh decoder reports bad bytes, where new String would turn them into other characters. And not left
            // to Jackson, which takes a line with zero bytes for UTF-16 or UTF-32.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Inbound.Invalid(ErrorCodes.PARSE_ERROR, null, "Parse error: not UTF-8");
        }
        if (text.isBlank()) {
            return IGNORED;
        }
        Object value;
        try {
            value = json.readValue(text);
        } catch (JacksonException e) {
            // Without Jackson's message, which quotes the input.
            return new Inbound.Invalid(ErrorCodes.PARSE_ERROR, null, "Parse error: not JSON" + where(e));
        }
        if (value instanceof Map<?, ?> message) {
            return classify(message);
        }
        return invalid(null, "a message is one JSON object");
    }

    private static Inbound classify(Map<?, ?> message) {
        Object id = message.get("id");
        // The SDK's records throw for any other type, 1.5 and numbers over 64 bits included.
        Object usableId = id instanceof String || id instanceof Integer || id instanceof Long ? id : null;
        if (!message.containsKey("method") && (message.containsKey("result") || message.containsKey("error"))) {
            // Whatever is wrong with an answer, answering it could start an endless exchange of errors.
            return IGNORED;
        }
        if (!"2.0".equals(message.get("jsonrpc"))) {
            return invalid(usableId, "jsonrpc must be \"2.0\"");
        }
        if (!(message.get("method") instanceof String method)) {
            return invalid(usableId, "method must be a string");
        }
        Object params = message.get("params");
        if (params != null && !(params instanceof Map)) {
            return new Inbound.Invalid(ErrorCodes.INVALID_PARAMS, usableId, "Invalid params: must be an object");
        }
        // The SDK's tools/call throws a NullPointerException for absent params; an empty object gets its proper error.
        Object givenParams = params == null ? Map.of() : params;
        if (usableId != null) {
            return new Inbound.Request(new JSONRPCRequest(method, usableId, givenParams));
        }
        // A null id is no notification: MCP forbids it.
        return message.containsKey("id")
                ? invalid(null, "id must be a string or an integer")
                : new Inbound.Notification(new JSONRPCNotification(method, givenParams));
    }

    private static Inbound invalid(@Nullable Object id, String reason) {
        return new Inbound.Invalid(ErrorCodes.INVALID_REQUEST, id, "Invalid request: " + reason);
    }

    private static String where(JacksonException e) {
        return e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
    }
}
