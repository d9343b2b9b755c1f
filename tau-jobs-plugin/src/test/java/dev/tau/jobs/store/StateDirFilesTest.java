package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.StateDirFiles.Counters;
import dev.tau.jobs.store.StateDirFiles.Read;
import dev.tau.jobs.store.StateDirFiles.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StateDirFilesTest {
    private static final JobRecord JOB = Jobs.queued("job-1-0001", 1);
    private static final Snapshot SNAPSHOT = new Snapshot(
            1, 1, 0, 7, 6, 1, 2, 3, "", "", List.of(), List.of(), new Snapshot.Removed(1, 2, 3, List.of()));

    @TempDir
    Path dir;

    private final JsonCodec codec = new JacksonJsonCodec();
    private StateDirFiles files;
    private Path manifest;

    @BeforeEach
    void aGoodDirectory() throws IOException {
        try (FileJobStore store = FileJobStore.open(dir, codec, Disk.local(), 10_000, 5)) {
            store.load();
            store.save(JOB);
            store.saveSnapshot(SNAPSHOT);
        }
        files = new StateDirFiles(dir, codec);
        manifest = dir.resolve("jobs/job-1-0001.json");
    }

    private static void assertVerdict(Read<?> read, Verdict verdict, String why) {
        assertThat(read.verdict()).isEqualTo(verdict);
        assertThat(read.value()).isNull();
        assertThat(read.why()).contains(why);
    }

    @Test
    void a_good_manifest_is_the_job() {
        assertThat(files.manifest(manifest)).isEqualTo(new Read<>(Verdict.GOOD, JOB, ""));
    }

    @Test
    void a_manifest_that_is_none_is_told_from_one_that_is_newer_and_one_that_is_gone() throws IOException {
        Path renamed = Files.copy(manifest, dir.resolve("jobs/job-1-0002.json"));
        assertVerdict(files.manifest(renamed), Verdict.INVALID, "file's name");
        Files.writeString(manifest, "{");
        assertVerdict(files.manifest(manifest), Verdict.INVALID, "well-formed");
        Files.writeString(manifest, "{\"schema_version\": 2}");
        assertVerdict(files.manifest(manifest), Verdict.NEWER, "schema_version 2");
        Files.delete(manifest);
        assertVerdict(files.manifest(manifest), Verdict.ABSENT, "");
        Files.createDirectory(manifest);
        assertVerdict(files.manifest(manifest), Verdict.INVALID, "regular file");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_file_that_the_disk_keeps_from_us_may_be_good() {
        // A regular file which nobody can read at its beginning, whatever his rights.
        assertVerdict(files.manifest(Path.of("/proc/self/mem")), Verdict.UNREADABLE, "can't be read (IOException)");
    }

    @Test
    void the_counters_know_the_removed_of_each_end() {
        assertThat(files.counters())
                .isEqualTo(new Read<>(
                        Verdict.GOOD,
                        new Counters(
                                SNAPSHOT,
                                Map.of(JobStatus.SUCCEEDED, 1L, JobStatus.FAILED, 2L, JobStatus.CANCELLED, 3L)),
                        ""));
    }

    @Test
    void replaced_counters_leave_every_other_member_as_it_is() throws IOException {
        Path state = dir.resolve("state.json");
        Files.writeString(state, Files.readString(state).replace("{\n", "{\n  \"x_note\": \"kept\",\n"));
        files.replaceCounters(Map.of("created_total", 9L));

        Map<String, ?> replaced = codec.read(Files.readAllBytes(state));
        assertThat(replaced.get("created_total")).isEqualTo(9);
        assertThat(replaced.get("started_total")).isEqualTo(6);
        assertThat(replaced.get("x_note")).isEqualTo("kept");
        assertThat(state).content().endsWith("}\n");
    }

    @Test
    void counters_that_cannot_be_read_are_not_replaced() throws IOException {
        Files.writeString(dir.resolve("state.json"), "{");

        assertThatThrownBy(() -> files.replaceCounters(Map.of("created_total", 9L)))
                .isInstanceOf(IOException.class);
        assertThat(dir.resolve("state.json")).content().isEqualTo("{");
    }

    @Test
    void every_file_has_its_place() {
        assertThat(files.jobs()).isEqualTo(dir.resolve("jobs"));
        assertThat(files.requests()).isEqualTo(dir.resolve("requests"));
        assertThat(files.quarantine()).isEqualTo(dir.resolve("quarantine"));
        assertThat(files.events()).isEqualTo(dir.resolve("events.jsonl"));
        assertThat(files.snapshot()).isEqualTo(dir.resolve("state.json"));
    }

    @Test
    void a_damaged_journal_is_named_and_put_aside_before_it_is_emptied() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 1; i <= 3; i++) {
            content.writeBytes(new JournalEntry(new JobId("gone-" + i), 700 + i, null).encode());
        }
        byte[] damaged = content.toByteArray();
        damaged[damaged.length / 2] ^= 1;
        Path segment = Files.write(dir.resolve("journal/0000000000000700.log"), damaged);

        assertThat(files.damagedInJournal()).containsExactly(segment);
        // Of the others there is nothing on disk, as the journal wants it.
        assertThat(files.lagging()).isEmpty();
        files.catchUp();

        assertThat(dir.resolve("quarantine/0000000000000700.log")).hasBinaryContent(damaged);
        assertThat(files.journal()).isEmptyDirectory();
    }
}
