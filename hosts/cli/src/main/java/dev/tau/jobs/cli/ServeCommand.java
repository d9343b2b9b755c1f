package dev.tau.jobs.cli;

import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.view.Failures;
import dev.tau.jobs.web.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tau-jobs serve}. */
@Command(
        name = "serve",
        description =
                "Shows live, in a browser of this machine, what runs, waits and has ended in state directories, owned by a "
                        + "live agent or not: prints an address that holds a secret, and serves it until Ctrl-C. The page "
                        + "changes nothing but what it is asked to cancel.")
final class ServeCommand extends StateDirsCommand {
    static final String TOKEN_VARIABLE = "TAU_JOBS_SERVE_TOKEN";

    private static final int MAX_PORT = 65_535;
    private static final int LEAST_TOKEN = 16;

    @Mixin
    private final NamedDirectories named = new NamedDirectories();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "The port of 127.0.0.1 to listen on, from 0 to 65535; 0 for any free one. Default: 0. Environment: none; the secret "
                            + "in the address is that of " + TOKEN_VARIABLE + ", or made at the start")
    private int port;

    private ServeCommand() {}

    @Override
    List<Path> directories() {
        return named.directories();
    }

    @Override
    IfMissing ifMissing() {
        return IfMissing.END;
    }

    @Override
    int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("--port must be from 0 to " + MAX_PORT + ", found: " + port);
        }
        CountDownLatch told = new CountDownLatch(1);
        Signals.onTermination(told::countDown);
        try (WebServer server = start(token(System.getenv(TOKEN_VARIABLE)), readers)) {
            print(server.uri().toString());
            if (System.out.checkError()) {
                throw new IOException("stdout is closed or can't be written, and nobody knows the address");
            }
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return CommandLine.ExitCode.OK;
    }

    private WebServer start(BearerToken token, List<StateDirReader> readers) throws IOException, InterruptedException {
        try {
            return WebServer.start(port, token, readers);
        } catch (java.net.BindException e) {
            throw new IllegalArgumentException("--port=" + port + " can't be listened on (" + Failures.describe(e)
                    + "): give another port, or none for any free one");
        }
    }

    private static BearerToken token(@Nullable String chosen) {
        if (chosen == null) {
            return BearerToken.random();
        }
        if (!chosen.matches("[A-Za-z0-9_-]{" + LEAST_TOKEN + ",}")) {
            throw new IllegalArgumentException(TOKEN_VARIABLE + " must be letters, digits, - and _, at least "
                    + LEAST_TOKEN + "; where it is not set a token is made");
        }
        return BearerToken.of(chosen);
    }
}
