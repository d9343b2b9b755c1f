package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.Json;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Jobs as resources over HTTP, with the official client; what they are is {@link McpResourcesIT}'s. */
@Timeout(120)
class McpHttpResourcesIT {
    private static final String PREFIX = "tau-jobs://jobs/";

    @TempDir
    Path root;

    private McpHttpServer server;
    private McpSyncClient client;
    private final List<ResourceContents> updates = new CopyOnWriteArrayList<>();
    private final List<LoggingMessageNotification> log = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        server = McpHttpServer.start(root, Map.of(McpHttpServer.TOKEN_VARIABLE, McpHttpServer.TOKEN));
        HttpRequest.Builder requests =
                HttpRequest.newBuilder().header("Authorization", "Bearer " + McpHttpServer.TOKEN);
        client = McpClient.sync(HttpClientStreamableHttpTransport.builder(
                                server.uri().resolve("/").toString())
                        .endpoint("/mcp")
                        .requestBuilder(requests)
                        .jsonMapper(new JacksonMcpJsonMapper(new JsonMapper()))
                        .build())
                .requestTimeout(Duration.ofSeconds(50))
                .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(null))
                .resourcesUpdateConsumer(updates::addAll)
                .loggingConsumer(log::add)
                .build();
        client.initialize();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private String create(String script) {
        return Json.tree(client.callTool(CallToolRequest.builder("jobs_create")
                                .arguments(Map.of("command", script, "shell", true))
                                .build())
                        .structuredContent())
                .path("job")
                .path("job_id")
                .asString();
    }

    @Test
    void whoSubscribesIsToldOfTheEndAndReadsIt() throws Exception {
        String id = create("until [ -e go ]; do sleep 0.02; done; echo done; exit 3");
        assertThat(client.listResources().resources()).extracting(Resource::uri).containsExactly(PREFIX + id);
        assertThat(client.listResourceTemplates().resourceTemplates())
                .extracting(ResourceTemplate::uriTemplate)
                .containsExactly(PREFIX + "{job_id}");
        client.subscribeResource(SubscribeRequest.builder(PREFIX + id).build());
        Files.createFile(root.resolve("go"));

        // The client reads anew what was updated, and hands that on.
        await().untilAsserted(() -> assertThat(updates)
                .filteredOn(contents -> contents.uri().equals(PREFIX + id + "/stdout"))
                .extracting(contents -> ((TextResourceContents) contents).text())
                .contains("done\n"));
        await().untilAsserted(() -> assertThat(log)
                .extracting(LoggingMessageNotification::data)
                .contains("background job " + id + " failed (job_non_zero_exit)"));
        assertThat(server.stderr().lines()).as(server.stderr()).hasSize(2);
    }

    @Test
    void whoSubscribesTooLateIsToldAtOnceAndToNothingNot() {
        String id = create("true");
        // The listening stream may be opened after that.
        client.subscribeResource(SubscribeRequest.builder(PREFIX + id).build());
        await().untilAsserted(() ->
                assertThat(updates).extracting(ResourceContents::uri).contains(PREFIX + id));
        assertThatThrownBy(() -> client.subscribeResource(
                        SubscribeRequest.builder(PREFIX + "job-1-0001").build()))
                .isInstanceOf(McpError.class)
                .hasMessageContaining("there is no job job-1-0001");
        assertThatThrownBy(() -> client.readResource(
                        ReadResourceRequest.builder("file:///etc/passwd").build()))
                .isInstanceOf(McpError.class)
                .hasMessageContaining("a uri must be " + PREFIX);
    }
}
