package dev.tau.jobs.it;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** {@code tau-jobs mcp} in a process of its own, spoken to line by line, one call after the other. */
final class McpServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90;

    private final Process process;
    private final Writer in;
    /** Of a thread of its own: who reads a pipe himself waits for ever for what does not come. Empty at the end. */
    private final BlockingQueue<Optional<String>> out = new LinkedBlockingQueue<>();

    private int requests;

    private McpServer(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "mcp-server-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.add(Optional.of(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            out.add(Optional.empty());
        }
    }

    /** What starts one on the state dir of a root. */
    static ProcessBuilder command(Path root, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Launcher.path(),
                "mcp",
                "--no-session",
                "--jobs-state-dir",
                JobsHost.stateDir(root).toString(),
                "--allow-root",
                root.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).directory(root.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** Starts one, and greets it. */
    static McpServer start(Path root, String... options) {
        return start(command(root, options));
    }

    /** Starts one that is told in another way, and greets it. */
    static McpServer start(ProcessBuilder command) {
        try {
            McpServer server = new McpServer(command.start());
            boolean greeted = false;
            try {
                server.request(
                        "initialize",
                        Map.of(
                                "protocolVersion",
                                "2025-06-18",
                                "capabilities",
                                Map.of(),
                                "clientInfo",
                                Map.of("name", "it", "version", "1")));
                greeted = true;
                return server;
            } finally {
                if (!greeted) {
                    server.kill();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a tool answers, an error as well. */
    JsonNode call(String tool, Map<String, ?> arguments) {
        return request("tools/call", Map.of("name", tool, "arguments", arguments))
                .path("structuredContent");
    }

    /** The names of its tools. */
    List<String> tools() {
        return request("tools/list", Map.of()).path("tools").findValuesAsString("name");
    }

    private JsonNode request(String method, Map<String, ?> params) {
        int id = ++requests;
        try {
            in.write(Json.tree(Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params)) + "\n");
            in.flush();
            for (Optional<String> line = next(); line.isPresent(); line = next()) {
                JsonNode message = Json.parse(line.get());
                if (message.path("id").asInt(-1) == id) {
                    return message.path("result");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("no answer to " + method);
    }

    private Optional<String> next() throws InterruptedException {
        Optional<String> line = out.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return line == null ? Optional.empty() : line;
    }

    /** Its process: the launcher has become the JVM. */
    long pid() {
        return process.pid();
    }

    /** SIGKILL: the launcher has become the JVM, so this meets it. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
