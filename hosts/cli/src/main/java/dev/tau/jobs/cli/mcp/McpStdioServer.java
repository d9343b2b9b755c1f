package dev.tau.jobs.cli.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.spi.ToolSet;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Offers tools to one MCP client over stdin and stdout. */
public final class McpStdioServer {

    private final StdioTransport transport;
    private final McpStatelessSyncServer server;
    private final EndRelay ends;

    /**
     * Builds the server; it answers nothing before {@link #serve()}.
     *
     * @param streams where the client is
     * @param name what the server calls itself
     * @param version its version
     * @param tools what it offers; they must stay open until {@link #serve} has returned
     * @param ends tells of the ends of jobs, until input ends
     * @throws IllegalArgumentException if a tool's name is unfit
     */
    public McpStdioServer(ProtocolStreams streams, String name, String version, ToolSet tools, EndRelay ends) {
        ObjectMapper mapper = new ObjectMapper();
        this.ends = ends;
        this.transport = new StdioTransport(streams, mapper);
        Optional<JobResources> resources = JobResources.of(tools);
        resources.ifPresent(jobs -> {
            JobSubscriptions subscriptions = new JobSubscriptions(jobs, transport::send);
            transport.setResources(
                    jobs,
                    subscriptions,
                    () -> ends.to(end -> {
                        subscriptions.ended(end, transport::send);
                        if (transport.isOutputOver()) {
                            throw new InterruptedException("the client is gone");
                        }
                    }));
        });
        this.server = McpServer.sync(transport)
                .serverInfo(name, version)
                .capabilities(capabilities(resources.isPresent()))
                // Given, not left to the SDK's ServiceLoader: slower, and it needs its own default validator below.
                .jsonMapper(new JacksonMcpJsonMapper(mapper))
                // Never asked, but without one the SDK loads networknt's, which the pom excludes.
                .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(null))
                // Tools answer bad arguments themselves.
                .validateToolInputs(false)
                // The transport brings the threads. Otherwise calls would run on Reactor's elastic pool, of ten
                // threads per core: on two cores twenty slow calls would hold up all others.
                .immediateExecution(true)
                .tools(StreamSupport.stream(tools.spliterator(), false)
                        .map(this::specification)
                        .toList())
                .build();
    }

    /** What a server of tools, and perhaps of jobs as resources, can do. */
    static ServerCapabilities capabilities(boolean jobs) {
        ServerCapabilities.Builder builder = ServerCapabilities.builder().tools(false);
        return (jobs ? builder.resources(true, false).logging() : builder).build();
    }

    /**
     * Answers requests until stdin ends and all of them are answered, or nobody is there any more who reads the answers.
     *
     * @throws IOException if stdin cannot be read; what came before is answered nevertheless
     */
    public void serve() throws IOException {
        try {
            transport.readAll();
        } finally {
            // Who has ended the input may read the answers, but waits for nothing new.
            ends.close();
            server.closeGracefully();
        }
    }

    private SyncToolSpecification specification(dev.tau.jobs.spi.Tool tool) {
        return new SyncToolSpecification(
                ToolCalls.describe(tool),
                (context, request) -> ToolCalls.call(
                        tool, request, progress -> transport.send(McpSchema.METHOD_NOTIFICATION_PROGRESS, progress)));
    }
}
