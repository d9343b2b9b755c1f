package dev.tau.jobs.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is posted as stdin's lines are read, so that both refuse the same with the same codes. Left to the SDK, broken
 * JSON and JSON that is no message would get one code, and odd ids and absent params no answer at all.
 */
final class MessageFilter implements Filter {

    /** As for a line of stdin. */
    static final int MAX_BODY_BYTES = StdioTransport.MAX_LINE_BYTES;

    private final InboundParser parser;
    private final ObjectMapper mapper;
    private final Refusals refusals;
    private final OpenRequests open;
    private final @Nullable JobResources resources;
    private final Consumer<String> updated;
    private final Runnable listening;

    /**
     * A filter before the SDK's servlet.
     *
     * @param resources answers for resources; null if there are none
     * @param updated tells who has subscribed to a resource of it
     * @param listening called whenever a client has begun to listen
     */
    MessageFilter(
            ObjectMapper mapper,
            Refusals refusals,
            OpenRequests open,
            @Nullable JobResources resources,
            Consumer<String> updated,
            Runnable listening) {
        this.resources = resources;
        this.updated = updated;
        this.listening = listening;
        this.parser = new InboundParser(mapper);
        this.mapper = mapper;
        this.refusals = refusals;
        this.open = open;
    }

    @Override
    public void doFilter(ServletRequest anyRequest, ServletResponse anyResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) anyRequest;
        HttpServletResponse response = (HttpServletResponse) anyResponse;
        if (!request.getMethod().equals("POST")) {
            // Not counted as open: a client's listening stream has no end of its own.
            chain.doFilter(request, new EagerResponse(response));
            if (request.getMethod().equals("GET") && response.getStatus() == HttpServletResponse.SC_OK) {
                listening.run();
            }
        } else if (!open.enter()) {
            refusals.send(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    ErrorCodes.INTERNAL_ERROR,
                    null,
                    "the server is ending");
        } else {
            try {
                post(request, response, chain);
            } finally {
                open.leave();
            }
        }
    }

    private void post(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        InputStream input = request.getInputStream();
        // What says that it is too long is not kept in memory at all.
        byte[] body = request.getContentLengthLong() > MAX_BODY_BYTES ? null : input.readNBytes(MAX_BODY_BYTES + 1);
        if (body == null || body.length > MAX_BODY_BYTES) {
            // Skipped whole, as a line is: who is still sending would not see an answer before a closed connection.
            input.transferTo(OutputStream.nullOutputStream());
            refusals.send(
                    response,
                    HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                    ErrorCodes.INVALID_REQUEST,
                    null,
                    "Invalid request: over " + MAX_BODY_BYTES + " bytes");
            return;
        }
        Inbound inbound = parser.parse(body);
        if (inbound instanceof Inbound.Invalid invalid) {
            refusals.send(response, HttpServletResponse.SC_BAD_REQUEST, invalid.code(), invalid.id(), invalid.reason());
        } else if (inbound instanceof Inbound.Notification notification
                && !notification.message().method().equals(McpSchema.METHOD_NOTIFICATION_INITIALIZED)) {
            // The SDK logs a warning for each, and at a change of roots asks the client for them, which are of no use
            // here.
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
        } else if (inbound instanceof Inbound.Ignored && new String(body, UTF_8).isBlank()) {
            refusals.send(
                    response,
                    HttpServletResponse.SC_BAD_REQUEST,
                    ErrorCodes.PARSE_ERROR,
                    null,
                    "Parse error: the body is empty");
        } else if (inbound instanceof Inbound.Request message
                && resources != null
                && JobResources.handles(message.message().method())) {
            answer(resources.run(message.message()), response);
        } else if (inbound instanceof Inbound.Request message
                && resources != null
                && message.message().method().equals(McpSchema.METHOD_RESOURCES_SUBSCRIBE)) {
            subscribe(message.message(), resources, new BodyRequest(request, body), response, chain);
        } else if (inbound instanceof Inbound.Request message) {
            boolean empty = message.message().params() instanceof Map<?, ?> params && params.isEmpty();
            // They may have been absent, where the SDK's tools/call fails.
            byte[] whole = empty ? mapper.writeValueAsBytes(message.message()) : body;
            chain.doFilter(new BodyRequest(request, whole), response);
            answerAnyway(message.message().id(), response);
        } else {
            // An answer among them: the SDK asks idle clients whether they are there.
            chain.doFilter(new BodyRequest(request, body), response);
        }
    }

    private void answer(JSONRPCResponse answer, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(mapper.writeValueAsString(answer));
        response.getWriter().flush();
    }

    /** The SDK takes any address, and never says that a job had ended before. */
    private void subscribe(
            JSONRPCRequest message,
            JobResources known,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        JSONRPCResponse looked = JobResources.answer(message, params -> {
            known.hasEnded(JobResources.uri(params));
            return Map.of();
        });
        if (looked.error() != null) {
            answer(looked, response);
            return;
        }
        chain.doFilter(request, response);
        // Asked now: of an end from here on the SDK tells who has subscribed.
        JobResources.answer(message, params -> {
            String uri = JobResources.uri(params);
            if (known.hasEnded(uri)) {
                updated.accept(uri);
            }
            return Map.of();
        });
    }

    /**
     * The SDK ends its stream of events without one where it can't convert params (such as {@code "arguments": 5}), and
     * the client would wait for ever. Before this thread returns to Jetty the stream is not closed yet.
     */
    private void answerAnyway(Object id, HttpServletResponse response) throws IOException {
        String type = response.getContentType();
        if (!response.isCommitted() && type != null && type.startsWith("text/event-stream")) {
            JSONRPCResponse failure =
                    JSONRPCResponse.error(id, new JSONRPCError(ErrorCodes.INVALID_PARAMS, "Invalid params"));
            response.getWriter().write("event: message\ndata: " + mapper.writeValueAsString(failure) + "\n\n");
            response.getWriter().flush();
        }
    }
}
