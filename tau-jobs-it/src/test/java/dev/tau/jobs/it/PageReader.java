package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Does what a page shows, in a directory of its own, with the replacements that {@link DocumentedExamplesIT} names. */
final class PageReader implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String STATE_DIR = "/tmp/tau-demo";
    private static final String PORT = "8931";

    private final Path root;
    private final PageShell shell;
    private final String port;
    private @Nullable Path served;
    private @Nullable JobsHost host;

    PageReader(Path root) throws IOException {
        this.root = root;
        this.shell = new PageShell(root);
        try (ServerSocket any = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            this.port = Integer.toString(any.getLocalPort());
        }
    }

    private String replaced(String text) {
        return text.replace(STATE_DIR, JobsHost.stateDir(root).toString()).replace(PORT, port);
    }

    PageShell.Ran type(String command) throws IOException {
        return shell.run(replaced(command));
    }

    /** Types what serves until it is ended: when the page starts the next one, or ends. */
    void serve(String command) throws IOException {
        shell.stopServers();
        Path output = shell.start(replaced(command));
        await().atMost(START).until(() -> Json.text(output).contains("bearer token"));
        served = output;
    }

    /** What a server has said, less what is another port and another file each time. */
    void hear(String text) {
        assertThat(served).as("a server").isNotNull();
        assertThat(sameEachTime(Json.text(served))).isEqualTo(sameEachTime(text));
    }

    private static String sameEachTime(String text) {
        return text.replaceAll(":\\d+/mcp", ":PORT/mcp").replaceAll("\\S+/tau-jobs-mcp-\\d+\\.token", "FILE");
    }

    /** Does what an MCP client does with its configuration; returns the names of the tools that it is offered. */
    List<String> configure(String json) throws IOException {
        JsonNode server = Json.parse(replaced(json)
                        .replace("/path/to/tau-jobs", root.resolve("tau-jobs").toString())
                        .replace("/path/to/project", root.toString())
                        .replace(
                                "THE-TOKEN",
                                shell.run("printf %s \"${TAU_JOBS_MCP_TOKEN:-}\"")
                                        .output()))
                .path("mcpServers")
                .path("tau-jobs");
        return server.has("url") ? toolsAt(server) : toolsOf(server);
    }

    private List<String> toolsOf(JsonNode server) {
        List<String> command = new ArrayList<>();
        command.add(server.path("command").asString());
        server.path("args").forEach(argument -> command.add(argument.asString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        server.path("env")
                .properties()
                .forEach(variable -> builder.environment()
                        .put(variable.getKey(), variable.getValue().asString()));
        try (McpServer started = McpServer.start(builder)) {
            return started.tools();
        }
    }

    private static List<String> toolsAt(JsonNode server) {
        assertThat(server.path("type").asString()).isEqualTo("http");
        URI uri = URI.create(server.path("url").asString());
        HttpRequest.Builder requests = HttpRequest.newBuilder();
        server.path("headers")
                .properties()
                .forEach(header ->
                        requests.header(header.getKey(), header.getValue().asString()));
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(
                        uri.resolve("/").toString())
                .endpoint(uri.getPath())
                .requestBuilder(requests)
                .jsonMapper(new JacksonMcpJsonMapper(new JsonMapper()))
                .build();
        try (McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(50))
                .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(null))
                .build()) {
            client.initialize();
            return client.listTools().tools().stream().map(Tool::name).toList();
        }
    }

    /** An agent on the state directory in whose jobs and files there is something of all that the guide tells of. */
    void openHost() throws IOException {
        Files.writeString(JobsHost.jobFile(root, "broken", ".json"), "{");
        Path noSession = Files.writeString(root.resolve("notes.txt"), "no session\n");
        JobsHost opened = JobsHost.open(root, "no-session", "true");
        host = opened;
        opened.awaitStatus(
                opened.create(Map.of("command", "sleep 300", "shell", true, "timeout_ms", 300_000)), "running");
        opened.create(Map.of("command", "true", "delay_ms", 600_000));
        opened.create(Map.of("command", "true", "session_path", noSession.toString()));
        Path stateDir = JobsHost.stateDir(root);
        await().untilAsserted(() -> {
            assertThat(Json.text(stateDir.resolve("state.json"))).contains("background_job_quarantined");
            assertThat(Json.text(stateDir.resolve("events.jsonl"))).contains("trace_error");
        });
    }

    /** Whether the host may make control groups, as its job shows. */
    boolean hasGroups() {
        String stateDir = JobsHost.stateDir(root).toString();
        return JobProcess.all().stream()
                .filter(process -> process.stateDir().equals(stateDir))
                .anyMatch(process -> Json.text(Path.of("/proc", Long.toString(process.pid()), "cgroup"))
                        .contains("/tau-jobs-"));
    }

    /** Closes the host, and leaves nothing for the next owner to run. */
    void closeHost() {
        JobsHost opened = host;
        if (opened != null) {
            host = null;
            try (opened) {
                opened.call("jobs_cancel", Map.of("status", "active"));
            }
        }
    }

    /** Ends the servers, in order. */
    void finish() throws IOException {
        assertThat(host).as("closed").isNull();
        shell.stopServers();
    }

    @Override
    public void close() throws IOException {
        try (shell) {
            closeHost();
        }
    }
}
