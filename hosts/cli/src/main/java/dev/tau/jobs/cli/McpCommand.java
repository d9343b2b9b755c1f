package dev.tau.jobs.cli;

import dev.tau.jobs.cli.mcp.EndRelay;
import dev.tau.jobs.cli.mcp.McpStdioServer;
import dev.tau.jobs.cli.mcp.ProtocolStreams;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tau-jobs mcp}. */
@Command(
        name = "mcp",
        description =
                "Offers the four tools to an agent, over the Model Context Protocol on stdin and stdout, and ends "
                        + "when its input ends; or over HTTP, until Ctrl-C or SIGTERM.")
final class McpCommand implements Callable<Integer> {
    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--allow-root",
            paramLabel = "DIR",
            description = "A directory that a job's cwd and session_path may lie in; may be given several times. "
                    + "Default: the working directory. Environment: none")
    private final List<Path> allowedRoots = new ArrayList<>();

    @Option(
            names = "--http",
            paramLabel = "PORT",
            arity = "0..1",
            fallbackValue = "0",
            description =
                    "Serve streamable HTTP on the loopback address instead, at this port, from 0 to 65535, or at any free one. Each "
                            + "request has to show a bearer token. Default: off; of the port any free one. "
                            + "Environment: none; the token is that of TAU_JOBS_MCP_TOKEN, or made at the start")
    private @Nullable Integer httpPort;

    private McpCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        // Before anything else has a chance to print on stdout.
        ProtocolStreams streams = ProtocolStreams.claim();
        ToolContext.Builder context = settings.context().toBuilder();
        for (Path root : allowedRoots) {
            if (!Files.isDirectory(root)) {
                System.err.println("tau-jobs: --allow-root must be an existing directory, but is " + root);
                return CommandLine.ExitCode.USAGE;
            }
            context.allowedRoot(root);
        }
        if (httpPort != null) {
            return new McpOverHttp(httpPort, System.getenv()).serve(context.build());
        }
        EndRelay ends = new EndRelay();
        context.jobListener(ends);
        try (ToolSet tools = ToolSet.load(context.build())) {
            if (Jobs.reportProblems(tools)) {
                return CommandLine.ExitCode.USAGE;
            }
            try (ends) {
                new McpStdioServer(streams, "tau-jobs", TauJobs.Version.number(), tools, ends).serve();
            }
        }
        return CommandLine.ExitCode.OK;
    }
}
