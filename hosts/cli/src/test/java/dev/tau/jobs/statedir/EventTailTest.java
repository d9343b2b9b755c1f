package dev.tau.jobs.statedir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.store.StateDir;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventTailTest {
    @TempDir
    Path root;

    private Path log() {
        return root.resolve("events.jsonl");
    }

    private static String line(int number) {
        return "{\"timestamp_unix_ms\": " + number + ", \"job_id\": \"job-1-0001\", \"event\": \"created\"}";
    }

    private void append(String text) throws IOException {
        Files.writeString(log(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void append(int... numbers) throws IOException {
        for (int number : numbers) {
            append(line(number) + "\n");
        }
    }

    private void rotate() throws IOException {
        for (int i = 4; i >= 1; i--) {
            Path from = i == 1 ? log() : root.resolve("events.jsonl." + (i - 1));
            if (Files.exists(from)) {
                Files.move(from, root.resolve("events.jsonl." + i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private EventTail all() throws IOException {
        return EventTail.ofAll(new StateDir(root), new JacksonJsonCodec());
    }

    private EventTail fresh() throws IOException {
        return EventTail.ofLatest(new StateDir(root), new JacksonJsonCodec());
    }

    private static List<Long> rest(EventTail tail) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (List<LoggedEvent> some = tail.next(); !some.isEmpty(); some = tail.next()) {
            some.forEach(event -> numbers.add(event.timestampUnixMs()));
        }
        return numbers;
    }

    @Test
    void all_begin_with_the_oldest_that_is_kept() throws IOException {
        append(1);
        rotate();
        append(2, 3);
        rotate();
        append(4);
        try (EventTail tail = all()) {
            assertThat(rest(tail)).containsExactly(1L, 2L, 3L, 4L);
            append(5);
            assertThat(rest(tail)).containsExactly(5L);
        }
    }

    @Test
    void the_latest_begin_a_little_before_the_end() throws IOException {
        int[] numbers = IntStream.range(0, 5000).toArray();
        append(numbers);
        try (EventTail tail = fresh()) {
            assertThat(rest(tail))
                    .hasSizeBetween(10, 500)
                    .endsWith(4998L, 4999L)
                    .isSorted();
            append(5000);
            assertThat(rest(tail)).containsExactly(5000L);
        }
    }

    @Test
    void a_log_that_is_not_there_yet_is_an_empty_one() throws IOException {
        try (EventTail tail = fresh()) {
            assertThat(rest(tail)).isEmpty();
            append(1);
            assertThat(rest(tail)).containsExactly(1L);
        }
    }

    @Test
    void a_rotation_loses_nothing() throws IOException {
        append(1);
        try (EventTail tail = fresh()) {
            append(2);
            rotate();
            append(3);
            assertThat(rest(tail)).containsExactly(1L, 2L, 3L);
            rotate();
            assertThat(rest(tail)).isEmpty();
            append(4);
            assertThat(rest(tail)).containsExactly(4L);
            assertThat(tail.hasMissedSome()).isFalse();
        }
    }

    @Test
    void several_rotations_between_two_looks_lose_nothing() throws IOException {
        append(1);
        try (EventTail tail = fresh()) {
            for (int i = 2; i <= 4; i++) {
                append(i);
                rotate();
            }
            append(5);
            assertThat(rest(tail)).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(tail.hasMissedSome()).isFalse();
        }
    }

    @Test
    void what_was_rotated_away_is_noticed() throws IOException {
        append(1);
        try (EventTail tail = fresh()) {
            for (int i = 2; i <= 6; i++) {
                rotate();
                append(i);
            }
            assertThat(rest(tail)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(tail.hasMissedSome()).as("nothing was").isTrue();
        }
    }

    @Test
    void a_directory_that_is_made_anew_has_missed_nothing() throws IOException {
        append(1);
        try (EventTail tail = fresh()) {
            assertThat(rest(tail)).containsExactly(1L);
            Files.delete(log());
            assertThat(rest(tail)).isEmpty();
            append(2);
            assertThat(rest(tail)).containsExactly(2L);
            assertThat(tail.hasMissedSome()).isFalse();
        }
    }

    @Test
    void half_a_line_is_left_until_it_is_whole() throws IOException {
        try (EventTail tail = fresh()) {
            append(line(1).substring(0, 20));
            assertThat(rest(tail)).isEmpty();
            append(line(1).substring(20) + "\n");
            assertThat(rest(tail)).containsExactly(1L);
        }
    }

    /** As the next owner does with a line that its predecessor was killed in, and writes another one there. */
    @Test
    void half_a_line_that_is_cut_off_is_forgotten() throws IOException {
        append(1);
        try (EventTail tail = all()) {
            String half = "{\"job_id\": \"job-5-00";
            append(half);
            assertThat(rest(tail)).containsExactly(1L);
            try (FileChannel log = FileChannel.open(log(), StandardOpenOption.WRITE)) {
                log.truncate(log.size() - half.length());
            }
            append(33333);
            assertThat(rest(tail)).containsExactly(33333L);
        }
    }

    @Test
    void lines_that_are_none_of_ours_are_passed_over() throws IOException {
        append("\nnonsense\n[]\n{\"job_id\": \"job-1-0001\"}\n{\"timestamp_unix_ms\": 1, \"job_id\": \"../x\"}\n");
        append("x".repeat(9 << 20) + "\n");
        append(2);
        try (EventTail tail = all()) {
            assertThat(rest(tail)).containsExactly(2L);
        }
    }

    @Test
    void many_lines_come_in_order() throws IOException {
        int[] numbers = IntStream.range(0, 5000).toArray();
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            text.append(line(number)).append('\n');
        }
        append(text.toString());
        try (EventTail tail = all()) {
            assertThat(rest(tail)).hasSize(5000).isSorted();
        }
    }

    @Test
    void a_directory_in_its_place_is_no_log() throws IOException {
        Files.createDirectory(log());
        try (EventTail tail = all()) {
            assertThat(rest(tail)).isEmpty();
        }
    }
}
