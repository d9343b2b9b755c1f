package dev.tau.jobs.cli.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs messages through the SDK such that each request ends in exactly one response, whatever happens. */
final class RequestRunner {

    private static final Logger log = LoggerFactory.getLogger(RequestRunner.class);

    private final McpStatelessServerHandler sdk;

    RequestRunner(McpStatelessServerHandler sdk) {
        this.sdk = sdk;
    }

    /** Runs a request to its end on the calling thread. */
    JSONRPCResponse run(JSONRPCRequest request) {
        try {
            @Nullable
            JSONRPCResponse response =
                    sdk.handleRequest(McpTransportContext.EMPTY, request).block();
            if (response != null) {
                return response;
            }
            // An SDK handler whose result is null completes empty, which would be no answer at all.
            log.warn("No result for {} (id {})", request.method(), request.id());
        } catch (IllegalArgumentException e) {
            // The SDK converts params before its Mono begins, so that e.g. "arguments": 5 is thrown and not returned.
            log.debug("Unfit params for {} (id {})", request.method(), request.id(), e);
            return failure(request.id(), ErrorCodes.INVALID_PARAMS, "Invalid params");
        } catch (Throwable e) {
            // Throwable, as Reactor lets LinkageError and VirtualMachineError (a handler's stack overflow) through: an
            // unanswered request makes the client wait for ever.
            log.warn("{} (id {}) failed", request.method(), request.id(), e);
        }
        return failure(request.id(), ErrorCodes.INTERNAL_ERROR, "Internal error");
    }

    /** Passes a notification on. */
    void accept(JSONRPCNotification notification) {
        switch (notification.method()) {
            case "notifications/initialized", "notifications/roots/list_changed" -> {
                sdk.handleNotification(McpTransportContext.EMPTY, notification).block();
            }
            // Others stay here, as the SDK logs a warning for each. A cancelled call runs on and is answered, which
            // the protocol allows and the client ignores.
            default -> log.debug("Ignored {}", notification.method());
        }
    }

    private static JSONRPCResponse failure(Object id, int code, String message) {
        return JSONRPCResponse.error(id, new JSONRPCError(code, message));
    }
}
