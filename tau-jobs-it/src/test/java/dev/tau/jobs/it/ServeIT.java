package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that serves the page. What the page does, a browser tests: hosts/cli/src/test/browser. */
@Timeout(180)
class ServeIT {
    private static final String TOKEN = "not-a-secret-at-all";

    @TempDir
    Path root;

    private final List<Process> started = new ArrayList<>();

    /** It never ends by itself. */
    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Launcher.path(), "serve"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectOutput(root.resolve("out").toFile())
                .redirectError(root.resolve("err").toFile());
        builder.environment().remove("TAU_JOBS_SERVE_TOKEN");
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String refusal(int code, Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(environment, arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Json.text(root.resolve("err"))).isEqualTo(code);
        assertThat(root.resolve("out")).isEmptyFile();
        return Json.text(root.resolve("err"));
    }

    private URI awaitAddress() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Json.text(root.resolve("out")).endsWith("/\n"));
        return URI.create(Json.text(root.resolve("out")).strip());
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void itShowsBothDirectoriesUntilItIsToldToEnd() throws Exception {
        Path other = Files.createDirectory(root.resolve("other"));
        String id;
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            id = host.shell("echo hello");
            host.awaitEnd(id);
            Process server = start(Map.of(), JobsHost.stateDir(root).toString(), other.toString());
            URI address = awaitAddress();
            assertThat(address.getHost()).isEqualTo("127.0.0.1");
            assertThat(address.getPath()).matches("/[A-Za-z0-9_-]{43}/");
            assertThat(get(address).body()).startsWith("<!doctype html>");
            assertThat(get(address.resolve("/")).statusCode()).isEqualTo(404);
            await().untilAsserted(() -> assertThat(
                            get(address.resolve("output?dir=0&stream=stdout&most=1000&offset=0&id=" + id))
                                    .body())
                    .contains("hello"));
            assertThat(get(address.resolve("job?dir=1&id=" + id)).statusCode()).isEqualTo(404);
            // A page that is open must not keep it.
            HttpResponse<java.io.InputStream> live = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(address.resolve("live")).build(), BodyHandlers.ofInputStream());
            assertThat(live.body().read()).isPositive();
            server.destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
            assertThat(root.resolve("err")).isEmptyFile();
            live.body().close();
        }
    }

    @Test
    void theTokenAndThePortMayBeChosen() throws Exception {
        Files.createDirectories(JobsHost.stateDir(root));
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            assertThat(refusal(2, Map.of(), "--port", Integer.toString(port)))
                    .contains("--port=" + port + " can't be listened on", "give another port");
        }
        Process server = start(Map.of("TAU_JOBS_SERVE_TOKEN", TOKEN), "--port", Integer.toString(port));
        assertThat(awaitAddress()).isEqualTo(URI.create("http://127.0.0.1:" + port + "/" + TOKEN + "/"));
        server.destroy();
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatCantBeServedIsRefusedByTheRule() throws Exception {
        assertThat(refusal(2, Map.of(), "--port", "65536"))
                .isEqualTo("tau-jobs: --port must be from 0 to 65535, found: 65536\n");
        assertThat(refusal(2, Map.of("TAU_JOBS_SERVE_TOKEN", "sh/rt")))
                .startsWith("tau-jobs: TAU_JOBS_SERVE_TOKEN must be letters, digits, - and _, at least 16")
                .doesNotContain("sh/rt");
        assertThat(refusal(1, Map.of(), "nowhere")).contains("there is no state dir at ");
    }
}
