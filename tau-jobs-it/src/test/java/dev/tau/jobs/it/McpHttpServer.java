package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code tau-jobs mcp --http} in a process of its own, found by what it says on stderr. */
final class McpHttpServer implements AutoCloseable {
    static final String TOKEN = "a-token-of-the-tests";
    static final String TOKEN_VARIABLE = "TAU_JOBS_MCP_TOKEN";

    static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}}";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/mcp");
    private static final Pattern TOKEN_FILE = Pattern.compile("token is in (\\S+)");

    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private McpHttpServer(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Starts one, at any free port, that answers already. */
    static McpHttpServer start(Path root, Map<String, String> environment) {
        McpHttpServer server = launch(root, environment, "--http");
        boolean started = false;
        try {
            await().atMost(START).until(() -> {
                assertThat(server.process.isAlive())
                        .as("it lives: " + server.stderr())
                        .isTrue();
                return server.stderr().contains("bearer token");
            });
            started = true;
            return server;
        } finally {
            if (!started) {
                server.process.destroyForcibly();
            }
        }
    }

    /** Starts what may well end by itself. */
    static McpHttpServer launch(Path root, Map<String, String> environment, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--jobs-kill-grace-ms", "500"));
        ProcessBuilder builder = McpServer.command(root, all.toArray(String[]::new));
        builder.environment().remove(TOKEN_VARIABLE);
        builder.environment().putAll(environment);
        Path stdout = root.resolve("server.out");
        Path stderr = root.resolve("server.err");
        try {
            return new McpHttpServer(
                    builder.redirectOutput(stdout.toFile())
                            .redirectError(stderr.toFile())
                            .start(),
                    stdout,
                    stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String stdout() {
        return Json.text(stdout);
    }

    String stderr() {
        return Json.text(stderr);
    }

    URI uri() {
        Matcher found = URL.matcher(stderr());
        assertThat(found.find()).as("an address in: " + stderr()).isTrue();
        return URI.create(found.group());
    }

    /** Where it keeps the token that it made. */
    Path tokenFile() {
        Matcher found = TOKEN_FILE.matcher(stderr());
        assertThat(found.find()).as("a file in: " + stderr()).isTrue();
        return Path.of(found.group(1));
    }

    /** A message posted as clients post it, with the tests' token. */
    HttpRequest.Builder post(String message, @Nullable String session) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri())
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(message));
        return session == null ? request : request.header("Mcp-Session-Id", session);
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Begins a session, and returns its id. */
    String session() throws Exception {
        HttpResponse<String> greeted = send(post(INITIALIZE, null));
        assertThat(greeted.statusCode()).isEqualTo(200);
        String session = greeted.headers().firstValue("Mcp-Session-Id").orElseThrow();
        assertThat(send(post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", session))
                        .statusCode())
                .isEqualTo(202);
        return session;
    }

    /** Opens a session's listening stream; returns with its head, as the stream itself has no end. */
    HttpResponse<InputStream> listen(String session) throws Exception {
        return HTTP.send(post("", session).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits, at most 30 s, for its end; returns its exit code. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS))
                .as("ended: " + stderr())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        try {
            // What a failed test leaves of a server that did not end orderly.
            Matcher found = TOKEN_FILE.matcher(stderr());
            if (found.find()) {
                Files.deleteIfExists(Path.of(found.group(1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
