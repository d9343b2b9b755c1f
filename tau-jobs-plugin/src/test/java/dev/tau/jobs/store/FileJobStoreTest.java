package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJobStoreTest {
    private static final JobRecord JOB = Jobs.queued("job-2-0002", 2);

    @TempDir
    Path outer;

    private Path dir;
    private final WatchedDisk disk = new WatchedDisk();
    private FileJobStore store;
    private JobStore.Found found;

    @BeforeEach
    void open() throws IOException {
        dir = outer.toRealPath().resolve("state");
        store = FileJobStore.open(dir, new JacksonJsonCodec(), disk, 10_000, 5);
        found = store.load();
        disk.operations();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private JobStore.Found reload() throws IOException {
        store.close();
        open();
        return found;
    }

    private Path job(String suffix) {
        return dir.resolve("jobs").resolve(JOB.id() + suffix);
    }

    private static Snapshot removing(String... ids) {
        return new Snapshot(
                1, 0, 0, 9, 9, 9, 0, 0, "", "", List.of(), List.of(), new Snapshot.Removed(9, 0, 0, List.of(ids)));
    }

    @Test
    void what_was_saved_is_found_oldest_first() throws IOException {
        for (int i : new int[] {5, 3, 12, 8, 1, 10, 7}) {
            store.save(Jobs.queued("job-" + i, 20 - i));
        }

        assertThat(reload().jobs())
                .extracting(found -> found.id().value())
                .containsExactly("job-12", "job-10", "job-8", "job-7", "job-5", "job-3", "job-1");
    }

    @Test
    void a_save_is_synced_in_the_journal_and_one_that_may_be_lost_is_not() throws IOException {
        store.save(JOB);
        disk.operations();
        store.save(JOB);
        assertThat(disk.operations())
                .containsExactly(
                        "append 0000000000000002.log",
                        "sync 0000000000000002.log",
                        "write temporary",
                        "rename job-2-0002.json");

        JobRecord running = Jobs.running("job-2-0002", 2);
        store.saveSoon(running);
        assertThat(disk.operations()).containsExactly("append 0000000000000002.log");
        assertThat(manifestStatus()).isEqualTo("queued");
        assertThat(store.publish()).isTrue();
        // Nobody reads what a power cut could take back.
        assertThat(disk.operations())
                .containsExactly("sync 0000000000000002.log", "write temporary", "rename job-2-0002.json");
        assertThat(manifestStatus()).isEqualTo("running");
        assertThat(reload().jobs()).containsExactly(running);
    }

    private String manifestStatus() throws IOException {
        return String.valueOf(
                new JacksonJsonCodec().read(Files.readAllBytes(job(".json"))).get("status"));
    }

    @Test
    void a_close_leaves_synced_manifests_and_an_empty_journal() throws IOException {
        store.save(JOB);
        disk.operations();
        store.close();

        assertThat(disk.operations())
                .startsWith(
                        "sync job-2-0002.json",
                        "syncDirectory jobs",
                        "close 0000000000000002.log",
                        "delete 0000000000000002.log",
                        "syncDirectory journal");
        assertThat(dir.resolve("journal")).isEmptyDirectory();
        open();
    }

    /** More than a close syncs: the journal stays, and readers of the manifests see all the same. */
    @Test
    void a_close_leaves_no_manifest_behind_however_many_there_are() throws IOException {
        for (int i = 0; i < 600; i++) {
            store.commit(Jobs.queued("job-" + i, i));
        }
        store.close();
        try (Stream<Path> files = Files.list(dir.resolve("jobs"))) {
            assertThat(files).hasSize(600);
        }
    }

    @Test
    void an_event_is_one_line_with_the_names_of_the_wire_format() throws IOException {
        store.append(JobEvent.created(JOB));

        assertThat(dir.resolve("events.jsonl"))
                .content()
                .isEqualTo(
                        "{\"timestamp_unix_ms\":2,\"job_id\":\"job-2-0002\",\"event\":\"created\","
                                + "\"status\":\"queued\",\"reason_code\":\"job_queued\",\"detail\":\"background job queued\"}\n");
    }

    @Test
    void a_snapshot_survives_a_power_cut_and_ends_with_a_line_break() throws IOException {
        store.saveSnapshot(removing());

        assertThat(disk.operations()).endsWith("rename state.json", "syncDirectory state");
        assertThat(dir.resolve("state.json")).content().endsWith("}\n");
        assertThat(reload().snapshot()).isEqualTo(removing());
    }

    @Test
    void a_discarded_job_is_gone_also_after_a_power_cut() throws IOException {
        store.save(JOB);
        disk.operations();
        store.discard(JOB.id());

        assertThat(disk.operations()).startsWith("append 0000000000000002.log", "sync 0000000000000002.log");
        assertThat(job(".json")).doesNotExist();
        assertThat(reload().jobs()).isEmpty();
    }

    private void finishedJobWithOutput() throws IOException {
        store.save(Jobs.succeeded("job-2-0002", 2));
        Files.writeString(store.stdout(JOB.id()), "out");
        Files.writeString(store.stderr(JOB.id()), "err");
        disk.operations();
    }

    @Test
    void history_is_removed_outputs_first_and_stays_away_after_a_power_cut() throws IOException {
        finishedJobWithOutput();
        store.removeHistory(List.of(JOB.id()));

        assertThat(disk.operations())
                .containsExactly(
                        "append 0000000000000002.log",
                        "sync 0000000000000002.log",
                        "delete job-2-0002.stdout.log",
                        "delete job-2-0002.stderr.log",
                        "delete job-2-0002.json");
        try (Stream<Path> left = Files.list(dir.resolve("jobs"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_removal_that_a_crash_cut_short_is_finished() throws IOException {
        finishedJobWithOutput();
        store.save(Jobs.queued("job-3-0003", 3));
        store.saveSnapshot(removing(JOB.id().value(), "../outside"));

        assertThat(reload().jobs()).extracting(found -> found.id().value()).containsExactly("job-3-0003");
        assertThat(job(".stdout.log")).doesNotExist();
        assertThat(job(".stderr.log")).doesNotExist();
    }

    @Test
    void a_snapshot_that_removes_nothing_costs_nothing() throws IOException {
        store.saveSnapshot(removing());
        reload();

        assertThat(disk.operations()).isEmpty();
    }

    @Test
    void leftovers_of_a_crash_are_deleted_and_what_cannot_be_is_told() throws IOException {
        Path inJobs = Files.writeString(job(".x").resolveSibling(".job-2-0002.json.1f.tmp"), "{");
        Path inRoot = Files.writeString(dir.resolve(".state.json.2f.tmp"), "{");

        disk.failing("delete");
        assertThat(reload().problems())
                .containsExactlyInAnyOrder(
                        "background_job_leftover: file=.job-2-0002.json.1f.tmp error=No space left on device",
                        "background_job_leftover: file=.state.json.2f.tmp error=No space left on device");
        disk.failing();
        assertThat(reload().problems()).isEmpty();
        assertThat(inJobs).doesNotExist();
        assertThat(inRoot).doesNotExist();
    }

    @Test
    void a_torn_event_is_cut_when_the_jobs_are_loaded() throws IOException {
        Files.writeString(dir.resolve("events.jsonl"), "{}\n{\"torn");
        reload();

        assertThat(dir.resolve("events.jsonl")).content().isEqualTo("{}\n");
    }

    @Test
    void a_directory_that_others_can_read_is_closed_to_them() throws IOException {
        List<Path> all = List.of(dir, dir.resolve("jobs"), dir.resolve("requests"), dir.resolve("journal"));
        for (Path directory : all) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        reload();

        for (Path directory : all) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void a_link_in_the_place_of_a_directory_is_refused_and_nothing_stays_locked() throws IOException {
        store.close();
        Files.delete(dir.resolve("requests"));
        Path outside = Files.createDirectory(outer.resolve("outside"));
        Files.createSymbolicLink(dir.resolve("requests"), outside);

        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a link is no directory of the state dir");

        Files.delete(dir.resolve("requests"));
        open();
    }

    @Test
    void an_event_log_that_does_not_close_keeps_no_lock() throws IOException {
        store.append(JobEvent.created(JOB));
        disk.failing("close events.jsonl");
        store.close();
        disk.failing();

        assertThat(dir.resolve("owner.json")).doesNotExist();
        open();
    }

    @Test
    void its_files_lie_below_its_real_path() throws IOException {
        Path link = Files.createSymbolicLink(outer.resolve("link"), dir);
        store.close();
        store = FileJobStore.open(link, new JacksonJsonCodec(), disk, 10_000, 5);

        assertThat(store.directory()).isEqualTo(dir);
        assertThat(store.stdout(JOB.id())).isEqualTo(job(".stdout.log"));
        assertThat(store.stderr(JOB.id())).isEqualTo(job(".stderr.log"));
        assertThat(store.requests().directory()).isEqualTo(dir.resolve("requests"));
    }

    /** A job can put one there. */
    @Test
    void a_directory_in_the_place_of_an_output_keeps_no_history() throws IOException {
        store.save(JOB);
        store.save(Jobs.queued("job-3-0003", 3));
        Files.createDirectories(job(".stdout.log").resolve("not/empty"));
        store.removeHistory(List.of(JOB.id(), new dev.tau.jobs.job.JobId("job-3-0003")));
        assertThat(dir.resolve("jobs")).isEmptyDirectory();
        assertThat(dir.resolve("quarantine").resolve(JOB.id() + ".stdout.log/not/empty"))
                .exists();
    }

    @Test
    void history_that_can_not_be_removed_does_not_keep_the_store_closed() throws IOException {
        store.save(JOB);
        store.saveSnapshot(removing(JOB.id().value()));
        store.close();
        disk.failing("delete " + JOB.id() + ".json");
        open();
        assertThat(found.jobs()).isEmpty();
        disk.failing();
        assertThat(reload().jobs()).isEmpty();
        assertThat(job(".json")).doesNotExist();
    }

    @Test
    void nothing_is_written_after_the_end() throws IOException {
        store.save(JOB);
        store.close();
        assertThatThrownBy(() -> store.save(Jobs.queued("job-3-0003", 3))).isInstanceOf(IOException.class);
        assertThat(reload().jobs()).containsExactly(JOB);
    }

    @Test
    void a_commit_is_synced_and_its_manifest_shown_when_it_is_published() throws IOException {
        store.save(JOB);
        disk.operations();
        store.commit(Jobs.running("job-2-0002", 2));
        assertThat(disk.operations()).containsExactly("append 0000000000000002.log", "sync 0000000000000002.log");
        assertThat(manifestStatus()).isEqualTo("queued");
        store.publish(JOB.id());
        assertThat(manifestStatus()).isEqualTo("running");
    }

    @Test
    void a_commit_that_failed_is_never_published() throws IOException {
        store.save(JOB);
        disk.failing("sync 0000000000000002.log");
        assertThatThrownBy(() -> store.commit(Jobs.running("job-2-0002", 2))).isInstanceOf(IOException.class);
        disk.failing();
        assertThat(store.publish()).isTrue();
        assertThat(manifestStatus()).isEqualTo("queued");
    }

    @Test
    void what_can_not_be_published_is_told_and_published_later() throws IOException {
        store.saveSoon(JOB);
        disk.failing("write");
        assertThat(store.publish()).isFalse();
        disk.failing();
        assertThat(store.publish()).isTrue();
        assertThat(job(".json")).exists();
    }

    /** A sync that has failed is no proof of anything later, so the change is appended once more. */
    @Test
    void a_change_whose_segment_could_not_be_synced_is_shown_all_the_same() throws IOException {
        store.save(JOB);
        JobRecord running = Jobs.running("job-2-0002", 2);
        store.saveSoon(running);
        disk.failing("sync 0000000000000002.log");
        assertThat(store.publish()).isFalse();
        disk.failing();
        await().until(store::publish);
        assertThat(manifestStatus()).isEqualTo("running");
        assertThat(reload().jobs()).containsExactly(running);
        assertThat(dir.resolve("journal")).isEmptyDirectory();
    }

    /** The caller was told that it has not happened. */
    @Test
    void a_commit_whose_sync_failed_stays_taken_back() throws IOException {
        store.save(JOB);
        disk.failing("sync 0000000000000002.log");
        assertThatThrownBy(() -> store.commit(Jobs.succeeded("job-2-0002", 2))).isInstanceOf(IOException.class);
        disk.failing();
        assertThat(store.publish()).isTrue();
        assertThat(manifestStatus()).isEqualTo("queued");
    }

    @Test
    void what_is_newer_than_a_change_that_is_appended_again_stands() throws IOException {
        store.save(JOB);
        store.saveSoon(Jobs.running("job-2-0002", 2));
        disk.failing("sync 0000000000000002.log");
        assertThat(store.publish()).isFalse();
        disk.failing();
        JobRecord ended = Jobs.succeeded("job-2-0002", 2);
        store.commit(ended);
        await().until(store::publish);
        assertThat(manifestStatus()).isEqualTo("succeeded");
        assertThat(reload().jobs()).containsExactly(ended);
    }

    @Test
    void a_job_can_be_read_when_it_has_ended() throws IOException {
        assertThat(store.read(JOB.id())).isEmpty();
        store.save(JOB);
        assertThat(store.read(JOB.id())).isEmpty();
        JobRecord ended = Jobs.succeeded("job-2-0002", 2);
        store.save(ended);
        assertThat(store.read(JOB.id())).contains(ended);
    }

    @Test
    void a_job_that_cannot_be_read_is_not_taken_for_gone() throws IOException {
        store.save(Jobs.succeeded("job-2-0002", 2));
        Files.delete(job(".json"));
        Files.createDirectory(job(".json"));
        assertThatThrownBy(() -> store.read(JOB.id())).isInstanceOf(IOException.class);
    }

    /** A job may put one there. */
    @Test
    void a_directory_in_the_place_of_a_manifest_gives_way() throws IOException {
        store.save(JOB);
        Files.delete(job(".json"));
        Files.createDirectory(job(".json"));
        store.save(Jobs.running("job-2-0002", 2));
        assertThat(manifestStatus()).isEqualTo("running");
        assertThat(store.directory().resolve("quarantine/job-2-0002.json")).isDirectory();
    }

    @Test
    void a_removal_that_a_start_cannot_finish_is_still_named() throws IOException {
        store.save(Jobs.succeeded("job-2-0002", 2));
        store.saveSnapshot(removing(JOB.id().value()));
        disk.failing("delete");
        assertThat(reload().removing()).containsExactly(JOB.id().value());
        assertThat(found.jobs()).isEmpty();
        disk.failing();
        assertThat(reload().removing()).isEmpty();
        assertThat(job(".json")).doesNotExist();
    }

    /** What can't grow could neither start nor end. */
    @Test
    void a_new_job_leaves_room_for_what_is_still_to_be_said_of_it() throws IOException {
        JobRecord tooLong =
                Jobs.withArgument(JOB, "x".repeat(dev.tau.jobs.json.JsonCodec.MAX_BYTES - ManifestFormat.GROWTH_BYTES));
        assertThatThrownBy(() -> store.save(tooLong)).isInstanceOf(UnstorableJobException.class);
        JobRecord fits = Jobs.withArgument(
                JOB, "x".repeat(dev.tau.jobs.json.JsonCodec.MAX_BYTES - ManifestFormat.GROWTH_BYTES - 2_000));
        store.save(fits);
        assertThat(reload().jobs()).containsExactly(fits);
    }

    @Test
    void what_is_left_of_a_job_is_told() throws IOException {
        assertThat(store.hasFiles(JOB.id())).isFalse();
        for (String suffix : java.util.List.of(".json", ".stdout.log", ".stderr.log")) {
            Files.createFile(job(suffix));
            assertThat(store.hasFiles(JOB.id())).isTrue();
            Files.delete(job(suffix));
        }
    }

    /** Who was killed may not have synced it, and manifests are replaced only by what the journal has for good. */
    @Test
    void a_journal_that_was_left_is_synced_and_then_forgotten() throws IOException {
        store.save(JOB);
        disk.failing("syncDirectory jobs");
        store.close();
        disk.failing();
        disk.operations();
        store = FileJobStore.open(dir, new JacksonJsonCodec(), disk, 10_000, 5);
        store.load();
        assertThat(disk.operations()).contains("sync 0000000000000002.log");
        await().untilAsserted(() -> assertThat(dir.resolve("journal")).isEmptyDirectory());
    }

    /** A segment whose sync has failed is full. */
    @Test
    void many_segments_are_forgotten_while_the_store_is_open() throws IOException {
        disk.failing("sync 0");
        for (int i = 0; i < Checkpoint.MANY; i++) {
            assertThatThrownBy(() -> store.commit(JOB)).isInstanceOf(IOException.class);
        }
        disk.failing();
        store.commit(JOB);
        await().until(() -> disk.operations().contains("delete 0000000000000002.log"));
    }

    /** Otherwise the segment that alone holds the change before could be forgotten, and that change with it. */
    @Test
    void a_change_that_failed_gives_way_to_the_one_before_it() throws IOException {
        store.commit(JOB);
        disk.failing("sync 0");
        assertThatThrownBy(() -> store.commit(Jobs.succeeded("job-2-0002", 2))).isInstanceOf(IOException.class);
        disk.failing();
        store.publish(JOB.id());
        assertThat(ManifestReader.parse(job(".json"), new JacksonJsonCodec())).isEqualTo(JOB);
    }
}
