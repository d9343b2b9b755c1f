package dev.tau.jobs.cli;

import dev.tau.jobs.cli.mcp.EndRelay;
import dev.tau.jobs.cli.mcp.McpHttpServer;
import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What {@code tau-jobs mcp --http} does: serves until Ctrl-C or SIGTERM. */
final class McpOverHttp {
    static final String TOKEN_VARIABLE = "TAU_JOBS_MCP_TOKEN";

    private static final int MAX_PORT = 65_535;

    private final int port;
    private final Map<String, String> environment;

    /**
     * One run of it.
     *
     * @param port the port, not checked yet; 0 for any free one
     * @param environment the host's variables
     */
    McpOverHttp(int port, Map<String, String> environment) {
        this.port = port;
        this.environment = environment;
    }

    /**
     * Serves a context's tools to the end.
     *
     * @return the command's exit code
     * @throws IOException if the HTTP server does not start, or the token's file can't be written
     */
    int serve(ToolContext context) throws IOException, InterruptedException {
        if (port < 0 || port > MAX_PORT) {
            return refuse("--http must be a port from 0 to " + MAX_PORT + ", but is " + port);
        }
        @Nullable String chosen = environment.get(TOKEN_VARIABLE);
        BearerToken token;
        try {
            token = chosen == null ? BearerToken.random() : BearerToken.of(chosen);
        } catch (IllegalArgumentException e) {
            return refuse(TOKEN_VARIABLE + " " + e.getMessage() + "; where it is not set a token is made");
        }
        McpHttpServer bound;
        try {
            // Before the tools are opened: who can't serve must not begin to run what is queued.
            bound = McpHttpServer.bind(port, token);
        } catch (IOException e) {
            return refuse("--http=" + port + " can't be listened on (" + Failures.describe(e)
                    + "): give another port, or none for any free one");
        }
        EndRelay ends = new EndRelay();
        // Closed in the opposite order: calls that wait are answered by the end of the tools, through the server.
        try (McpHttpServer server = bound;
                ToolSet tools =
                        ToolSet.load(context.toBuilder().jobListener(ends).build())) {
            if (Jobs.reportProblems(tools)) {
                return CommandLine.ExitCode.USAGE;
            }
            serve(server, tools, ends, chosen == null ? token : null);
        }
        return CommandLine.ExitCode.OK;
    }

    private static int refuse(String reason) {
        System.err.println("tau-jobs: " + Texts.printable(reason));
        return CommandLine.ExitCode.USAGE;
    }

    private static void serve(McpHttpServer server, ToolSet tools, EndRelay ends, @Nullable BearerToken made)
            throws IOException, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        Signals.onTermination(told::countDown);
        server.start("tau-jobs", TauJobs.Version.number(), tools, ends);
        @Nullable Path file = made == null ? null : keep(made);
        try {
            System.err.println("tau-jobs: MCP at " + server.uri());
            System.err.println(
                    file == null
                            ? "tau-jobs: its bearer token is that of " + TOKEN_VARIABLE
                            : "tau-jobs: its bearer token is in " + file + " until it ends; set " + TOKEN_VARIABLE
                                    + " to choose one");
            told.await();
            server.refuseMore();
        } finally {
            ends.close();
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Not on stderr, which clients and service managers log. Temporary files are made for their owner's eyes alone. */
    private static Path keep(BearerToken token) throws IOException {
        Path file = Files.createTempFile("tau-jobs-mcp-", ".token");
        return Files.writeString(file, token.reveal() + "\n");
    }
}
