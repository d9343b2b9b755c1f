package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TracesIT {
    private static final String SECRET = "s3cr3t-value-1234";

    @TempDir
    Path root;

    @Test
    void channelAndSessionTellEveryTransition() {
        String id;
        Path store = root.resolve("channels-here");
        try (JobsHost host = JobsHost.open(root, "channel-store-root", store.toString())) {
            id = host.create(Map.of(
                    "command",
                    "true",
                    "channel_transport",
                    "slack",
                    "channel_id",
                    "_team/general_",
                    "session_path",
                    "session.jsonl"));
            host.awaitEnd(id);
        }
        Path channel = store.resolve("channels/slack/team_general");
        assertThat(Json.file(channel.resolve("schema.json")).path("transport").asString())
                .isEqualTo("slack");
        assertThat(Json.file(channel.resolve("schema.json"))
                        .path("schema_version")
                        .asInt())
                .isEqualTo(1);
        List<JsonNode> log = Json.lines(channel.resolve("log.jsonl"));
        assertThat(log.stream().map(line -> line.path("payload").path("event").asString()))
                .containsExactly("created", "started", "succeeded");
        for (JsonNode line : log) {
            assertThat(line.path("timestamp_unix_ms").isIntegralNumber()).isTrue();
            assertThat(line.path("direction").asString()).isEqualTo("runtime");
            assertThat(line.path("event_key").asString()).isEqualTo("background-job:" + id);
            assertThat(line.path("source").asString()).isEqualTo("background_job_runtime");
            assertThat(line.path("payload").propertyNames())
                    .contains(
                            "job_id",
                            "event",
                            "status",
                            "reason_code",
                            "detail",
                            "command",
                            "args",
                            "exit_code",
                            "stdout_path",
                            "stderr_path");
        }
        assertThat(Json.lines(root.resolve("session.jsonl")))
                .containsExactly(
                        Json.parse("{\"record_type\":\"meta\",\"schema_version\":1}"),
                        entry(1, "null", id, "queued (job_queued)"),
                        entry(2, "1", id, "running (job_started)"),
                        entry(3, "2", id, "succeeded (job_succeeded)"));
    }

    private static JsonNode entry(int number, String parent, String id, String what) {
        return Json.parse("{\"record_type\":\"entry\",\"id\":" + number + ",\"parent_id\":" + parent
                + ",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"background job "
                + id + " " + what + "\"}],\"is_error\":false}}");
    }

    /** A model may name any file that lies in a root. */
    @Test
    void aFileThatIsNoSessionStaysAsItIsHoweverLargeItIs() throws Exception {
        Path file = root.resolve("large.bin");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(3L << 30);
        }
        try (JobsHost host = JobsHost.open(root)) {
            String id = host.create(Map.of("command", "true", "session_path", "large.bin"));
            host.awaitEnd(id);
            await().untilAsserted(() -> assertThat(host.events(id)).contains("trace_error/job_trace_write_failed"));
            assertThat(Json.lines(JobsHost.stateDir(root).resolve("events.jsonl")))
                    .filteredOn(event -> event.path("event").asString().equals("trace_error"))
                    .allSatisfy(event -> assertThat(event.path("detail").asString())
                            .contains("the session file is no session: its first line"));
            assertThat(host.job(id).path("status").asString()).isEqualTo("succeeded");
        }
        assertThat(file).hasSize(3L << 30);
    }

    @Test
    void twoStateDirsOfOneHostWriteOneSession() {
        Path session = root.resolve("session.jsonl");
        try (JobsHost one = JobsHost.open(root, "jobs-state-dir", "one", "jobs-workers", "2");
                JobsHost other = JobsHost.open(root, "jobs-state-dir", "other", "jobs-workers", "2")) {
            for (int i = 0; i < 25; i++) {
                one.create(Map.of("command", "true", "session_path", "session.jsonl"));
                other.create(Map.of("command", "true", "session_path", "session.jsonl"));
            }
            await().ignoreExceptions() // the first line has not been written yet
                    .untilAsserted(() -> assertThat(Json.lines(session)).hasSize(1 + 2 * 25 * 3));
        }
        assertThat(Json.lines(session).stream()
                        .skip(1)
                        .map(line -> line.path("id").asInt()))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 150).boxed().toList());
    }

    @Test
    void valuesOfTheEnvironmentStayInTheManifest() throws Exception {
        String id;
        try (JobsHost host = JobsHost.open(root)) {
            id = host.create(Map.of(
                    "command", "true",
                    "env", Map.of("PLAIN", SECRET),
                    "channel_transport", "slack",
                    "channel_id", "c1"));
            JsonNode end = host.awaitEnd(id);
            assertThat(end.path("job").path("env_keys")).isEqualTo(Json.parse("[\"PLAIN\"]"));
            assertThat(end.toString()).doesNotContain(SECRET);
            assertThat(host.list(Map.of()).toString()).doesNotContain(SECRET);
        }
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> holders = files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, SECRET))
                    .toList();
            assertThat(holders).containsExactly(JobsHost.jobFile(root, id, ".json"));
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void previewsHideSecretsAndSayWhatIsLeftOut() {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = host.create(Map.of(
                    "command", "sh",
                    "args", List.of("-c", "echo before $MY_TOKEN after"),
                    "env", Map.of("MY_TOKEN", SECRET)));
            String preview = host.awaitEnd(id).path("stdout_preview").asString();
            assertThat(preview).startsWith("before ").endsWith(" after\n").doesNotContain(SECRET);

            String number = host.shell("echo 0123456789");
            host.awaitEnd(number);
            JsonNode cut = host.content(host.call("jobs_status", Map.of("job_id", number, "output_preview_bytes", 4)));
            assertThat(cut.path("stdout_preview").asString()).isEqualTo("<output truncated>\n789\n");
            assertThat(cut.path("output_preview_bytes").asInt()).isEqualTo(4);
        }
    }
}
