package dev.tau.jobs.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class OutputLinesTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final OutputLines lines = new OutputLines(OutputLines.labelled("x "), shown);

    /** However it comes in parts, it is as if it came at once. */
    @Property
    void each_line_is_shown_once_behind_the_label(
            @ForAll @StringLength(max = 60) @Chars({'a', 'b', '\n', '\r', 0xff}) String text,
            @ForAll @IntRange(min = 1, max = 5) int part)
            throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        byte[] all = text.getBytes(ISO_8859_1);
        OutputLines inParts = new OutputLines(OutputLines.labelled("x "), target);
        for (int i = 0; i < all.length; i += part) {
            inParts.write(all, i, Math.min(part, all.length - i));
        }
        inParts.close();
        assertThat(target.toString(ISO_8859_1)).isEqualTo(labelled(text));
    }

    private static String labelled(String text) {
        StringBuilder all = new StringBuilder();
        int begin = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
            all.append("x ").append(text, begin, end).append('\n');
            begin = end + 1;
        }
        return begin == text.length() ? all.toString() : all.append("x ").append(text, begin, text.length()) + "\n";
    }

    @Test
    void a_line_without_an_end_is_shown_when_it_is_closed() throws IOException {
        lines.write("a\nb".getBytes(ISO_8859_1));
        assertThat(shown).hasToString("x a\n");
        lines.close();
        assertThat(shown).hasToString("x a\nx b\n");
    }

    @Test
    void a_line_that_is_as_long_as_a_piece_has_no_empty_one_behind_it() throws IOException {
        String much = "y".repeat(1 << 16);
        lines.write((much + "\nz\n").getBytes(ISO_8859_1));
        assertThat(shown.toString(ISO_8859_1)).isEqualTo("x " + much + "\nx z\n");
    }

    @Test
    void a_line_that_does_not_end_is_shown_in_pieces() throws IOException {
        byte[] much = "y".repeat(1_000_000).getBytes(ISO_8859_1);
        lines.write(much);
        assertThat(shown.size()).isGreaterThan(900_000);
        lines.write("\nz\n".getBytes(ISO_8859_1));
        lines.close();
        assertThat(shown.toString(ISO_8859_1)).endsWith("y\nx z\n");
        assertThat(shown.toString(ISO_8859_1).lines().filter(line -> !line.equals("x z")))
                .allSatisfy(line -> assertThat(line).startsWith("x y").hasSizeLessThan(70_000));
        assertThat(shown.toString(ISO_8859_1).chars().filter(one -> one == 'y')).hasSize(1_000_000);
    }

    /** As text, whatever it is cut into. */
    @Property
    void lines_as_json_are_the_text(
            @ForAll @StringLength(max = 40) @Chars({'a', '\u00e9', '\u20ac', '"', '\n', '\t'}) String text,
            @ForAll @IntRange(min = 65_500, max = 65_540) int much)
            throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        String all = "y".repeat(much) + text;
        try (OutputLines json = new OutputLines(OutputLines.json("stdout"), target)) {
            json.write(all.getBytes(UTF_8));
        }
        StringBuilder read = new StringBuilder();
        for (String line : target.toString(UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                JsonNode piece = new ObjectMapper().readTree(line);
                assertThat(piece.path("stream").asText()).isEqualTo("stdout");
                read.append(piece.path("line").asText())
                        .append(piece.path("continues").asBoolean() ? "" : "\n");
            }
        }
        assertThat(read.toString()).isEqualTo(all.endsWith("\n") ? all : all + "\n");
    }
}
