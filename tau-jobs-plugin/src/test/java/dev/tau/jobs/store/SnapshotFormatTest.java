package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFormatTest {
    private static final Snapshot FULL = new Snapshot(
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            "job-1-0001",
            "job_started",
            List.of("job_queued", "job_started"),
            List.of("a line"),
            new Snapshot.Removed(9, 10, 11, List.of("job-0-0001")));

    private final JsonCodec codec = new JacksonJsonCodec();

    @Test
    void every_member_is_read_as_it_was_written(@TempDir Path dir) throws IOException {
        Files.write(dir.resolve("state.json"), codec.write(SnapshotFormat.write(FULL), true));

        assertThat(new SnapshotReader(dir, codec).read()).isEqualTo(FULL);
    }

    @Test
    void a_state_dir_without_a_snapshot_has_counted_nothing(@TempDir Path dir) throws IOException {
        Snapshot none = new SnapshotReader(dir, codec).read();

        assertThat(none).isEqualTo(SnapshotFormat.read(Map.of()));
        assertThat(none.createdTotal()).isZero();
    }

    @Test
    void results_hold_neither_the_version_nor_what_is_being_removed() {
        assertThat(SnapshotFormat.health(FULL)).doesNotContainKeys("schema_version", "removing");
        assertThat(SnapshotFormat.write(FULL)).containsEntry("removing", List.of("job-0-0001"));
    }

    @Test
    void a_file_of_old_is_not_changed_by_what_is_ours() {
        assertThat(SnapshotFormat.write(
                        new Snapshot(1, 0, 0, 0, 0, 0, 0, 0, "", "", List.of(), List.of(), Snapshot.Removed.NONE)))
                .doesNotContainKey("removing");
    }
}
