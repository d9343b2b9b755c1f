package dev.tau.jobs.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.job.OutputSizes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputReaderTest {
    private static final int BLOCK = 4096;

    @TempDir
    Path dir;

    private static OutputReader.Source source(Path file, boolean ended) throws IOException {
        return new OutputReader.Source(file, new OutputSizes.Stream(Files.size(file), false, false), ended);
    }

    /** Of which the oldest part was dropped. */
    private static OutputReader.Source truncated(Path file) throws IOException {
        return new OutputReader.Source(file, new OutputSizes.Stream(Files.size(file), true, false), true);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(dir.resolve("out"), content);
    }

    /** All parts, one behind the other. */
    private static String all(Path file, int bytes, List<String> secrets) throws IOException {
        StringBuilder text = new StringBuilder();
        long offset = 0;
        while (true) {
            OutputPart part = OutputReader.read(source(file, true), offset, bytes, secrets);
            assertThat(part.droppedBytes()).isZero();
            text.append(part.text());
            if (part.nextOffset() == offset) {
                assertThat(offset).isEqualTo(Files.size(file));
                return text.toString();
            }
            offset = part.nextOffset();
        }
    }

    @Property
    void parts_of_any_length_are_the_whole_text(@ForAll String text, @ForAll @IntRange(min = 1, max = 20) int bytes)
            throws IOException {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String printable = wellFormed.replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "\n");
        Path file = Files.createTempFile("part", null);
        try {
            Files.writeString(file, printable);

            assertThat(all(file, bytes, List.of())).isEqualTo(printable);
        } finally {
            Files.delete(file);
        }
    }

    /** Of letters that the secrets are made of, so that they overlap, and begin in one part to end in the next. */
    @Property
    void no_part_shows_a_secret_nor_do_two_together(
            @ForAll @IntRange(min = 1, max = 12) int bytes, @ForAll List<@IntRange(max = 3) Integer> letters)
            throws IOException {
        StringBuilder text = new StringBuilder();
        letters.forEach(letter -> text.append("abxy".charAt(letter)));
        Path file = Files.createTempFile("part", null);
        try {
            Files.writeString(file, text);

            assertThat(all(file, bytes, List.of("abab", "xyx"))).doesNotContain("abab", "xyx");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void what_may_become_a_secret_waits_until_it_is_one_or_is_not() throws IOException {
        Path file = file("x s3c");
        OutputPart first = OutputReader.read(source(file, false), 0, 100, List.of("s3cret"));
        assertThat(first).isEqualTo(new OutputPart("x ", 2, 0));

        Files.writeString(file, "ret y", StandardOpenOption.APPEND);
        assertThat(OutputReader.read(source(file, false), 2, 100, List.of("s3cret")))
                .isEqualTo(new OutputPart("[redacted] y", 10, 0));

        // At the end nothing more can come.
        Path other = file("x s3c");
        assertThat(OutputReader.read(source(other, true), 0, 100, List.of("s3cret")))
                .isEqualTo(new OutputPart("x s3c", 5, 0));
    }

    @Test
    void half_a_character_waits_for_its_other_half_but_not_at_the_end() throws IOException {
        Path file = Files.write(dir.resolve("cut"), new byte[] {'a', (byte) 0xE2, (byte) 0x82});
        assertThat(OutputReader.read(source(file, false), 0, 100, List.of())).isEqualTo(new OutputPart("a", 1, 0));
        assertThat(OutputReader.read(source(file, true), 1, 100, List.of())).isEqualTo(new OutputPart("\uFFFD", 3, 0));
        Files.write(file, new byte[] {(byte) 0xAC}, StandardOpenOption.APPEND);
        assertThat(OutputReader.read(source(file, false), 1, 1, List.of())).isEqualTo(new OutputPart("€", 4, 0));
    }

    @Test
    void behind_the_end_there_is_nothing_yet() throws IOException {
        Path file = file("abc");
        assertThat(OutputReader.read(source(file, false), 3, 10, List.of())).isEqualTo(new OutputPart("", 3, 0));
        assertThat(OutputReader.read(source(file, false), 7, 10, List.of())).isEqualTo(new OutputPart("", 7, 0));
        assertThat(OutputReader.read(
                        new OutputReader.Source(dir.resolve("none"), OutputSizes.Stream.EMPTY, false),
                        0,
                        10,
                        List.of()))
                .isEqualTo(new OutputPart("", 0, 0));
    }

    @Property
    void a_hole_at_the_head_is_counted_as_dropped(@ForAll @IntRange(max = 40) int blocks) throws IOException {
        Path file = Files.createTempFile("part", null);
        try {
            Files.write(file, new byte[blocks * BLOCK]);
            Files.writeString(file, "x".repeat(10 * BLOCK), StandardOpenOption.APPEND);

            OutputPart part = OutputReader.read(truncated(file), 100, 4, List.of());
            long hole = (long) blocks * BLOCK;
            assertThat(part)
                    .isEqualTo(
                            blocks == 0
                                    ? new OutputPart("xxxx", 104, 0)
                                    : new OutputPart("xxxx", hole + 4, hole - 100));
        } finally {
            Files.delete(file);
        }
    }

    /** Zeros that a job has written itself are no hole once it is known that nothing was dropped. */
    @Test
    void what_was_not_dropped_is_shown_as_it_is() throws IOException {
        Path file = Files.write(dir.resolve("zeros"), new byte[2 * BLOCK]);
        OutputPart part = OutputReader.read(source(file, true), 0, 4, List.of());
        assertThat(part.droppedBytes()).isZero();
        assertThat(part.nextOffset()).isEqualTo(4);
    }

    /** Its beginning is gone with what was dropped. */
    @Test
    void the_end_of_a_secret_at_the_edge_is_left_out() throws IOException {
        Path file = Files.write(dir.resolve("edge"), new byte[BLOCK]);
        Files.writeString(file, "cret and more s3cret", StandardOpenOption.APPEND);
        OutputPart part = OutputReader.read(truncated(file), 0, 100, List.of("s3cret"));
        assertThat(part).isEqualTo(new OutputPart("[redacted] and more [redacted]", BLOCK + 20, BLOCK));
    }

    /** Bytes that are no text are shown one by one, each once. */
    @Property
    void any_bytes_are_counted_to_the_last(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 20) int length)
            throws IOException {
        Path file = Files.createTempFile("part", null);
        try {
            Files.write(file, bytes);
            all(file, length, List.of());
            byte[] stray = new byte[40];
            java.util.Arrays.fill(stray, (byte) 0x80);
            Files.write(file, stray);
            assertThat(all(file, length, List.of())).isEqualTo("\uFFFD".repeat(40));
        } finally {
            Files.delete(file);
        }
    }

    /** Where no hole can be punched, the file is shorter than what was written. */
    @Test
    void what_was_cut_away_in_front_is_counted_as_dropped() throws IOException {
        Path file = file("newest");
        OutputReader.Source source = new OutputReader.Source(file, new OutputSizes.Stream(106, true, true), false);

        assertThat(OutputReader.read(source, 10, 3, List.of())).isEqualTo(new OutputPart("newe", 104, 90));
        assertThat(OutputReader.read(source, 104, 100, List.of())).isEqualTo(new OutputPart("st", 106, 0));
    }

    @Test
    void a_link_is_not_followed() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), file("secret"));

        assertThat(OutputReader.read(source(link, true), 0, 10, List.of()).text())
                .isEmpty();
    }
}
