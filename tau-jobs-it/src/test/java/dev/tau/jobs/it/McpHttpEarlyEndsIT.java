package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.Json;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over HTTP a client listens some time after the server's start, if at all: what ended before is kept for it. */
@Timeout(120)
class McpHttpEarlyEndsIT {
    @TempDir
    Path root;

    @Test
    void theFirstThatListensHearsOfWhatEndedBefore() throws Exception {
        try (McpHttpServer server =
                McpHttpServer.start(root, Map.of(McpHttpServer.TOKEN_VARIABLE, McpHttpServer.TOKEN))) {
            String session = server.session();
            String created = McpHttpServer.send(server.post(
                            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":"
                                    + "\"jobs_create\",\"arguments\":{\"command\":\"false\",\"wait_ms\":20000}}}",
                            session))
                    .body();
            assertThat(created).contains("job_non_zero_exit");

            HttpResponse<InputStream> stream = server.listen(session);
            assertThat(stream.statusCode()).isEqualTo(200);
            // On a thread of its own: no interrupt ends a read that nothing comes for.
            List<String> heard = new CopyOnWriteArrayList<>();
            Thread reader =
                    new Thread(() -> new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))
                            .lines()
                            .forEach(heard::add));
            reader.setDaemon(true);
            reader.start();
            await().untilAsserted(() -> assertThat(heard)
                    .filteredOn(line -> line.startsWith("data: "))
                    .extracting(line -> Json.parse(line.substring("data: ".length()))
                            .path("params")
                            .path("data")
                            .asString())
                    .anyMatch(said -> said.contains(" failed (job_non_zero_exit)")));
        }
    }
}
