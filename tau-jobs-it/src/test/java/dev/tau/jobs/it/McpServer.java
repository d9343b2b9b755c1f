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
import tools.jackson.databind.JsonNode;

/** {@code tau-jobs mcp} in a process of its own, spoken to line by line, one call after the other. */
final class McpServer implements AutoCloseable {
    private final Process process;
    private final Writer in;
    private final BufferedReader out;
    private int requests;

    private McpServer(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.out = process.inputReader(StandardCharsets.UTF_8);
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
            server.request(
                    "initialize",
                    Map.of(
                            "protocolVersion",
                            "2025-06-18",
                            "capabilities",
                            Map.of(),
                            "clientInfo",
                            Map.of("name", "it", "version", "1")));
            return server;
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
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                JsonNode message = Json.parse(line);
                if (message.path("id").asInt(-1) == id) {
                    return message.path("result");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no answer to " + method);
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
