package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.io.BufferedReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class McpIT {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}}";

    @TempDir
    Path root;

    @Test
    void rawLinesAreAllAnsweredAndTheEndOfInputEndsIt() throws Exception {
        Process server = McpServer.command(root).start();
        Writer in = server.outputWriter(StandardCharsets.UTF_8);
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            send(in, INITIALIZE);
            assertThat(answer(out, 1).path("result").path("serverInfo").isObject())
                    .isTrue();
            send(in, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            send(in, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{}}");
            assertThat(answer(out, 2).path("result").path("tools").findValuesAsString("name"))
                    .contains("jobs_create", "jobs_list", "jobs_status", "jobs_cancel");
            send(in, "{ this is no JSON");
            assertThat(Json.parse(out.readLine()).path("error").path("code").isInt())
                    .isTrue();
            send(in, callLine(3, "jobs_create", "{\"command\":\"sh\",\"args\":[\"-c\",\"sleep 0.3; echo done\"]}"));
            JsonNode created = answer(out, 3).path("result");
            assertThat(created.path("isError").asBoolean()).isFalse();
            assertThat(Json.parse(created.path("content").get(0).path("text").asString()))
                    .isEqualTo(created.path("structuredContent"));
            String id =
                    created.path("structuredContent").path("job").path("job_id").asString();
            send(in, callLine(4, "jobs_status", "{\"job_id\":\"" + id + "\",\"wait_ms\":20000}"));
            in.close(); // with the last call still open
            assertThat(answer(out, 4)
                            .path("result")
                            .path("structuredContent")
                            .path("stdout_preview")
                            .asString())
                    .isEqualTo("done\n");
            // Behind it nothing but what nobody has asked for: the job's end.
            assertThat(out.lines())
                    .allSatisfy(line -> assertThat(Json.parse(line).has("id")).isFalse());
            assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroy();
            // It writes until its end.
            server.onExit().join();
        }
    }

    /** Its pipes are closed then, which nobody can see who has nothing to write: the server would own the directory for 45 s more. */
    @Test
    void whenWhoHasStartedItIsGoneItDoesNotWaitForCallsThatNobodyReads() throws Exception {
        Path requests = root.resolve("requests");
        Path answers = root.resolve("answers");
        Files.writeString(
                requests,
                INITIALIZE + "\n"
                        + callLine(2, "jobs_create", "{\"command\":\"sleep\",\"args\":[\"300\"],\"wait_ms\":45000}")
                        + "\n");
        String script = "\"$@\" <requests >answers & echo $!; read -r end";
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(McpServer.command(root).command());
        Process client = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = client.inputReader(StandardCharsets.UTF_8)) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            await().ignoreExceptions() // the server has not been started yet
                    .until(() -> Json.text(answers).contains("serverInfo"));
            String stateDir = JobsHost.stateDir(root).toRealPath().toString();
            await().until(() -> JobProcess.all().stream()
                    .anyMatch(process -> process.stateDir().equals(stateDir)));
            client.destroyForcibly();
            assertThat(server.onExit()).succeedsWithin(Duration.ofSeconds(20));
        } finally {
            client.destroyForcibly();
        }
    }

    @Test
    void whoGivesATokenHearsOfProgressWhileACallWaits() throws Exception {
        Process server = McpServer.command(root).start();
        try (Writer in = server.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            send(in, INITIALIZE);
            answer(out, 1);
            send(in, callLine(2, "jobs_create", "{\"command\":\"sleep\",\"args\":[\"300\"]}"));
            String id = answer(out, 2)
                    .path("result")
                    .path("structuredContent")
                    .path("job")
                    .path("job_id")
                    .asString();
            send(
                    in,
                    callLine(3, "jobs_status", "{\"job_id\":\"" + id + "\",\"wait_ms\":45000}")
                            .replace("\"params\":{", "\"params\":{\"_meta\":{\"progressToken\":\"t\"},"));
            JsonNode progress = Json.parse(out.readLine());
            assertThat(progress.path("method").asString()).isEqualTo("notifications/progress");
            assertThat(progress.path("params").path("progressToken").asString()).isEqualTo("t");
            assertThat(progress.path("params").path("progress").asInt()).isEqualTo(1);
            assertThat(progress.path("params").path("message").asString()).contains(id, "still running");
            send(in, callLine(4, "jobs_cancel", "{\"job_id\":\"" + id + "\"}"));
            assertThat(answer(out, 3).path("result").path("isError").asBoolean())
                    .isFalse();
        } finally {
            server.destroy();
            // It writes until its end.
            server.onExit().join();
        }
    }

    @Test
    void theTraceOfACallIsThatOfItsJob() throws Exception {
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Process server = McpServer.command(root).start();
        try (Writer in = server.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            send(in, INITIALIZE);
            answer(out, 1);
            // A client may send anything there: what is no traceparent is as good as none.
            assertThat(traceparentOfJob(in, out, 2, '"' + traceparent + '"')).isEqualTo('"' + traceparent + '"');
            assertThat(traceparentOfJob(in, out, 3, "\"00-what-ever-01\"")).isEmpty();
            assertThat(traceparentOfJob(in, out, 4, "{\"a\":[null]}")).isEmpty();
        } finally {
            server.destroy();
            // It writes until its end.
            server.onExit().join();
        }
    }

    private String traceparentOfJob(Writer in, BufferedReader out, int call, String traceparent) throws Exception {
        send(
                in,
                callLine(call, "jobs_create", "{\"command\":\"true\",\"wait_ms\":20000}")
                        .replace("\"params\":{", "\"params\":{\"_meta\":{\"traceparent\":" + traceparent + "},"));
        String id = answer(out, call)
                .path("result")
                .path("structuredContent")
                .path("job")
                .path("job_id")
                .asString();
        Path manifest = JobsHost.jobFile(root, id, ".json");
        await().until(() -> Files.exists(manifest));
        return Json.parse(Files.readString(manifest)).path("traceparent").toString();
    }

    private static String callLine(int id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}";
    }

    private static void send(Writer in, String line) throws Exception {
        in.write(line + "\n");
        in.flush();
    }

    private static JsonNode answer(BufferedReader out, int id) throws Exception {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            JsonNode message = Json.parse(line);
            if (message.path("id").asInt(-1) == id) {
                return message;
            }
        }
        throw new AssertionError("no answer to request " + id);
    }

    @Test
    void theOfficialClientCancelsAWholeTree() {
        ServerParameters server = ServerParameters.builder(Launcher.path())
                .args(List.of(
                        "mcp",
                        "--no-session",
                        "--jobs-state-dir",
                        JobsHost.stateDir(root).toString()))
                .build();
        try (McpSyncClient client = McpClient.sync(
                        new StdioClientTransport(server, new JacksonMcpJsonMapper(new JsonMapper())))
                .requestTimeout(Duration.ofSeconds(50))
                .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(null))
                .build()) {
            client.initialize();
            String id = call(client, "jobs_create", Map.of("command", "sh", "args", List.of("-c", HostMain.TREE)))
                    .path("job")
                    .path("job_id")
                    .asString();
            JobProcess.await(JobsHost.stateDir(root), id, 3);
            call(client, "jobs_cancel", Map.of("job_id", id));
            await().atMost(Duration.ofSeconds(3))
                    .untilAsserted(() -> assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id))
                            .isEmpty());
            JsonNode job = call(client, "jobs_status", Map.of("job_id", id, "wait_ms", 3_000))
                    .path("job");
            assertThat(job.path("status").asString()).isEqualTo("cancelled");
            assertThat(job.path("reason_code").asString()).isEqualTo("job_cancelled_during_run");
        }
        // The client does not wait for the server's end, until which it writes.
        await().untilAsserted(() -> assertThat(
                        Processes.withArgument(JobsHost.stateDir(root).toString()))
                .isEmpty());
    }

    private static JsonNode call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        Object content = client.callTool(
                        CallToolRequest.builder(tool).arguments(arguments).build())
                .structuredContent();
        return Json.tree(content);
    }
}
