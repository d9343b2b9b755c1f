package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFilesTest {
    private static final byte[] NEW = "new content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path dir;

    private Path target;
    private final WatchedDisk disk = new WatchedDisk();
    private final AtomicFiles files = new AtomicFiles(disk);

    @BeforeEach
    void anOldFile() throws IOException {
        target = Files.writeString(dir.resolve("state.json"), "old");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(dir)) {
            return all.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void the_content_is_synced_before_it_gets_the_name_and_the_name_after() throws IOException {
        files.replace(target, NEW);

        assertThat(disk.operations())
                .containsExactly(
                        "write temporary", "sync temporary", "rename state.json", "syncDirectory " + dir.getFileName());
        assertThat(target).hasBinaryContent(NEW);
        assertThat(names()).containsExactly("state.json");
    }

    @Test
    void what_may_be_lost_is_still_never_a_name_without_its_content() throws IOException {
        files.replaceSoon(target, NEW);

        assertThat(disk.operations()).containsExactly("write temporary", "sync temporary", "rename state.json");
        assertThat(target).hasBinaryContent(NEW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "sync temporary", "rename"})
    void a_failure_leaves_the_old_file_and_nothing_beside_it(String failing) throws IOException {
        disk.failing(failing);

        assertThatThrownBy(() -> files.replace(target, NEW)).isInstanceOf(IOException.class);

        assertThat(target).content().isEqualTo("old");
        assertThat(names()).containsExactly("state.json");
    }

    @Test
    void a_temporary_file_that_cannot_be_deleted_does_not_hide_why_the_write_failed() throws IOException {
        disk.failing("write", "delete");

        assertThatThrownBy(() -> files.replace(target, NEW)).hasMessage("No space left on device");

        assertThat(target).content().isEqualTo("old");
        assertThat(names()).hasSize(2).filteredOn(AtomicFiles::isTemporary).hasSize(1);
    }

    @Test
    void a_name_that_is_not_sure_to_stay_is_an_error() {
        disk.failing("syncDirectory");

        assertThatThrownBy(() -> files.replace(target, NEW)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", ".state.json", "state.json.tmp", "tmp", ".tmp.json"})
    void no_other_file_is_taken_for_a_temporary_one(String name) {
        assertThat(AtomicFiles.isTemporary(name)).isFalse();
    }
}
