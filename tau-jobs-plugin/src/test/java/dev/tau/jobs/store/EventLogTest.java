package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    @TempDir
    Path dir;

    private static Path log(Path dir) {
        return dir.resolve("events.jsonl");
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private void append(long maxBytes, int maxFiles, String... lines) throws IOException {
        try (EventLog log = new EventLog(log(dir), Disk.local(), maxBytes, maxFiles)) {
            for (String line : lines) {
                log.append(bytes(line));
            }
        }
    }

    /** The kept files, the oldest first. */
    private static List<Path> kept(Path dir) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 20; i >= 1; i--) {
            files.add(dir.resolve("events.jsonl." + i));
        }
        files.add(log(dir));
        files.removeIf(file -> !Files.exists(file));
        try (Stream<Path> all = Files.list(dir)) {
            assertThat(all.toList()).containsExactlyInAnyOrderElementsOf(files);
        }
        return files;
    }

    /** By then the directory may be somebody else's. */
    @Test
    void nothing_is_written_once_it_is_closed() throws IOException {
        EventLog log = new EventLog(log(dir), Disk.local(), 1_000, 5);
        log.append(bytes("one"));
        log.close();
        Files.writeString(log(dir), "half", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> log.append(bytes("two"))).hasMessage("the event log is closed");
        assertThat(log(dir)).hasContent("one\nhalf");
    }

    private static List<String> lines(Path dir) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : kept(dir)) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }

    private static String[] numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line-" + (100 + i)).toArray(String[]::new);
    }

    @Test
    void five_files_hold_the_newest_lines_in_order() throws IOException {
        append(27, 5, numbered(0, 40)); // nine bytes a line: three fill a file exactly

        assertThat(kept(dir))
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "events.jsonl.4", "events.jsonl.3", "events.jsonl.2", "events.jsonl.1", "events.jsonl");
        assertThat(lines(dir)).containsExactly(numbered(27, 40));
        assertThat(kept(dir)).extracting(Files::size).containsExactly(27L, 27L, 27L, 27L, 9L);
    }

    @Test
    void it_is_not_rotated_before_it_would_grow_over_the_limit() throws IOException {
        append(27, 5, numbered(0, 3));
        assertThat(kept(dir)).containsExactly(log(dir));

        append(27, 5, numbered(3, 4));
        assertThat(Files.readAllLines(log(dir))).containsExactly("line-103");
    }

    @Test
    void a_line_over_the_limit_has_a_file_of_its_own() throws IOException {
        String big = "x".repeat(100);

        append(27, 5, big, "a", big, "b");

        assertThat(lines(dir)).containsExactly(big, "a", big, "b");
        assertThat(kept(dir)).hasSize(4);
    }

    @Test
    void one_file_starts_anew_when_it_is_full() throws IOException {
        append(27, 1, numbered(0, 7));

        assertThat(kept(dir)).containsExactly(log(dir));
        assertThat(lines(dir)).containsExactly("line-106");
    }

    @Test
    void a_torn_last_line_is_cut_at_open() throws IOException {
        Files.writeString(log(dir), "first\nsecond\n{\"torn");
        append(1_000, 5, "third");
        assertThat(lines(dir)).containsExactly("first", "second", "third");
    }

    @Test
    void a_torn_line_is_cut_over_many_blocks_and_down_to_nothing() throws IOException {
        Files.writeString(log(dir), "first\n" + "x".repeat(20_000));
        append(100_000, 5, "second");
        assertThat(Files.readString(log(dir))).isEqualTo("first\nsecond\n");

        Files.writeString(log(dir), "x".repeat(20_000));
        append(100_000, 5, "only");
        assertThat(Files.readString(log(dir))).isEqualTo("only\n");
    }

    @Property(tries = 100)
    void any_lines_and_reopens_keep_an_unbroken_run_of_the_newest(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 30) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 5) int maxFiles,
            @ForAll @IntRange(min = 1, max = 10) int reopenEvery)
            throws IOException {
        int maxBytes = 40;
        Path dir = Files.createTempDirectory("event-log");
        EventLog log = new EventLog(log(dir), Disk.local(), maxBytes, maxFiles);
        List<String> all = new ArrayList<>();
        try {
            for (int size : sizes) {
                String line = all.size() + "-" + "x".repeat(size);
                all.add(line);
                log.append(bytes(line));
                if (all.size() % reopenEvery == 0) {
                    log.close();
                    log = new EventLog(log(dir), Disk.local(), maxBytes, maxFiles);
                }
                List<String> kept = lines(dir);
                assertThat(kept).endsWith(line).isEqualTo(all.subList(all.size() - kept.size(), all.size()));
                assertThat(kept(dir)).hasSizeLessThanOrEqualTo(maxFiles);
                assertThat(kept(dir)).allMatch(file -> file.toFile().length() <= maxBytes);
                if (kept.size() < all.size()) {
                    assertThat(kept(dir)).hasSize(maxFiles);
                }
            }
        } finally {
            log.close();
            for (Path file : kept(dir)) {
                Files.delete(file);
            }
            Files.delete(dir);
        }
    }
}
