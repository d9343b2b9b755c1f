package dev.tau.jobs.it;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server over HTTP with the official client, and from its start to its end. Who is refused: {@link McpHttpRefusalsIT}. */
@Timeout(120)
class McpHttpIT {
    private static final Map<String, String> WITH_TOKEN = Map.of(McpHttpServer.TOKEN_VARIABLE, McpHttpServer.TOKEN);

    @TempDir
    Path root;

    private final List<ProgressNotification> progress = new CopyOnWriteArrayList<>();

    private McpSyncClient client(McpHttpServer server, String token) {
        HttpRequest.Builder requests = HttpRequest.newBuilder().header("Authorization", "Bearer " + token);
        HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport.builder(
                        server.uri().resolve("/").toString())
                .endpoint("/mcp")
                .requestBuilder(requests)
                .jsonMapper(new JacksonMcpJsonMapper(new JsonMapper()))
                .build();
        return McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(50))
                .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(null))
                .progressConsumer(progress::add)
                .build();
    }

    private static JsonNode call(McpSyncClient client, CallToolRequest.Builder request) {
        return Json.tree(client.callTool(request.build()).structuredContent());
    }

    private static CallToolRequest.Builder shell(String script, int waitMs) {
        return CallToolRequest.builder("jobs_create")
                .arguments(Map.of("command", "sh", "args", List.of("-c", script), "wait_ms", waitMs));
    }

    /** On a thread of its own: the client needs those of the JVM's common pool. */
    private static CompletableFuture<JsonNode> waitFor(McpSyncClient client, String id) {
        CallToolRequest.Builder request = CallToolRequest.builder("jobs_status")
                .arguments(Map.of("job_id", id, "wait_ms", 45_000))
                .progressToken("t");
        return CompletableFuture.supplyAsync(() -> call(client, request), task -> new Thread(task).start());
    }

    private static String id(JsonNode answer) {
        return answer.path("job").path("job_id").asString();
    }

    @Test
    void theOfficialClientGetsAJobsEndInTheOneCall() {
        try (McpHttpServer server = McpHttpServer.start(root, WITH_TOKEN);
                McpSyncClient client = client(server, McpHttpServer.TOKEN)) {
            assertThat(client.initialize().serverInfo().name()).isEqualTo("tau-jobs");
            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .containsExactlyInAnyOrder("jobs_create", "jobs_list", "jobs_status", "jobs_cancel");

            JsonNode ended = call(client, shell("sleep 0.3; echo done; exit 3", 20_000));

            assertThat(ended.path("job").path("status").asString()).isEqualTo("failed");
            assertThat(ended.path("job").path("exit_code").asInt()).isEqualTo(3);
            assertThat(ended.path("stdout_preview").asString()).isEqualTo("done\n");
            assertThat(server.stdout()).isEmpty();
        }
    }

    @Test
    void aTokenThatIsMadeIsForItsOwnersEyesAlone() throws Exception {
        try (McpHttpServer server = McpHttpServer.start(root, Map.of())) {
            Path file = server.tokenFile();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            String token = Json.text(file).strip();
            assertThat(token).hasSize(43); // 256 bits in Base64
            assertThat(server.stderr()).doesNotContain(token);
            try (McpSyncClient client = client(server, token)) {
                client.initialize();
                assertThat(client.listTools().tools()).hasSize(4);
            }
            server.signal("INT");
            assertThat(server.awaitExit()).isZero();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void jobsDoNotSeeTheTokens() {
        Map<String, String> environment = Map.of(
                McpHttpServer.TOKEN_VARIABLE,
                McpHttpServer.TOKEN,
                "TAU_JOBS_SERVE_TOKEN",
                "that of the page",
                "ANOTHER_VARIABLE",
                "is handed on");
        try (McpHttpServer server = McpHttpServer.start(root, environment);
                McpSyncClient client = client(server, McpHttpServer.TOKEN)) {
            client.initialize();
            assertThat(call(client, shell("echo $ANOTHER_VARIABLE; env | grep -c '^TAU_JOBS.*_TOKEN'", 20_000))
                            .path("stdout_preview")
                            .asString())
                    .isEqualTo("is handed on\n0\n");
        }
    }

    @Test
    void whoWaitsHearsOfProgressAndSigtermEndsJobsAnswersItAndExits0() throws Exception {
        try (McpHttpServer server = McpHttpServer.start(root, WITH_TOKEN)) {
            McpSyncClient client = client(server, McpHttpServer.TOKEN);
            client.initialize();
            String id = id(call(client, shell("sleep 300", 0)));
            JobProcess.await(JobsHost.stateDir(root), id, 1);
            CompletableFuture<JsonNode> waiting = waitFor(client, id);
            await().atMost(Duration.ofSeconds(20)).until(() -> !progress.isEmpty());
            assertThat(progress.get(0).progressToken()).isEqualTo("t");
            assertThat(progress.get(0).message()).contains(id, "still running");

            server.signal("TERM");

            assertThat(id(waiting.get(20, TimeUnit.SECONDS))).isEqualTo(id);
            assertThat(server.awaitExit()).isZero();
            assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id)).isEmpty();
            // Only a graceful close takes it away.
            assertThat(JobsHost.stateDir(root).resolve("owner.json")).doesNotExist();
            assertThat(server.stderr().lines()).hasSize(2);
        }
    }

    @Test
    void aPortInUseIsRefusedInOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                McpHttpServer server = McpHttpServer.launch(root, WITH_TOKEN, "--http=" + taken.getLocalPort())) {
            assertThat(server.awaitExit()).isEqualTo(2);
            assertThat(server.stderr().lines())
                    .singleElement()
                    .asString()
                    .startsWith("tau-jobs: --http=" + taken.getLocalPort())
                    .contains("Address already in use");
            assertThat(JobsHost.stateDir(root)).doesNotExist();
        }
    }

    @Test
    void aPortBeyondAllPortsIsRefused() throws Exception {
        try (McpHttpServer server = McpHttpServer.launch(root, WITH_TOKEN, "--http=65536")) {
            assertThat(server.awaitExit()).isEqualTo(2);
            assertThat(server.stderr()).isEqualTo("tau-jobs: --http must be a port from 0 to 65535, but is 65536\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \t", "two words"})
    void aTokenThatNoHeaderCanCarryIsRefused(String token) throws Exception {
        try (McpHttpServer server = McpHttpServer.launch(root, Map.of(McpHttpServer.TOKEN_VARIABLE, token), "--http")) {
            assertThat(server.awaitExit()).isEqualTo(2);
            assertThat(server.stderr()).startsWith("tau-jobs: TAU_JOBS_MCP_TOKEN must be");
            assertThat(server.stderr().lines()).hasSize(1);
        }
    }

    /** Also when it has heard of progress before, so that the answer has begun. */
    @Test
    void whoEndsItsSessionEndsItsStreamAndACallThatWaitsIsAnswered() throws Exception {
        try (McpHttpServer server = McpHttpServer.start(root, WITH_TOKEN)) {
            String session = server.session();
            HttpResponse<InputStream> stream = server.listen(session);
            String create =
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"_meta\":{\"progressToken\":1},"
                            + "\"name\":\"jobs_create\",\"arguments\":{\"command\":\"until test -e go; do sleep 0.02; done\","
                            + "\"shell\":true,\"wait_ms\":45000}}}";
            HttpResponse<InputStream> call = HttpClient.newHttpClient()
                    .send(
                            server.post(create, session)
                                    .timeout(Duration.ofSeconds(40))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader answer = new BufferedReader(new InputStreamReader(call.body(), UTF_8))) {
                String line = answer.readLine();
                while (!line.contains("notifications/progress")) {
                    line = answer.readLine();
                }
                assertThat(McpHttpServer.send(server.post("", session).DELETE()).statusCode())
                        .isEqualTo(200);
                try (InputStream body = stream.body()) {
                    assertThat(new String(body.readAllBytes(), UTF_8)).doesNotContain("error");
                }
                Files.createFile(root.resolve("go"));
                assertThat(answer.lines()).anyMatch(rest -> rest.contains("the session has ended meanwhile"));
            }
        }
    }
}
