package dev.tau.jobs.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "not-a-secret-at-all";

    @TempDir
    Path root;

    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private ToolSet tools;

    @SuppressWarnings("NullAway.Init")
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        tools = ToolSet.load(context());
        server = WebServer.start(0, BearerToken.of(TOKEN), List.of(StateDirReader.open(context())));
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        tools.close();
    }

    private ToolContext context() {
        return ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-state-dir", root.resolve("state").toString())
                .setting("jobs-retain-count", "5")
                .build();
    }

    private Map<?, ?> call(String tool, Map<String, ?> arguments) {
        return tools.find(tool).orElseThrow().execute(ToolCall.of(arguments)).content();
    }

    private String create(String script) {
        Object job = call(
                        "jobs_create",
                        Map.of("command", script, "shell", true, "env", Map.of("A_SECRET", "opensesame")))
                .get("job");
        return job instanceof Map<?, ?> map && map.get("job_id") instanceof String id ? id : "";
    }

    /** A manifest shows a little later what the tools say. */
    private void awaitShown(String id, String status) throws Exception {
        while (!ask("job?dir=0&id=" + id).at("/job/status").asText().equals(status)) {
            Thread.onSpinWait();
        }
    }

    private void awaitEnd(String id) throws Exception {
        awaitShown(id, "succeeded");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }

    private JsonNode ask(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    /** What the page knows after each change. */
    private static final class Page implements AutoCloseable {
        private final Stream<String> stream;
        private final Iterator<String> lines;
        private final Map<String, JsonNode> jobs = new HashMap<>();
        private JsonNode head = JSON.nullNode();

        Page(HttpClient client, URI uri) throws Exception {
            stream = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines())
                    .body();
            lines = stream.iterator();
        }

        void awaitChange() throws IOException {
            String line;
            do {
                line = lines.next();
                if (line.startsWith("data: {\"dir\"")) {
                    take(JSON.readTree(line.substring(6)));
                }
            } while (!line.equals("event: now"));
        }

        private void take(JsonNode message) {
            if (message.has("all")) {
                head = message;
                if (message.get("all").asBoolean()) {
                    jobs.clear();
                }
                message.get("gone").forEach(id -> jobs.remove(id.asText()));
            }
            message.get("jobs").forEach(job -> jobs.put(job.get("id").asText(), job));
        }

        JsonNode job(String id) {
            return jobs.getOrDefault(id, JSON.createObjectNode());
        }

        String status(String id) {
            return job(id).path("status").asText();
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    @Test
    void the_page_is_told_what_becomes_of_a_job() throws Exception {
        try (Page page = new Page(client, server.uri().resolve("live"))) {
            page.awaitChange();
            assertThat(page.jobs).isEmpty();
            String id = create("until [ -e go ]; do sleep 0.02; done; exit 3");
            while (!page.status(id).equals("running")) {
                page.awaitChange();
            }
            assertThat(page.head.get("owned").asBoolean()).isTrue();
            Files.createFile(root.resolve("go"));
            while (!page.status(id).equals("failed")) {
                page.awaitChange();
            }
            JsonNode job = page.job(id);
            assertThat(job.path("reason").asText()).isEqualTo("job_non_zero_exit");
            assertThat(job.path("exit").asInt()).isEqualTo(3);
            assertThat(job.path("finished").asLong())
                    .isGreaterThanOrEqualTo(job.path("started").asLong());
            while (page.head.path("counters").path("failed_total").asLong() != 1) {
                page.awaitChange();
            }
        }
    }

    /** One that comes later, and one that was there before, know the same. */
    @Test
    void the_page_is_told_which_jobs_are_removed() throws Exception {
        try (Page early = new Page(client, server.uri().resolve("live"))) {
            for (int i = 0; i < 12; i++) {
                create("exit 0");
            }
            while (early.head.path("counters").path("succeeded_total").asLong() < 12 || early.jobs.size() != 5) {
                early.awaitChange();
            }
            try (Page late = new Page(client, server.uri().resolve("live"))) {
                late.awaitChange();
                assertThat(late.jobs).isEqualTo(early.jobs);
            }
        }
    }

    @Test
    void a_job_is_told_whole_without_the_values_of_its_environment() throws Exception {
        String id = create("echo '<b>'; echo $A_SECRET");
        awaitEnd(id);
        // The log tells it after the manifest.
        await().until(() -> ask("job?dir=0&id=" + id).get("events").size() == 3);
        String answer = get("job?dir=0&id=" + id).body();
        assertThat(answer).doesNotContain("opensesame").contains("A_SECRET");
        JsonNode job = JSON.readTree(answer);
        assertThat(job.at("/job/status").asText()).isEqualTo("succeeded");
        assertThat(job.at("/job/stdout_bytes").asInt()).isEqualTo(15);
        assertThat(job.get("events").findValuesAsText("event")).containsExactly("created", "started", "succeeded");
        assertThat(ask("output?dir=0&stream=stdout&most=65536&offset=0&id=" + id)
                        .get("text")
                        .asText())
                .isEqualTo("<b>\n[redacted]\n");
    }

    @Test
    void a_long_output_is_read_part_by_part_and_from_its_end() throws Exception {
        String id = create("seq 100000");
        awaitEnd(id);
        StringBuilder all = new StringBuilder();
        for (long next = 0; ; ) {
            JsonNode part = ask("output?dir=0&stream=stdout&most=65536&id=" + id + "&offset=" + next);
            if (part.get("next_offset").asLong() == next) {
                assertThat(part.get("ended").asBoolean()).isTrue();
                break;
            }
            all.append(part.get("text").asText());
            next = part.get("next_offset").asLong();
        }
        assertThat(all.toString().lines()).hasSize(100_000).startsWith("1", "2").endsWith("99999", "100000");
        assertThat(ask("output?dir=0&stream=stdout&most=65536&offset=-1&id=" + id)
                        .get("text")
                        .asText())
                .hasSize(OutputServlet.PART_BYTES)
                .endsWith("\n100000\n");
        assertThat(ask("output?dir=0&stream=stderr&most=65536&offset=-1&id=" + id)
                        .get("text")
                        .asText())
                .isEmpty();
    }

    private static final int QUESTION_BYTES = 16 << 20;

    /** All the places of a text, as the page finds them one after the other, each in the part that the page would show. */
    private List<Long> places(String id, String text) throws Exception {
        List<Long> places = new ArrayList<>();
        long offset = 0;
        int skip = 0;
        while (true) {
            JsonNode answer =
                    ask("search?dir=0&stream=stdout&q=" + text + "&id=" + id + "&offset=" + offset + "&skip=" + skip);
            if (answer.has("at_end")) {
                return places;
            }
            if (answer.has("found")) {
                offset = answer.get("found").asLong();
                skip = answer.get("at").asInt() + 1;
                JsonNode part = ask("output?dir=0&stream=stdout&most=131072&id=" + id + "&offset=" + offset);
                assertThat(part.get("text").asText().substring(skip - 1)).startsWithIgnoringCase(text);
                places.add(offset + skip - 1);
            } else {
                assertThat(answer.get("next_offset").asLong()).isGreaterThan(offset);
                offset = answer.get("next_offset").asLong();
                skip = 0;
            }
        }
    }

    /** Wherever it stands: across the end of a part, and of what one question reads, too. */
    @Test
    void a_text_is_found_wherever_it_stands() throws Exception {
        for (int before : new int[] {0, 100, 65_533, 65_535, 65_536, 200_000, QUESTION_BYTES - 3, QUESTION_BYTES}) {
            String id = create("head -c " + before + " /dev/zero | tr '\\0' .; echo Needle; seq 20000; echo nEEDLE");
            awaitEnd(id);
            assertThat(places(id, "neEdle"))
                    .as("behind %d bytes", before)
                    .containsExactly((long) before, before + 108_901L);
        }
    }

    @Test
    void each_place_is_found_once() throws Exception {
        // Both begin in the first part and end in the second.
        String id = create("head -c 65533 /dev/zero | tr '\\0' .; echo ananana");
        awaitEnd(id);
        assertThat(places(id, "anana")).containsExactly(65_533L, 65_535L);
    }

    @Test
    void a_text_that_is_not_there_is_looked_for_to_the_end() throws Exception {
        String id = create("seq 5000000");
        awaitEnd(id);
        assertThat(places(id, "needle")).isEmpty();
    }

    @Test
    void a_job_is_cancelled_by_a_post_alone() throws Exception {
        String id = create("sleep 300");
        awaitShown(id, "running");
        assertThat(get("cancel?dir=0&id=" + id).statusCode()).isEqualTo(405);
        HttpRequest post = HttpRequest.newBuilder(server.uri().resolve("cancel?dir=0&id=" + id))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(JSON.readTree(client.send(post, BodyHandlers.ofString()).body())
                        .get("taken")
                        .asBoolean())
                .isTrue();
        awaitShown(id, "cancelled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "job?dir=0",
                "job?dir=1&id=x",
                "job?dir=x&id=x",
                "job?dir=-1&id=x",
                "job?id=x",
                "job?dir=0&id=..%2F..%2Fetc",
                "job?dir=0&id=%00",
                "job?dir=0&id=",
            })
    void what_names_no_job_is_refused_with_the_rule(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("error").asText()).matches("(dir|id) .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "output?stream=stdout",
                "output?stream=stdin&offset=0",
                "output?stream=stdout&offset=-2",
                "search?stream=stdout&offset=0&skip=0",
                "search?stream=stdout&offset=0&skip=0&q=",
                "search?stream=stdout&offset=0&skip=-1&q=a",
                "output?offset=0",
                "output?stream=stdout&offset=0&most=0",
                "output?stream=stdout&offset=0&most=131073",
            })
    void what_names_no_part_is_refused_with_the_rule(String path) throws Exception {
        String id = create("exit 0");
        awaitEnd(id);
        HttpResponse<String> answer = get(path + "&dir=0&id=" + id);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("error").asText()).matches("(stream|offset|q|skip|most) .*");
    }

    @Test
    void an_unknown_job_is_said_to_be_unknown() throws Exception {
        assertThat(get("job?dir=0&id=unknown").statusCode()).isEqualTo(404);
        assertThat(ask("job?dir=0&id=unknown").get("error").asText()).isEqualTo("there is no job unknown");
    }

    /** The head and the body of the answer to a request that no well-behaved client would send. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            StringBuilder answer = new StringBuilder();
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                in.lines().forEach(line -> answer.append(line).append('\n'));
            }
            return answer.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n",
                "GET /another-token-of-that-size/ HTTP/1.1\r\nHost: localhost\r\n",
                "GET /TOKEN HTTP/1.1\r\nHost: localhost\r\n",
                "GET /x/../TOKEN/ HTTP/1.1\r\nHost: localhost\r\n",
                "GET /TOKEN/ HTTP/1.1\r\nHost: evil.example\r\n",
                "GET /TOKEN/live HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:1\r\n",
                "POST /TOKEN/cancel?dir=0&id=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nOrigin: http://evil.example\r\n",
                "GET /TOKEN/live HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n",
                "GET /TOKEN/live HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\n",
                "GET /TOKEN/app.js HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n",
                "GET /TOKEN/app.js HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-site\r\n",
                "GET /app.js HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong\r\n",
            })
    void who_may_not_ask_gets_nothing(String request) throws Exception {
        String answer = raw(request.replace("TOKEN", TOKEN));
        assertThat(answer).startsWith("HTTP/1.1 4");
        assertThat(answer.substring(answer.indexOf("\n\n") + 2).strip())
                .isIn("", "<h1>Bad Message 400</h1><pre>reason: Ambiguous URI path segment</pre>");
        assertThat(answer).doesNotContainIgnoringCase("jetty").doesNotContain(TOKEN);
    }

    @Test
    void a_prometheus_is_told_what_the_page_is_told() throws Exception {
        awaitEnd(create("exit 0"));
        awaitShown(create("exit 3"), "failed");
        String dir = "state_dir=\"" + root.resolve("state") + "\"";
        String text;
        do {
            text = get("metrics").body();
        } while (!text.contains("tau_jobs_ended_total{outcome=\"failed\"," + dir + "} 1.0"));
        assertThat(text)
                .contains(
                        "tau_jobs_up{" + dir + "} 1.0",
                        "tau_jobs_queued{" + dir + "} 0.0",
                        "tau_jobs_created_total{" + dir + "} 2.0",
                        "tau_jobs_ended_total{outcome=\"succeeded\"," + dir + "} 1.0",
                        "tau_jobs_longest_wait_seconds{" + dir + "} 0.0",
                        "tau_jobs_kept{reason=\"job_non_zero_exit\"," + dir + ",status=\"failed\"} 1.0",
                        "tau_jobs_wait_seconds_count{" + dir + "} 2",
                        "tau_jobs_run_seconds_count{outcome=\"failed\"," + dir + "} 1");
        assertThat(value(text, "tau_jobs_disk_available_bytes{" + dir + "}"))
                .isCloseTo((double) Files.getFileStore(root).getUsableSpace(), within(1e9));
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("tau_jobs_created_total{" + dir + "} 2.0");
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: localhost\r\n")).startsWith("HTTP/1.1 404");
    }

    private static double value(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findAny()
                .orElseThrow();
    }

    @Test
    void a_sink_that_fails_is_counted() throws Exception {
        String name = "tau_jobs_traces_lost_total{state_dir=\"" + root.resolve("state") + "\"}";
        assertThat(value(get("metrics").body(), name)).isZero();
        Files.createDirectory(root.resolve("session.jsonl"));
        call("jobs_create", Map.of("command", "true", "session_path", "session.jsonl"));
        // It was created, has started and has ended, of which nothing could be written.
        while (value(get("metrics").body(), name) < 3) {
            Thread.onSpinWait();
        }
        // The oldest are removed, for which all manifests are read again.
        for (int i = 0; i < 10; i++) {
            awaitEnd(create("exit 0"));
        }
        String removed = "tau_jobs_kept{reason=\"job_succeeded\",state_dir=\"" + root.resolve("state")
                + "\",status=\"succeeded\"}";
        while (value(get("metrics").body(), removed) != 5) {
            Thread.onSpinWait();
        }
        assertThat(value(get("metrics").body(), name)).isEqualTo(3);
        try (WebServer later = WebServer.start(0, BearerToken.of(TOKEN), List.of(StateDirReader.open(context())))) {
            HttpRequest request =
                    HttpRequest.newBuilder(later.uri().resolve("metrics")).build();
            assertThat(value(client.send(request, BodyHandlers.ofString()).body(), name))
                    .as("what was lost before")
                    .isZero();
        }
    }

    /** A scrape after a restart of the server would else show thousands of jobs that ended at once. */
    @Test
    void what_has_ended_before_is_not_counted_as_if_it_ended_now() throws Exception {
        awaitEnd(create("exit 0"));
        try (WebServer later = WebServer.start(0, BearerToken.of(TOKEN), List.of(StateDirReader.open(context())))) {
            HttpRequest request =
                    HttpRequest.newBuilder(later.uri().resolve("metrics")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body())
                    .contains("tau_jobs_kept{reason=\"job_succeeded\"")
                    .doesNotContain("tau_jobs_wait_seconds_count{");
        }
    }

    /** An owner that has read it before goes on; who watches can't. */
    @Test
    void what_cant_be_read_is_counted() throws Exception {
        Path dir = root.resolve("unowned");
        Files.writeString(Files.createDirectories(dir.resolve("jobs")).resolve("job-1-0001.json"), "{");
        StateDirReader reader = StateDirReader.open(dir, JobsConfig.from(context()));
        try (WebServer other = WebServer.start(0, BearerToken.of(TOKEN), List.of(reader));
                Page page = new Page(client, other.uri().resolve("live"))) {
            page.awaitChange();
            assertThat(page.head.path("unreadable").asInt()).isOne();
            assertThat(page.head.path("problem").asText()).isEmpty();
            HttpRequest request =
                    HttpRequest.newBuilder(other.uri().resolve("metrics")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body())
                    .contains(
                            "tau_jobs_unreadable{state_dir=\"" + dir + "\"} 1.0",
                            "tau_jobs_readable{state_dir=\"" + dir + "\"} 1.0");
            Files.move(dir, root.resolve("elsewhere"));
            await().untilAsserted(() -> assertThat(
                            client.send(request, BodyHandlers.ofString()).body())
                    .contains("tau_jobs_readable{state_dir=\"" + dir + "\"} 0.0"));
        }
    }

    /** It could turn the direction of what is read. */
    @Test
    void what_is_not_seen_in_a_label_is_escaped() throws Exception {
        call("jobs_create", Map.of("command", "true", "label", "a\u202eb"));
        try (Page page = new Page(client, server.uri().resolve("live"))) {
            while (page.jobs.isEmpty()) {
                page.awaitChange();
            }
            assertThat(page.jobs.values())
                    .singleElement()
                    .satisfies(job -> assertThat(job.path("label").asText()).isEqualTo("a\\u202eb"));
        }
    }

    @Test
    void a_stream_of_which_nobody_reads_is_not_begun() throws Exception {
        HttpRequest head = HttpRequest.newBuilder(server.uri().resolve("live"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(head, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
    }

    @Test
    void what_the_documentation_names_is_there() throws Exception {
        awaitShown(create("exit 3"), "failed");
        Set<String> there = new HashSet<>();
        String text;
        do {
            text = get("metrics").body();
        } while (!text.contains("tau_jobs_created_total{"));
        text.lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line ->
                        there.add(line.substring(0, line.indexOf('{')).replaceFirst("_(bucket|sum|count)$", "")));
        for (String file : List.of("monitoring.md", "monitoring/alerts.yml", "monitoring/grafana.json")) {
            Matcher name = Pattern.compile("\\btau_jobs_\\w+")
                    .matcher(Files.readString(Path.of("../../docs").resolve(file)));
            Set<String> named = new HashSet<>();
            while (name.find()) {
                named.add(name.group().replaceFirst("_bucket$", ""));
            }
            assertThat(named).as(file).isNotEmpty().isSubsetOf(there);
            if (file.endsWith(".md")) {
                assertThat(named).isEqualTo(there);
            }
        }
        JSON.readTree(Files.readString(Path.of("../../docs/monitoring/grafana.json")));
    }

    @Test
    void the_page_may_load_nothing_from_elsewhere_and_is_kept_nowhere() throws Exception {
        for (String file : List.of("", "app.js", "style.css", "vendor/lit-html.js", "vendor/uPlot.esm.js")) {
            HttpResponse<String> answer = get(file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        }
        assertThat(get("").body())
                .doesNotContainPattern("(src|href)=\"(https?:|//)")
                .contains("<div id=\"app\">");
    }

    @Test
    void every_file_that_the_page_names_is_there() throws Exception {
        assertThat(get("nothing.js").statusCode()).isEqualTo(404);
        Path files = Path.of("src/main/resources/dev/tau/jobs/web/page");
        try (Stream<Path> all = Files.list(files)) {
            for (Path file : all.filter(path -> !path.endsWith("index.html")).toList()) {
                String name = URLEncoder.encode(String.valueOf(file.getFileName()), StandardCharsets.UTF_8);
                assertThat(get(name).body()).as(name).isEqualTo(Files.readString(file));
            }
        }
    }
}
