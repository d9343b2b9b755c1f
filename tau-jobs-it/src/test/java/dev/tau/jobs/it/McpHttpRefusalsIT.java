package dev.tau.jobs.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the server over HTTP lets in, and how it answers the rest. One server for all, which nothing here may break. */
@Timeout(120)
class McpHttpRefusalsIT {
    private static final String INITIALIZE = McpHttpServer.INITIALIZE;
    private static final int LIMIT = 16 * 1024 * 1024;

    @TempDir
    static Path root;

    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static McpHttpServer server;

    @BeforeAll
    static void start() {
        server = McpHttpServer.start(root, Map.of(McpHttpServer.TOKEN_VARIABLE, McpHttpServer.TOKEN));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** The head of the answer to a request by hand: Java's client lets nobody choose the header Host. */
    private static List<String> head(String path, String... headers) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            String request = "POST " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                    + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
                    + "Connection: close\r\nContent-Length: " + INITIALIZE.length() + "\r\n\r\n" + INITIALIZE;
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                    .lines()
                    .takeWhile(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static String status(String path, String... headers) throws Exception {
        return head(path, headers).get(0).substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }

    @ParameterizedTest
    @CsvSource({
        "200, localhost, Bearer a-token-of-the-tests, ",
        "200, 127.0.0.1:1, bearer a-token-of-the-tests, http://localhost:6274",
        "200, [::1]:80, Bearer a-token-of-the-tests, http://[::1]",
        "401, localhost, , ",
        "401, localhost, Bearer, ",
        "401, localhost, Bearer a-token-of-the-test, ",
        "401, localhost, Bearer a-token-of-the-tests2, ",
        "401, localhost, Basic a-token-of-the-tests, ",
        "401, localhost, a-token-of-the-tests, ",
        "403, evil.example, Bearer a-token-of-the-tests, ",
        "403, localhost.evil.example, Bearer a-token-of-the-tests, ",
        "403, 127.0.0.1.evil.example:80, Bearer a-token-of-the-tests, ",
        "403, localhost, Bearer a-token-of-the-tests, http://evil.example",
        "403, localhost, Bearer a-token-of-the-tests, http://localhost.evil.example:6274",
        "403, localhost, Bearer a-token-of-the-tests, null",
    })
    void onlyThisMachineWithTheTokenIsLetIn(
            String expected, String host, @Nullable String authorization, @Nullable String origin) throws Exception {
        assertThat(status(
                        "/mcp",
                        "Host: " + host,
                        authorization == null ? "X-No-Token: 1" : "Authorization: " + authorization,
                        origin == null ? "X-No-Origin: 1" : "Origin: " + origin))
                .isEqualTo(expected);
    }

    @Test
    void whoIsRefusedIsToldHowToComeIn() throws Exception {
        assertThat(head("/mcp", "Host: localhost")).contains("WWW-Authenticate: Bearer realm=\"tau-jobs\"");
        assertThat(head("/mcp", "Host: localhost", "Authorization: Bearer wrong"))
                .contains("WWW-Authenticate: Bearer realm=\"tau-jobs\", error=\"invalid_token\"");
    }

    @Test
    void otherPathsAreGuardedToo() throws Exception {
        assertThat(status("/", "Host: localhost")).isEqualTo("401");
        assertThat(status("/.well-known/oauth-protected-resource", "Host: evil.example"))
                .isEqualTo("403");
        assertThat(status("/other", "Host: localhost", "Authorization: Bearer " + McpHttpServer.TOKEN))
                .isEqualTo("404");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return McpHttpServer.send(request);
    }

    private static String session() throws Exception {
        return server.session();
    }

    @Test
    void aBodyOfTheLimitIsReadAndOneByteMoreIsRefused() throws Exception {
        String fits = INITIALIZE + " ".repeat(LIMIT - INITIALIZE.length());
        assertThat(send(server.post(fits, null)).statusCode()).isEqualTo(200);
        assertThat(send(server.post(fits + " ", null)).statusCode()).isEqualTo(413);
        // Without its length in front, as chunks.
        byte[] tooMuch = (fits + " ").getBytes(UTF_8);
        HttpRequest.Builder chunked = server.post("", null)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooMuch)));
        HttpResponse<String> refused = send(chunked);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(Json.parse(refused.body()).path("error").path("message").asString())
                .contains("over " + LIMIT + " bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``; -32700",
                "{nope; -32700",
                "[]; -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}; -32700",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}; -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}; -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}; -32602"
            })
    void whatIsNoMessageGetsTheCodeThatStdioGives(String body, int code) throws Exception {
        HttpResponse<String> refused = send(server.post(body, session()));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Json.parse(refused.body()).path("error").path("code").asInt())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":5}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":"
                        + "{\"name\":\"jobs_list\",\"arguments\":5}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"no_such_tool\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"no/such/method\"}"
            })
    void whateverIsAskedIsAnswered(String request) throws Exception {
        HttpResponse<String> answered = send(server.post(request, session()));
        JsonNode message = Json.parse(answered.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .findFirst()
                .orElse(answered.body()));
        assertThat(message.path("id").asInt()).as(answered.body()).isEqualTo(7);
        assertThat(message.path("error").path("code").asInt()).isNegative();
    }

    @Test
    void notificationsOfNoUseHereAreTakenInSilence() throws Exception {
        String session = session();
        String said = server.stderr();
        for (String method : List.of("notifications/cancelled", "notifications/roots/list_changed", "x/y")) {
            assertThat(send(server.post(
                                    "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":{\"requestId\":1}}",
                                    session))
                            .statusCode())
                    .isEqualTo(202);
        }
        assertThat(server.stderr()).isEqualTo(said);
    }

    @Test
    void whoListensHearsAtOnceThatItMay() throws Exception {
        HttpResponse<InputStream> stream = server.listen(session());
        try (InputStream body = stream.body()) {
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(body.available()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "OPTIONS", "PUT", "HEAD"})
    void whatIsNoMethodOfTheProtocolIsRefused(String method) throws Exception {
        List<String> answer = whole(method, "");
        assertThat(answer.get(0)).startsWith("HTTP/1.1 405");
        assertThat(answer).contains("Allow: POST, GET, DELETE").noneMatch(line -> line.contains(McpHttpServer.TOKEN));
    }

    /** All of the answer to a request by hand: Java's client sends no TRACE. */
    private static List<String> whole(String method, String body) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            String request =
                    method + " /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + McpHttpServer.TOKEN
                            + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                    .lines()
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25,200", "2025-03-26,200", "1999-01-01,400", "'',400"})
    void aVersionOfTheProtocolThatIsNotSpokenIsRefused(String version, int status) throws Exception {
        HttpRequest.Builder ping = server.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", session());
        assertThat(send(ping.header("MCP-Protocol-Version", version)).statusCode())
                .isEqualTo(status);
    }

    /** As of a client that was asked whether it is there, and was slow. */
    @Test
    void anAnswerThatNobodyWaitsForIsTakenInSilence() throws Exception {
        HttpResponse<String> late = send(server.post("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}", session()));
        assertThat(late.statusCode()).isEqualTo(202);
        assertThat(late.body()).isEmpty();
        assertThat(late.headers().firstValue("Content-Type")).isEmpty();
        assertThat(send(server.post("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}", "no-such-session"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aSessionThatEndedIsGone() throws Exception {
        String session = session();
        String list = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{}}";
        assertThat(send(server.post(list, session)).statusCode()).isEqualTo(200);
        assertThat(send(server.post("", session).DELETE()).statusCode()).isEqualTo(200);
        HttpResponse<String> gone = send(server.post(list, session));
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(Json.parse(gone.body()).path("error").path("message").asString())
                .contains("Session not found");
        assertThat(gone.body()).doesNotContain("stackTrace");
    }
}
