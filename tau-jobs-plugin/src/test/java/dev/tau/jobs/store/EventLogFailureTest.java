package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event log on a disk that fails: each line is there whole or not at all. */
class EventLogFailureTest {
    @TempDir
    Path dir;

    private Path file;
    private final WatchedDisk disk = new WatchedDisk();
    private EventLog log;

    @BeforeEach
    void open() {
        file = dir.resolve("events.jsonl");
        log = new EventLog(file, disk, 1_000, 3);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private void append(String line) throws IOException {
        log.append(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void half_a_line_is_cut_before_the_next_one() throws IOException {
        append("first");
        disk.failing("append");
        assertThatThrownBy(() -> append("lost line")).isInstanceOf(IOException.class);
        assertThat(file).content().isEqualTo("first\nlost ");
        disk.failing();

        append("second");

        assertThat(file).content().isEqualTo("first\nsecond\n");
    }

    @Test
    void a_close_that_fails_too_is_told_beside_the_first_failure() {
        disk.failing("append", "close");

        assertThat(catchThrowable(() -> append("lost")).getSuppressed())
                .singleElement()
                .isInstanceOf(IOException.class);
    }

    @Test
    void it_stays_open_between_lines_and_is_closed_once() throws IOException {
        append("first");
        append("second");
        log.close();
        log.close();

        assertThat(disk.operations())
                .containsExactly(
                        "open events.jsonl", "append events.jsonl", "append events.jsonl", "close events.jsonl");
    }

    @Test
    void mending_cuts_a_torn_line_and_leaves_whole_ones_alone() throws IOException {
        Files.writeString(file, "first\nto");
        log.mend();
        assertThat(file).content().isEqualTo("first\n");
        log.mend();

        assertThat(disk.operations()).containsExactly("truncate events.jsonl");
    }

    @Test
    void what_cannot_be_mended_now_is_mended_by_the_next_line() throws IOException {
        Files.writeString(file, "first\nto");
        disk.failing("truncate");
        log.mend();
        assertThat(file).content().isEqualTo("first\nto");
        disk.failing();

        append("second");

        assertThat(file).content().isEqualTo("first\nsecond\n");
    }

    @Test
    void a_torn_line_of_many_blocks_that_starts_the_file_is_cut_to_nothing() throws IOException {
        // A line break at the very start, and one at a block's border.
        Files.writeString(file, "\n" + "x".repeat(8191));
        log.mend();
        assertThat(file).content().isEqualTo("\n");
        Files.writeString(file, "x\n" + "y".repeat(8192));
        log.mend();
        assertThat(file).content().isEqualTo("x\n");
    }

    @Test
    void a_rotation_that_fails_loses_no_line_that_was_taken() throws IOException {
        append("x".repeat(990));
        disk.failing("rename");
        assertThatThrownBy(() -> append("does not fit")).isInstanceOf(IOException.class);
        disk.failing();
        append("later line");

        assertThat(dir.resolve("events.jsonl.1")).content().isEqualTo("x".repeat(990) + "\n");
        assertThat(file).content().isEqualTo("later line\n");
    }
}
