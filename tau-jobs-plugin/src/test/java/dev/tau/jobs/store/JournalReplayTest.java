package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state dir whose runtime died after the journal was written and before the manifests were: the journal is right. */
class JournalReplayTest {
    private static final JobId ID = new JobId("job-2-0002");
    private static final JobRecord QUEUED = Jobs.queued("job-2-0002", 2);
    private static final JobRecord ENDED = Jobs.succeeded("job-2-0002", 2);

    @TempDir
    Path outer;

    private Path dir;

    @BeforeEach
    void journalOfOneJob() throws IOException {
        dir = outer.toRealPath().resolve("state");
        crash(store -> {
            store.save(QUEUED);
            store.save(ENDED);
        });
    }

    private interface Work {
        void on(FileJobStore store) throws IOException;
    }

    /** Works, and leaves the directory as a kill would: the journal is not forgotten. */
    private void crash(Work work) throws IOException {
        WatchedDisk disk = new WatchedDisk();
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), disk, 10_000, 5)) {
            store.load();
            work.on(store);
            disk.failing("syncDirectory jobs");
        }
    }

    private JobStore.Found load() throws IOException {
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 10_000, 5)) {
            return store.load();
        }
    }

    private Path manifest() {
        return dir.resolve("jobs/job-2-0002.json");
    }

    private void assertEnded() throws IOException {
        assertThat(load().jobs()).containsExactly(ENDED);
        assertThat(Files.readString(manifest())).contains("succeeded");
        assertThat(dir.resolve("journal")).isEmptyDirectory();
        assertThat(dir.resolve("quarantine")).doesNotExist();
        assertThat(load().jobs()).containsExactly(ENDED);
    }

    @Test
    void a_manifest_that_is_missing_is_written_again() throws IOException {
        Files.delete(manifest());
        assertEnded();
    }

    @Test
    void one_that_a_power_cut_emptied_or_garbled_is_written_again_and_not_put_aside() throws IOException {
        for (String garbage : List.of("", "\0\0\0", "{\"job_id\":", "{}")) {
            journalOfOneJobAgain();
            Files.writeString(manifest(), garbage);
            assertEnded();
        }
    }

    private void journalOfOneJobAgain() throws IOException {
        crash(store -> store.save(ENDED));
    }

    @Test
    void an_older_one_is_brought_up_to_date() throws IOException {
        Files.writeString(manifest(), older(1));
        assertEnded();
    }

    @Test
    void one_of_an_older_version_is_brought_up_to_date() throws IOException {
        Files.writeString(manifest(), older(0));
        assertEnded();
    }

    private String older(long number) throws IOException {
        return new String(
                ManifestFormat.encode(QUEUED, number, Path.of("o"), Path.of("e"), new JacksonJsonCodec()),
                StandardCharsets.UTF_8);
    }

    @Test
    void one_that_is_newer_than_the_journal_stands() throws IOException {
        Files.writeString(manifest(), older(1_000));
        assertThat(load().jobs()).containsExactly(QUEUED);
    }

    @Test
    void one_that_somebody_else_has_written_since_stands() throws IOException {
        Files.writeString(manifest(), older(0).replaceFirst("\"updated_unix_ms\": \\d+", "\"updated_unix_ms\": 99999"));
        assertThat(load().jobs()).extracting(JobRecord::status).containsExactly(JobStatus.QUEUED);
    }

    @Test
    void a_job_that_is_gone_stays_away() throws IOException {
        String back = Files.readString(manifest());
        crash(store -> store.removeHistory(List.of(ID)));
        Files.writeString(manifest(), back);
        Files.writeString(dir.resolve("jobs/job-2-0002.stdout.log"), "out");
        assertThat(load().jobs()).isEmpty();
        assertThat(dir.resolve("jobs")).isEmptyDirectory();
        assertThat(load().jobs()).isEmpty();
    }

    /** A power cut may have taken the manifest's name and left the output's. */
    @Test
    void of_a_job_that_is_gone_no_output_stays() throws IOException {
        crash(store -> store.removeHistory(List.of(ID)));
        for (String suffix : List.of(".stdout.log", ".stderr.log")) {
            Path left = Files.writeString(dir.resolve("jobs/job-2-0002" + suffix), "out");
            crash(store -> store.removeHistory(List.of(new JobId("job-other"))));
            assertThat(left).doesNotExist();
            crash(store -> store.removeHistory(List.of(ID)));
        }
    }

    @Test
    void one_of_an_older_version_that_is_as_old_as_the_change_is_brought_up_to_date() throws IOException {
        long updated = ENDED.state().updatedUnixMs();
        Files.writeString(
                manifest(), older(0).replaceFirst("\"updated_unix_ms\": \\d+", "\"updated_unix_ms\": " + updated));
        assertEnded();
    }

    /** The snapshot counts it as removed: it must not come back by the journal, now or later. */
    @Test
    void a_job_that_is_being_removed_does_not_come_back() throws IOException {
        crash(store -> store.saveSnapshot(new Snapshot(
                1,
                0,
                0,
                1,
                1,
                1,
                0,
                0,
                "",
                "",
                List.of(),
                List.of(),
                new Snapshot.Removed(1, 0, 0, List.of(ID.value())))));
        assertThat(load().jobs()).isEmpty();
        assertThat(manifest()).doesNotExist();
        assertThat(load().jobs()).isEmpty();
    }

    @Test
    void what_is_no_part_of_the_journal_is_put_aside() throws IOException {
        Files.createDirectory(dir.resolve("journal/0000000000000009.log"));
        Files.writeString(dir.resolve("journal/notes.txt"), "x");
        assertThat(load().problems()).hasSize(2).allMatch(line -> line.contains("is no part of the journal"));
        assertThat(dir.resolve("quarantine/notes.txt")).hasContent("x");
    }

    private interface Damage {
        void to(byte[] segment, int at);
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            return files.findFirst().orElseThrow();
        }
    }

    /** Of three changes that only the journal knows, the second can't be read. */
    private JobStore.Found loadWithout3(Damage damage) throws IOException {
        Path segment = segment();
        byte[] content = Files.readAllBytes(segment);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        damage.to(content, text.indexOf("\"job-3-0003\"") + 3);
        Files.write(segment, content);
        for (String lost : List.of("job-2-0002", "job-3-0003", "job-4-0004")) {
            Files.delete(dir.resolve("jobs/" + lost + ".json"));
        }
        JobStore.Found found = load();
        assertThat(found.jobs()).extracting(job -> job.id().value()).containsExactly("job-2-0002", "job-4-0004");
        return found;
    }

    private void crashAfterThree() throws IOException {
        load();
        crash(store -> {
            store.save(QUEUED);
            store.save(Jobs.queued("job-3-0003", 3));
            store.save(Jobs.queued("job-4-0004", 4));
        });
    }

    /** Nobody was told of it, or it would have been synced: that is no damage. */
    @Test
    void what_a_power_cut_left_unwritten_before_other_changes_is_not_named() throws IOException {
        crashAfterThree();
        assertThat(loadWithout3((content, at) -> Arrays.fill(content, at, at + 100, (byte) 0))
                        .problems())
                .isEmpty();
    }

    @Test
    void a_damaged_entry_is_named_and_those_behind_it_count() throws IOException {
        crashAfterThree();
        Path segment = segment();
        List<byte[]> damaged = new ArrayList<>();
        JobStore.Found found = loadWithout3((content, at) -> {
            content[at] ^= 1;
            damaged.add(content);
        });
        assertThat(found.problems())
                .singleElement()
                .asString()
                .contains("copied_to=quarantine/" + segment.getFileName());
        assertThat(dir.resolve("quarantine").resolve(segment.getFileName())).hasBinaryContent(damaged.get(0));
        assertThat(dir.resolve("journal")).isEmptyDirectory();
    }

    @Test
    void numbers_that_would_end_the_counting_are_refused() throws IOException {
        load();
        Files.createFile(dir.resolve("journal/9999999999999999.log"));
        Files.writeString(
                manifest(), older(1).replaceFirst("\"journal_number\": 1", "\"journal_number\": " + Long.MAX_VALUE));
        assertThat(load().problems())
                .hasSize(2)
                .anyMatch(line -> line.contains("journal_number must be at most"))
                .anyMatch(line -> line.contains("9999999999999999.log"));
    }

    @Test
    void a_link_in_its_place_is_refused() throws IOException {
        load();
        Files.delete(dir.resolve("journal"));
        Files.createSymbolicLink(dir.resolve("journal"), Files.createDirectory(outer.resolve("outside")));
        org.assertj.core.api.Assertions.assertThatThrownBy(this::load).hasMessageContaining("a link is no directory");
    }

    @Test
    void numbers_go_on_above_those_of_the_manifests() throws IOException {
        load();
        String before = Files.readString(manifest());
        crash(store -> store.save(QUEUED));
        // The save has not come so far, and is the newer one all the same.
        Files.writeString(manifest(), before);
        assertThat(load().jobs()).containsExactly(QUEUED);
    }

    private JournalReplay replay() throws IOException {
        return JournalReplay.read(new StateDir(dir), new JacksonJsonCodec());
    }

    @Test
    void numbers_go_on_above_those_of_the_segments_and_what_is_in_them() throws IOException {
        Path segment = Files.createFile(dir.resolve("journal/0000000000000700.log"));
        assertThat(replay().goOn(Disk.local(), 1).number()).isEqualTo(701);
        Files.write(segment, new JournalEntry(ID, 800, null).encode());
        assertThat(replay().goOn(Disk.local(), 1).number()).isEqualTo(801);
    }

    @Test
    void its_segments_come_oldest_first_whatever_the_directory_says() throws IOException {
        load();
        for (int i = 0; i < 20; i++) {
            Files.createFile(dir.resolve("journal/%016d.log".formatted(100 + 7 * i % 20)));
        }
        assertThat(List.copyOf(replay().segments())).hasSize(20).isSorted();
    }

    @Test
    void one_of_a_newer_version_stands() throws IOException {
        String newer = "{\"schema_version\": 2}";
        Files.writeString(manifest(), newer);
        assertThat(load().refused()).containsOnlyKeys(ID.value());
        assertThat(manifest()).content().isEqualTo(newer);
    }

    /** Of a newer version, say, that was here before this one. */
    @Test
    void a_change_that_can_not_be_read_is_named_and_the_manifest_stands() throws IOException {
        load();
        Files.write(
                dir.resolve("journal/0000000000000700.log"),
                new JournalEntry(ID, 701, "{\"schema_version\": 2}".getBytes(StandardCharsets.US_ASCII)).encode());
        Files.writeString(manifest(), older(0));
        JobStore.Found found = load();
        assertThat(found.problems())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("background_job_journal_refused: id=" + ID);
        assertThat(found.refused()).containsOnlyKeys(ID.value());
        assertThat(dir.resolve("quarantine/" + ID + ".json")).content().isEqualTo("{\"schema_version\": 2}");
        assertThat(manifest()).content().isEqualTo(older(0));
        // The start after it does not take the job for gone.
        assertThat(load().jobs()).extracting(JobRecord::id).contains(ID);
    }

    /** Readers look there, and the journal may not be forgotten for long. */
    @Test
    void a_missing_manifest_is_written_while_loading() throws IOException {
        Files.delete(manifest());
        StateDir state = new StateDir(dir);
        new StateDirLoader(
                        state, new JacksonJsonCodec(), Disk.local(), replay(), new ManifestFiles(state, Disk.local()))
                .load();
        assertThat(manifest()).content().contains("succeeded");
    }
}
