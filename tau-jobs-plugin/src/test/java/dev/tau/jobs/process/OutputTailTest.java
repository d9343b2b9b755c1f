package dev.tau.jobs.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTailTest {
    @TempDir
    Path dir;

    private String tail(String content, int bytes, String... secrets) throws IOException {
        Path file = Files.writeString(dir.resolve("out"), content);
        return OutputTail.read(file, bytes, List.of(secrets));
    }

    @Test
    void the_last_bytes_are_shown_and_the_cut_is_said() throws IOException {
        assertThat(tail("abcdef", 6)).isEqualTo("abcdef");
        assertThat(tail("abcdef", 3)).isEqualTo("<output truncated>\ndef");
    }

    @Test
    void a_cut_character_is_dropped_at_both_ends() throws IOException {
        assertThat(tail("äbc", 3)).isEqualTo("<output truncated>\nbc");
        Path file = Files.write(dir.resolve("cut"), new byte[] {'a', (byte) 0xE2, (byte) 0x82});
        assertThat(OutputTail.read(file, 100, List.of())).isEqualTo("a");
    }

    @Test
    void a_secret_is_hidden_also_where_the_cut_goes_through_it() throws IOException {
        assertThat(tail("x s3cret y", 100, "s3cret")).isEqualTo("x [redacted] y");
        assertThat(tail("x s3cret y", 5, "s3cret")).isEqualTo("<output truncated>\n[redacted] y");
    }

    @Test
    void control_characters_are_shown_escaped() throws IOException {
        assertThat(tail("a\u001b[31mb\r\n\tc\u009b", 100)).isEqualTo("a\\u001b[31mb\\r\n\tc\\u009b");
    }

    @Test
    void names_that_look_secret_are_known() {
        assertThat(OutputTail.secretsOf(Map.of("API_KEY", "a", "github_token", "b", "PATH", "c")))
                .containsExactlyInAnyOrder("a", "b");
    }

    @Property
    void any_bytes_give_a_text_without_controls(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int limit)
            throws IOException {
        Path file = Files.createTempFile("tail", null);
        try {
            Files.write(file, bytes);

            assertThat(OutputTail.read(file, limit, List.of())
                            .chars()
                            .filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t'))
                    .isEmpty();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void a_link_is_not_followed() throws IOException {
        Path secret = Files.write(dir.resolve("elsewhere"), "x".getBytes(StandardCharsets.UTF_8));
        Path link = Files.createSymbolicLink(dir.resolve("link"), secret);

        assertThat(OutputTail.read(link, 10, List.of())).isEmpty();
    }
}
