package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.JobStore.Found;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A state dir that somebody broke: what is good is loaded, what is not is put aside and named. */
class StateDirPoisonTest {
    private static final JobId GOOD = new JobId("job-1-0001");
    private static final String BAD = "job-2-0002";

    @TempDir
    Path outer;

    private Path dir;
    private String good;
    private String goodSnapshot;

    @BeforeEach
    void aGoodJobAndSnapshot() throws IOException {
        dir = outer.resolve("state");
        try (FileJobStore store = open()) {
            store.load();
            store.save(JobRecord.created(new JobSpec(
                    GOOD, "true", List.of("a"), Map.of("K", "v"), null, 10, 10, 1, JobTrace.NONE, JobOptions.NONE)));
            store.saveSnapshot(new Snapshot(
                    1, 1, 0, 1, 0, 0, 0, 0, GOOD.value(), "job_queued", List.of(), List.of(), Snapshot.Removed.NONE));
        }
        good = Files.readString(manifest(GOOD.value()));
        goodSnapshot = Files.readString(snapshot());
    }

    private FileJobStore open() throws IOException {
        return FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 10_000, 5);
    }

    private Found load() throws IOException {
        try (FileJobStore store = open()) {
            return store.load();
        }
    }

    private Path manifest(String id) {
        return dir.resolve("jobs").resolve(id + ".json");
    }

    private Path snapshot() {
        return dir.resolve("state.json");
    }

    private Path quarantined(String name) {
        return dir.resolve("quarantine").resolve(name);
    }

    private static void assertGoodJobAlone(Found found) {
        assertThat(found.jobs()).extracting(JobRecord::id).containsExactly(GOOD);
    }

    static Stream<Arguments> poisons() {
        return Stream.of(
                Arguments.of("empty", new byte[0]),
                Arguments.of("binary", new byte[] {0, (byte) 0xFF, (byte) 0xFE, 1, (byte) 0xC0, (byte) 0x80}),
                Arguments.of("zeros, as after a power cut", new byte[500]),
                Arguments.of("not UTF-8", new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}),
                Arguments.of("a list", text("[]")),
                Arguments.of("null", text("null")),
                Arguments.of("deep", text("{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}")),
                Arguments.of("deep and never closed", text("{\"x\":".repeat(10_000))),
                Arguments.of("over 8 MiB", text("{\"x\":\"" + "y".repeat(JsonCodec.MAX_BYTES) + "\"}")));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poisons")
    void a_manifest_that_is_none_is_put_aside_whole(String kind, byte[] content) throws IOException {
        Files.write(manifest(BAD), content);

        Found found = load();

        assertGoodJobAlone(found);
        assertThat(found.snapshot()).isNotNull();
        assertThat(manifest(BAD)).doesNotExist();
        assertThat(quarantined(BAD + ".json")).as(kind).hasBinaryContent(content);
        assertThat(found.problems()).singleElement().asString().contains("file=" + BAD + ".json moved_to=quarantine/");
        assertThat(found.refused()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poisons")
    void a_snapshot_that_is_none_is_put_aside_whole(String kind, byte[] content) throws IOException {
        Files.write(snapshot(), content);

        Found found = load();

        assertGoodJobAlone(found);
        assertThat(found.snapshot()).isNull();
        assertThat(snapshot()).doesNotExist();
        assertThat(quarantined("state.json")).as(kind).hasBinaryContent(content);
        assertThat(found.problems()).singleElement().asString().contains("file=state.json moved_to=quarantine/");
    }

    static Stream<Arguments> brokenManifests() {
        return Stream.of(
                Arguments.of("\"command\": \"true\"", "\"command\": true", "command"),
                Arguments.of("\"schema_version\": 1", "\"schema_version\": \"1\"", "schema_version"),
                Arguments.of("\"schema_version\": 1", "\"schema_version\": 0", "schema_version"),
                Arguments.of("\"created_unix_ms\": 1", "\"created_unix_ms\": \"1\"", "created_unix_ms"),
                Arguments.of("\"status\": \"queued\"", "\"status\": [\"queued\"]", "status"),
                Arguments.of("\"cancellation_requested\": false", "\"cancellation_requested\": 0", "cancellation"),
                Arguments.of("\"K\": \"v\"", "\"K\": {}", "env"),
                Arguments.of("\"K\": \"v\"", "\"K\": \"v\", \"K\": \"v\"", "well-formed"),
                Arguments.of("\"command\":", "\"command\": \"false\",\n  \"command\":", "well-formed"),
                Arguments.of("\"job_id\": \"" + BAD, "\"job_id\": \"" + GOOD, "job_id"),
                Arguments.of("\"job_id\": \"" + BAD, "\"job_id\": \"../" + BAD, "job_id"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("brokenManifests")
    void a_manifest_that_breaks_a_rule_is_put_aside_and_the_rule_named(String from, String to, String rule)
            throws IOException {
        String sound = good.replace(GOOD.value(), BAD);
        assertThat(sound).contains(from);
        Files.writeString(manifest(BAD), sound.replace(from, to));

        Found found = load();

        assertGoodJobAlone(found);
        assertThat(quarantined(BAD + ".json")).content().isEqualTo(sound.replace(from, to));
        assertThat(found.problems())
                .singleElement()
                .asString()
                .contains(BAD + ".json")
                .contains(rule);
    }

    @Test
    void a_manifest_cut_anywhere_is_put_aside() throws IOException {
        String sound = good.stripTrailing().replace(GOOD.value(), BAD);
        for (int length = 1; length < sound.length(); length += 7) {
            Files.writeString(manifest(BAD), sound.substring(0, length));

            assertGoodJobAlone(load());
            assertThat(manifest(BAD)).doesNotExist();
        }
    }

    static Stream<Arguments> brokenSnapshots() {
        return Stream.of(
                Arguments.of("\"created_total\": 1", "\"created_total\": \"1\""),
                Arguments.of("\"created_total\": 1", "\"created_total\": -1"),
                Arguments.of("\"created_total\": 1", "\"created_total\": 1, \"created_total\": 1"),
                Arguments.of("\"last_job_id\": \"job-1-0001\"", "\"last_job_id\": 1"),
                Arguments.of("\"diagnostics\": []", "\"diagnostics\": [1]"),
                Arguments.of("\n}", "\n"));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("brokenSnapshots")
    void a_snapshot_that_breaks_a_rule_is_put_aside(String from, String to) throws IOException {
        assertThat(goodSnapshot).contains(from);
        Files.writeString(snapshot(), goodSnapshot.replace(from, to));

        Found found = load();

        assertGoodJobAlone(found);
        assertThat(found.snapshot()).isNull();
        assertThat(quarantined("state.json")).exists();
        assertThat(found.problems()).singleElement().asString().contains("state.json");
    }

    @Test
    void what_is_no_file_is_put_aside() throws IOException {
        Files.createDirectory(manifest(BAD));
        Files.delete(snapshot());
        Files.createDirectory(snapshot());

        Found found = load();

        assertGoodJobAlone(found);
        assertThat(quarantined(BAD + ".json")).isDirectory();
        assertThat(quarantined("state.json")).isDirectory();
        assertThat(found.problems()).hasSize(2);
    }

    @Test
    void a_link_is_put_aside_itself_and_never_followed() throws IOException {
        String sound = good.replace(GOOD.value(), BAD);
        Path outside = Files.writeString(outer.resolve("outside.json"), sound);
        Path snapshotOutside = Files.move(snapshot(), outer.resolve("state-outside.json"));
        Files.createSymbolicLink(manifest(BAD), outside);
        Files.createSymbolicLink(snapshot(), snapshotOutside);

        Found found = load();

        assertGoodJobAlone(found);
        assertThat(found.snapshot()).isNull();
        assertThat(quarantined(BAD + ".json")).isSymbolicLink();
        assertThat(quarantined("state.json")).isSymbolicLink();
        assertThat(Files.exists(manifest(BAD), LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(outside).content().isEqualTo(sound);
        assertThat(snapshotOutside).content().isEqualTo(goodSnapshot);
        assertThat(found.problems()).hasSize(2).allMatch(problem -> problem.contains("regular file"));
    }

    @Test
    void the_same_name_is_put_aside_twice_without_a_loss() throws IOException {
        Files.writeString(manifest(BAD), "one");
        load();
        Files.writeString(manifest(BAD), "two");
        load();

        assertThat(quarantined(BAD + ".json")).content().isEqualTo("one");
        assertThat(quarantined(BAD + ".json.1")).content().isEqualTo("two");
    }

    @Test
    void a_newer_manifest_is_left_untouched_and_refused_with_the_reason() throws IOException {
        String newer = "{\"schema_version\": 2, \"job_id\": 7}";
        Files.writeString(manifest(BAD), newer);

        Found found = load();

        assertGoodJobAlone(found);
        assertThat(manifest(BAD)).content().isEqualTo(newer);
        assertThat(found.refused()).containsOnlyKeys(BAD);
        assertThat(found.refused().get(BAD)).contains("schema_version 2");
        assertThat(found.problems())
                .singleElement()
                .asString()
                .contains(BAD + ".json")
                .contains("schema_version 2");
    }

    @Test
    void a_newer_snapshot_refuses_the_directory_and_nothing_in_it_is_changed() throws IOException {
        String newer = goodSnapshot.replace("\"schema_version\": 1", "\"schema_version\": 2");
        Files.writeString(snapshot(), newer);
        Files.writeString(manifest(BAD), "broken");

        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("state.json")
                .hasMessageContaining("schema_version 2");

        assertThat(snapshot()).content().isEqualTo(newer);
        assertThat(manifest(BAD)).content().isEqualTo("broken");
        assertThat(manifest(GOOD.value())).content().isEqualTo(good);
        assertThat(dir.resolve("quarantine")).doesNotExist();
    }
}
