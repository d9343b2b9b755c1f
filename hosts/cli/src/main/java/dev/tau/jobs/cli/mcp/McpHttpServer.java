package dev.tau.jobs.cli.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.http.LoopbackServer;
import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolSet;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.McpError;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.jspecify.annotations.Nullable;

/** Offers tools to the MCP clients of this machine over streamable HTTP. */
public final class McpHttpServer implements AutoCloseable {

    private static final String PATH = "/mcp";

    /**
     * A connection over which nothing has come or gone for so long is ended, and so is one whose client takes nothing of what is written
     * to it. Longer than any call waits; who only listens is asked more often whether it is there.
     */
    static final Duration IDLE = Duration.ofMinutes(2);

    private static final Duration ASK_LISTENERS_EVERY = Duration.ofSeconds(30);

    /** For listening streams' beginnings, greetings, and whatever is answered at once. */
    private static final int THREADS_FOR_OTHERS = 100;

    /** For answers that only have to be written, as the tools are closed by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ObjectMapper mapper =
            new ObjectMapper().registerModule(new SimpleModule().addSerializer(McpError.class, new ErrorBody()));
    private final OpenRequests open = new OpenRequests();
    private final BearerToken token;
    private final LoopbackServer jetty;
    private @Nullable McpSyncServer sdk;
    private @Nullable HttpClients clients;

    private McpHttpServer(LoopbackServer jetty, BearerToken token) {
        this.jetty = jetty;
        this.token = token;
    }

    /**
     * Takes a port on the loopback address; nothing is answered before {@link #start}.
     *
     * @param port the port, 0 for any free one
     * @param token what each request must show
     * @return the server
     * @throws IOException if the port can't be had, with the system's reason as its message
     */
    public static McpHttpServer bind(int port, BearerToken token) throws IOException {
        return new McpHttpServer(
                LoopbackServer.bind(port, "mcp-http", IDLE, MessageFilter.MAX_CALLS + THREADS_FOR_OTHERS), token);
    }

    /** {@return where clients find it} */
    public URI uri() {
        return jetty.uri(PATH);
    }

    /**
     * Answers requests from now on, on threads of its own.
     *
     * @param name what the server calls itself
     * @param version its version
     * @param tools what it offers; calls that are open when they are closed are answered until {@link #close}
     * @param ends tells of the ends of jobs
     * @throws IOException if the HTTP server does not start
     * @throws IllegalArgumentException if a tool's name is unfit
     */
    public void start(String name, String version, ToolSet tools, EndRelay ends) throws IOException {
        HttpServletStreamableServerTransportProvider transport = HttpServletStreamableServerTransportProvider.builder()
                .jsonMapper(new JacksonMcpJsonMapper(mapper))
                .mcpEndpoint(PATH)
                .maxRequestSize(MessageFilter.MAX_BODY_BYTES)
                .keepAliveInterval(ASK_LISTENERS_EVERY)
                .build();
        // The settings of McpStdioServer, for its reasons; Jetty brings the threads.
        Optional<JobResources> resources = JobResources.of(tools);
        McpSyncServer server = McpServer.sync(transport)
                .serverInfo(name, version)
                .requestTimeout(ASK_LISTENERS_EVERY)
                .capabilities(McpStdioServer.capabilities(resources.isPresent()))
                .jsonMapper(new JacksonMcpJsonMapper(mapper))
                .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(null))
                .validateToolInputs(false)
                .immediateExecution(true)
                .tools(StreamSupport.stream(tools.spliterator(), false)
                        .map(McpHttpServer::specification)
                        .toList())
                .build();
        sdk = server;
        Refusals refusals = new Refusals(mapper);
        ServletContextHandler context = new ServletContextHandler();
        add(context, new AccessFilter(token, PATH, transport.protocolVersions(), refusals), "/*");
        HttpClients told = resources
                .map(jobs -> new HttpClients(
                        jobs,
                        (session, method, params) ->
                                transport.notifyClient(session, method, params).block()))
                .orElse(null);
        if (told != null) {
            clients = told;
            ends.to(told);
        }
        add(context, new MessageFilter(mapper, refusals, open, resources.orElse(null), told), PATH);
        ServletHolder servlet = new ServletHolder(transport);
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, PATH);
        jetty.start(context);
    }

    private static void add(ServletContextHandler context, Filter filter, String path) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, path, EnumSet.of(DispatcherType.REQUEST));
    }

    private static SyncToolSpecification specification(Tool tool) {
        return new SyncToolSpecification(
                ToolCalls.describe(tool),
                (exchange, request) -> ToolCalls.call(tool, request, exchange::progressNotification));
    }

    /** Refuses further calls, and tells of no more ends; calls that are open go on, and clients stay connected. */
    public void refuseMore() {
        open.refuseMore();
        if (clients != null) {
            clients.close();
        }
    }

    /** Ends all connections and gives the port back. Open calls have a moment to be answered: close the tools first. */
    @Override
    public void close() {
        refuseMore();
        try {
            open.awaitNone(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (sdk != null) {
            // Listening streams end as such; Jetty would only cut them off.
            sdk.closeGracefully();
        }
        jetty.close();
    }
}
