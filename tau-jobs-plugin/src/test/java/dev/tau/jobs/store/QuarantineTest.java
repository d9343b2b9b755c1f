package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineTest {
    @TempDir
    Path dir;

    private final WatchedDisk disk = new WatchedDisk();
    private Quarantine quarantine;

    @BeforeEach
    void open() {
        quarantine = new Quarantine(new StateDir(dir), disk);
    }

    private Path broken(String content) throws IOException {
        return Files.writeString(dir.resolve("broken.json"), content);
    }

    private Path aside(String name) {
        return dir.resolve("quarantine").resolve(name);
    }

    @Test
    void every_file_of_a_name_is_kept_and_the_line_says_where() throws IOException {
        assertThat(quarantine.move(broken("one"), "why"))
                .isEqualTo("background_job_quarantined: file=broken.json moved_to=quarantine/broken.json error=why");
        assertThat(quarantine.move(broken("two"), "why")).contains("moved_to=quarantine/broken.json.1 ");
        assertThat(quarantine.move(broken("three"), "why")).contains("moved_to=quarantine/broken.json.2 ");

        assertThat(aside("broken.json")).content().isEqualTo("one");
        assertThat(aside("broken.json.1")).content().isEqualTo("two");
        assertThat(aside("broken.json.2")).content().isEqualTo("three");
    }

    @Test
    void a_file_that_cannot_be_moved_stays_and_the_line_says_so() throws IOException {
        Path file = broken("one");
        disk.failing("rename");

        assertThat(quarantine.move(file, "why")).contains("file=broken.json not_moved error=why");
        assertThat(file).content().isEqualTo("one");
    }

    @Test
    void nothing_is_moved_out_of_the_state_dir_through_a_link(@TempDir Path outside) throws IOException {
        Path file = broken("secret");
        Files.createSymbolicLink(dir.resolve("quarantine"), outside);

        assertThat(quarantine.move(file, "why")).contains("not_moved");
        assertThatThrownBy(() -> quarantine.place("broken.json")).hasMessageContaining("no directory of its own");
        assertThat(file).content().isEqualTo("secret");
        assertThat(outside).isEmptyDirectory();
    }
}
