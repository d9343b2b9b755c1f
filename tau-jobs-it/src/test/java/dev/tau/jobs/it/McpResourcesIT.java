package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Jobs as resources of the MCP server: listed, read, subscribed to, and their ends told of without being asked. */
@Timeout(120)
class McpResourcesIT {
    private static final String PREFIX = "tau-jobs://jobs/";
    private static final int NOT_FOUND = -32002;
    private static final int INVALID_PARAMS = -32602;

    @TempDir
    Path root;

    private Process server;
    private Writer in;
    private BufferedReader out;
    private int requests;
    /** What came while an answer was awaited. */
    private final List<JsonNode> notifications = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = McpServer.command(root).start();
        in = server.outputWriter(StandardCharsets.UTF_8);
        out = server.inputReader(StandardCharsets.UTF_8);
        JsonNode capabilities = request(
                        "initialize",
                        Map.of(
                                "protocolVersion",
                                "2025-06-18",
                                "capabilities",
                                Map.of(),
                                "clientInfo",
                                Map.of("name", "it", "version", "1")))
                .path("result")
                .path("capabilities");
        assertThat(capabilities.path("resources").path("subscribe").asBoolean()).isTrue();
        assertThat(capabilities.has("logging")).isTrue();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.destroy();
        server.waitFor();
    }

    private void send(Map<String, ?> message) throws IOException {
        in.write(Json.tree(message) + "\n");
        in.flush();
    }

    private void initialized() throws IOException {
        send(Map.of("jsonrpc", "2.0", "method", "notifications/initialized"));
    }

    private JsonNode request(String method, Map<String, ?> params) throws IOException {
        int id = ++requests;
        send(Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params));
        return next(message -> message.path("id").asInt(-1) == id);
    }

    private JsonNode next(Predicate<JsonNode> wanted) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            JsonNode message = Json.parse(line);
            if (wanted.test(message)) {
                return message;
            }
            notifications.add(message);
        }
        throw new AssertionError("the server ended; before it said " + notifications);
    }

    private JsonNode notification(String method) throws IOException {
        for (JsonNode message : notifications) {
            if (message.path("method").asString().equals(method)) {
                notifications.remove(message);
                return message.path("params");
            }
        }
        return next(message -> message.path("method").asString().equals(method)).path("params");
    }

    private String create(String script) throws IOException {
        return request(
                        "tools/call",
                        Map.of("name", "jobs_create", "arguments", Map.of("command", script, "shell", true)))
                .path("result")
                .path("structuredContent")
                .path("job")
                .path("job_id")
                .asString();
    }

    private JsonNode resource(String method, String uri) throws IOException {
        return request(method, Map.of("uri", uri));
    }

    @Test
    void whoSubscribesIsToldOfTheEnd() throws Exception {
        initialized();
        String id = create("until [ -e go ]; do sleep 0.02; done; echo done; exit 3");
        String other = create("until [ -e go ]; do sleep 0.02; done");
        assertThat(resource("resources/subscribe", PREFIX + id).has("result")).isTrue();
        assertThat(resource("resources/subscribe", PREFIX + other).has("result"))
                .isTrue();
        assertThat(resource("resources/unsubscribe", PREFIX + other).has("result"))
                .isTrue();
        Files.createFile(root.resolve("go"));

        assertThat(notification("notifications/resources/updated").path("uri").asString())
                .isEqualTo(PREFIX + id);
        JsonNode contents =
                resource("resources/read", PREFIX + id).path("result").path("contents");
        assertThat(contents).hasSize(3);
        assertThat(Json.parse(contents.get(0).path("text").asString())
                        .path("job")
                        .path("exit_code")
                        .asInt())
                .isEqualTo(3);
        assertThat(contents.get(1).path("uri").asString()).isEqualTo(PREFIX + id + "/stdout");
        assertThat(contents.get(1).path("text").asString()).isEqualTo("done\n");
        assertThat(contents.get(2).path("text").asString()).isEmpty();
        JsonNode alone = resource("resources/read", PREFIX + id + "/stdout")
                .path("result")
                .path("contents");
        assertThat(alone).hasSize(1);
        assertThat(alone.get(0)).isEqualTo(contents.get(1));
        // Everybody is told of both by the log.
        List<String> said = List.of(message(), message());
        assertThat(said)
                .containsExactlyInAnyOrder(
                        "warning background job " + id + " failed (job_non_zero_exit)",
                        "info background job " + other + " succeeded (job_succeeded)");
        assertThat(notifications)
                .noneMatch(message -> message.path("method").asString().equals("notifications/resources/updated"));
    }

    private String message() throws IOException {
        JsonNode message = notification("notifications/message");
        return message.path("level").asString() + " " + message.path("data").asString();
    }

    @Test
    void whoSubscribesTooLateIsToldAtOnce() throws Exception {
        initialized();
        String id = create("true");
        notification("notifications/message");
        resource("resources/subscribe", PREFIX + id);

        assertThat(notification("notifications/resources/updated").path("uri").asString())
                .isEqualTo(PREFIX + id);
    }

    @Test
    void nothingIsSaidBeforeTheClientListensAndNothingBelowItsLevel() throws Exception {
        String early = create("exit 1");
        request("tools/call", Map.of("name", "jobs_status", "arguments", Map.of("job_id", early, "wait_ms", 20_000)));
        assertThat(request("ping", Map.of()).has("result")).isTrue();
        assertThat(notifications).isEmpty();
        assertThat(request("logging/setLevel", Map.of("level", "warning")).has("result"))
                .isTrue();
        initialized();
        assertThat(message()).isEqualTo("warning background job " + early + " failed (job_non_zero_exit)");

        create("true");
        String failing = create("exit 1");
        assertThat(message()).isEqualTo("warning background job " + failing + " failed (job_non_zero_exit)");
    }

    @Test
    void theListGoesOnPageByPage() throws Exception {
        initialized();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 53; i++) {
            ids.add(0, PREFIX + create("true"));
        }
        JsonNode first = request("resources/list", Map.of()).path("result");
        assertThat(first.path("resources")).hasSize(50);
        JsonNode second = request(
                        "resources/list",
                        Map.of("cursor", first.path("nextCursor").asString()))
                .path("result");
        List<String> listed = new ArrayList<>(first.path("resources").findValuesAsString("uri"));
        listed.addAll(second.path("resources").findValuesAsString("uri"));
        assertThat(listed).isEqualTo(ids);
        assertThat(second.has("nextCursor")).isFalse();
        assertThat(request("resources/templates/list", Map.of())
                        .path("result")
                        .path("resourceTemplates")
                        .get(0)
                        .path("uriTemplate")
                        .asString())
                .isEqualTo(PREFIX + "{job_id}");
    }

    @Test
    void whatMakesNoSenseIsAnError() throws Exception {
        initialized();
        for (String uri : List.of(PREFIX + "job-1-0001", PREFIX + "../x", "file:///etc/passwd", "")) {
            for (String method : List.of("resources/read", "resources/subscribe")) {
                assertThat(resource(method, uri).path("error").path("code").asInt())
                        .as(method + " " + uri)
                        .isEqualTo(NOT_FOUND);
            }
        }
        assertThat(request("resources/read", Map.of())
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(INVALID_PARAMS);
        assertThat(request("resources/list", Map.of("cursor", "x"))
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(INVALID_PARAMS);
        assertThat(request("logging/setLevel", Map.of("level", "loud"))
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(INVALID_PARAMS);
    }
}
