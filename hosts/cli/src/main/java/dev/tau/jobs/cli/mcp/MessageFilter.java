package dev.tau.jobs.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import jakarta.servlet.AsyncContext;
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
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is posted as stdin's lines are read, so that both refuse the same with the same codes. Left to the SDK, broken
 * JSON and JSON that is no message would get one code, and odd ids and absent params no answer at all.
 */
final class MessageFilter implements Filter {

    /** As for a line of stdin. */
    static final int MAX_BODY_BYTES = StdioTransport.MAX_LINE_BYTES;

    /** Each that waits has a thread. */
    static final int MAX_CALLS = 900;

    private final InboundParser parser;
    private final ObjectMapper mapper;
    private final Refusals refusals;
    private final OpenRequests open;
    private final @Nullable JobResources resources;
    private final @Nullable HttpClients clients;
    private final Semaphore calls = new Semaphore(MAX_CALLS);

    /**
     * A filter before the SDK's servlet.
     *
     * @param resources answers for resources; null if there are none
     * @param clients are told of ends; null if there are no resources
     */
    MessageFilter(
            ObjectMapper mapper,
            Refusals refusals,
            OpenRequests open,
            @Nullable JobResources resources,
            @Nullable HttpClients clients) {
        this.resources = resources;
        this.clients = clients;
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
            chain.doFilter(new NewStreamRequest(request), new EagerResponse(response));
            String session = request.getHeader(HttpHeaders.MCP_SESSION_ID);
            if (clients != null && session != null) {
                follow(clients, session, request, response);
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
        } else if (inbound instanceof Inbound.Request message) {
            ask(message.message(), body, request, response, chain);
        } else {
            // An answer, as the SDK asks idle clients whether they are there; or the end of a greeting.
            boolean isAnswer = inbound instanceof Inbound.Ignored;
            chain.doFilter(new BodyRequest(request, body), isAnswer ? new AnswerResponse(response) : response);
        }
    }

    private void ask(
            JSONRPCRequest message,
            byte[] body,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        HttpClient client = clients == null
                ? null
                : clients.find(request.getHeader(HttpHeaders.MCP_SESSION_ID)).orElse(null);
        // Who has not greeted, or is not known any more, hears so from the SDK.
        if (client != null && resources != null && JobResources.handles(message.method())) {
            answer(resources.run(message), response);
        } else if (client != null && JobSubscriptions.handles(message.method())) {
            answer(client.subscriptions().run(message), response);
        } else if (!message.method().equals(McpSchema.METHOD_TOOLS_CALL)) {
            handOn(message, body, request, response, chain);
            if (clients != null && message.method().equals(McpSchema.METHOD_INITIALIZE)) {
                Optional.ofNullable(response.getHeader(HttpHeaders.MCP_SESSION_ID))
                        .ifPresent(clients::add);
            }
        } else if (calls.tryAcquire()) {
            try {
                handOn(message, body, request, response, chain);
            } finally {
                calls.release();
            }
        } else {
            refusals.send(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    ErrorCodes.INTERNAL_ERROR,
                    message.id(),
                    "no more than " + MAX_CALLS + " calls at a time: call again when one has been answered");
        }
    }

    private void handOn(
            JSONRPCRequest message,
            byte[] body,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        boolean empty = message.params() instanceof Map<?, ?> params && params.isEmpty();
        // They may have been absent, where the SDK's tools/call fails.
        byte[] whole = empty ? mapper.writeValueAsBytes(message) : body;
        chain.doFilter(new BodyRequest(request, whole), response);
        String session = request.getHeader(HttpHeaders.MCP_SESSION_ID);
        if (clients != null && session != null && clients.find(session).isEmpty()) {
            // What the SDK had to say it could not send any more, whatever of progress had gone before.
            answerAnyway(
                    message.id(),
                    new JSONRPCError(
                            ErrorCodes.INTERNAL_ERROR,
                            "the session has ended meanwhile: what was asked for may have been done"),
                    response);
        } else if (!response.isCommitted()) {
            answerAnyway(message.id(), new JSONRPCError(ErrorCodes.INVALID_PARAMS, "Invalid params"), response);
        }
    }

    /** What became of a session by a request that is no message. */
    private static void follow(
            HttpClients clients, String session, HttpServletRequest request, HttpServletResponse response) {
        if (request.getMethod().equals("DELETE") || response.getStatus() == HttpServletResponse.SC_NOT_FOUND) {
            clients.remove(session);
        } else if (request.getMethod().equals("GET") && request.isAsyncStarted()) {
            AsyncContext context = request.getAsyncContext();
            HttpClient client = clients.find(session).orElse(null);
            if (client == null) {
                context.complete(); // it has ended while the stream was opened
            } else {
                int stream = client.listens(context::complete);
                try {
                    context.addListener(new StreamEnd(() -> client.leaves(stream)));
                } catch (IllegalStateException e) {
                    client.leaves(stream); // has ended already
                }
            }
        }
    }

    private void answer(JSONRPCResponse answer, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(mapper.writeValueAsString(answer));
        response.getWriter().flush();
    }

    /**
     * The SDK ends its stream of events without one where it can't convert params (such as {@code "arguments": 5}), or where the
     * session has ended, and the client would wait for ever. Before this thread returns to Jetty the stream is not closed yet.
     */
    private void answerAnyway(Object id, JSONRPCError error, HttpServletResponse response) throws IOException {
        String type = response.getContentType();
        if (type != null && type.startsWith("text/event-stream")) {
            JSONRPCResponse failure = JSONRPCResponse.error(id, error);
            response.getWriter().write("event: message\ndata: " + mapper.writeValueAsString(failure) + "\n\n");
            response.getWriter().flush();
        }
    }
}
