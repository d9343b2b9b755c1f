package dev.tau.jobs.cli.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Carries JSON-RPC lines between stdin, the SDK and stdout.
 *
 * <p>In place of the SDK's {@code StdioServerTransportProvider}, which ends the session at the first malformed line and
 * drops the calls that still run when stdin ends. And a <em>stateless</em> transport although stdio has a session: the
 * SDK's session leaves every request unanswered until {@code notifications/initialized} has come, adds the
 * {@code logging} capability to every server, and does not tell when a request is answered.
 */
final class StdioTransport implements McpStatelessServerTransport {

    private static final Logger log = LoggerFactory.getLogger(StdioTransport.class);

    /** Calls that run at once; more wait. Only threads in use exist, so the number costs nothing. */
    private static final int MAX_RUNNING_CALLS = 128;

    private static final long LOOK_EVERY_MS = 200;

    /** Under Jackson's limit for one string (20 million characters), so that this is the limit clients meet. */
    static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

    private final LineReader reader;
    private final LineWriter writer;
    private final InboundParser parser;
    private final ObjectWriter json;
    private final ThreadPoolExecutor calls;
    /** Who has started us; empty if that is not known. */
    private final Optional<ProcessHandle> client = ProcessHandle.current().parent();

    private volatile boolean outputOver;
    private @Nullable RequestRunner runner;
    private @Nullable JobResources resources;
    private @Nullable JobSubscriptions subscriptions;
    private Runnable initialized = () -> {};

    StdioTransport(ProtocolStreams streams, ObjectMapper mapper) {
        this.reader = new LineReader(streams.input(), MAX_LINE_BYTES);
        this.writer = new LineWriter(streams.output());
        this.parser = new InboundParser(mapper);
        // A mapper that indents would break each message over several lines.
        this.json = mapper.writer().without(SerializationFeature.INDENT_OUTPUT);
        AtomicInteger count = new AtomicInteger();
        this.calls = new ThreadPoolExecutor(
                // Core = maximum: a pool with an unbounded queue never grows past its core.
                MAX_RUNNING_CALLS, MAX_RUNNING_CALLS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "mcp-call-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        this.calls.allowCoreThreadTimeOut(true);
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler handler) {
        runner = new RequestRunner(handler);
    }

    /** Who answers for resources, and what to do once the client listens; without one there are none. */
    void setResources(JobResources handler, JobSubscriptions teller, Runnable listening) {
        resources = handler;
        subscriptions = teller;
        initialized = listening;
    }

    /** All that a server of tools and resources speaks; the interface's default leaves out 2024-11-05. The last one is offered. */
    @Override
    public List<String> protocolVersions() {
        return List.of(
                ProtocolVersions.MCP_2024_11_05,
                ProtocolVersions.MCP_2025_03_26,
                ProtocolVersions.MCP_2025_06_18,
                ProtocolVersions.MCP_2025_11_25);
    }

    /** Reads messages on the calling thread until stdin ends or stdout breaks. Calls may still run on return. */
    void readAll() throws IOException {
        RequestRunner sdk = runner;
        if (sdk == null) {
            throw new IllegalStateException("no server is built upon this transport");
        }
        while (!writer.isBroken()) {
            LineReader.Line line = reader.next();
            if (line == null) {
                return;
            }
            if (line.tooLong()) {
                reject(ErrorCodes.INVALID_REQUEST, null, "Invalid request: over " + MAX_LINE_BYTES + " bytes");
            } else {
                dispatch(parser.parse(line.bytes()), sdk);
            }
        }
    }

    private void dispatch(Inbound inbound, RequestRunner sdk) {
        JobResources handler = resources;
        JobSubscriptions teller = subscriptions;
        if (inbound instanceof Inbound.Request request) {
            if (handler != null && JobResources.handles(request.message().method())) {
                calls.execute(() -> answer(handler.run(request.message())));
            } else if (teller != null
                    && JobSubscriptions.handles(request.message().method())) {
                if (JobSubscriptions.looksAtJobs(request.message().method())) {
                    calls.execute(() -> answer(teller.run(request.message())));
                } else {
                    answer(teller.run(request.message()));
                }
            } else if (McpSchema.METHOD_TOOLS_CALL.equals(request.message().method())) {
                calls.execute(() -> answer(sdk.run(request.message())));
            } else {
                // At once on this thread: quick, never behind waiting calls, and initialize is answered first.
                answer(sdk.run(request.message()));
            }
        } else if (inbound instanceof Inbound.Notification notification) {
            sdk.accept(notification.message());
            if (McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(
                    notification.message().method())) {
                initialized.run();
            }
        } else if (inbound instanceof Inbound.Invalid invalid) {
            reject(invalid.code(), invalid.id(), invalid.reason());
        }
    }

    private void answer(JSONRPCResponse response) {
        try {
            writer.write(json.writeValueAsBytes(response));
        } catch (JsonProcessingException e) {
            log.warn("The answer to id {} cannot be written as JSON", response.id(), e);
            reject(ErrorCodes.INTERNAL_ERROR, response.id(), "Internal error");
        }
    }

    /** Whether nothing that is sent now reaches the client. */
    boolean isOutputOver() {
        return writer.isBroken() || outputOver;
    }

    /** Sends a notification; dropped, with a line in the log, if it has no form in JSON. */
    void send(String method, Object params) {
        try {
            writer.write(json.writeValueAsBytes(new JSONRPCNotification(method, params)));
        } catch (JsonProcessingException e) {
            log.warn("A {} cannot be written as JSON", method, e);
        } catch (RejectedExecutionException e) {
            outputOver = true;
            log.debug("The client has gone before a {}", method, e);
        }
    }

    /** Sends an error; as a map, since the SDK's response record refuses the null id that JSON-RPC demands. */
    private void reject(int code, @Nullable Object id, String reason) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", McpSchema.JSONRPC_VERSION);
        message.put("id", id);
        message.put("error", Map.of("code", code, "message", reason));
        try {
            writer.write(json.writeValueAsBytes(message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain maps are always JSON", e);
        }
    }

    /**
     * Input has ended: is there anybody who reads the answers? A client that was killed has its pipes closed, which a writer learns by
     * writing alone; but it is the process that has started us.
     */
    private boolean isClientGone() {
        // A dead parent's children get another one at once, also while nobody has reaped it.
        return writer.isBroken() || !ProcessHandle.current().parent().equals(client);
    }

    /**
     * Waits until every call is answered and every answer written, or nobody is there who reads them. No message may come in
     * afterwards.
     */
    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(() -> {
            calls.shutdown();
            try {
                // Calls first: they hand their answers to the writer, which refuses lines once it drains.
                boolean answered = false;
                while (!answered && !isClientGone()) {
                    answered = calls.awaitTermination(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
                }
                if (!answered) {
                    log.warn("The client has gone: calls that wait are not answered");
                    calls.shutdownNow();
                    return;
                }
                writer.drain(this::isClientGone);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
