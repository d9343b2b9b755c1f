package dev.tau.jobs.cli.mcp;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import org.jspecify.annotations.Nullable;

/** What a line from the client turned out to be. */
sealed interface Inbound {

    /** A request, which gets exactly one answer. */
    record Request(JSONRPCRequest message) implements Inbound {}

    /** A notification, which gets none. */
    record Notification(JSONRPCNotification message) implements Inbound {}

    /** Nothing to act upon: a blank line, or an answer although this server never asks. */
    record Ignored() implements Inbound {}

    /**
     * No valid message.
     *
     * @param code the JSON-RPC error code to answer with
     * @param id the request's id, or null if it has no usable one
     * @param reason the error message to answer with
     */
    record Invalid(int code, @Nullable Object id, String reason) implements Inbound {}
}
