package dev.tau.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonJsonCodecTest {
    private final JacksonJsonCodec codec = new JacksonJsonCodec();

    private Map<String, Object> read(String text) throws InvalidJsonException {
        return codec.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "42",
                "null",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1} x",
                "{\"a\":1}{}",
                "{\"a\":NaN}",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":01}"
            })
    void what_is_not_one_strict_object_is_refused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidJsonException.class);
    }

    @Test
    void depth_and_size_are_bounded() throws InvalidJsonException {
        assertThat(read("{\"a\":" + "[".repeat(199) + "]".repeat(199) + "}")).containsKey("a");
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"))
                .isInstanceOf(InvalidJsonException.class);
        assertThatThrownBy(() -> codec.read(new byte[JsonCodec.MAX_BYTES + 1]))
                .isInstanceOf(InvalidJsonException.class)
                .hasMessageContaining("bytes long");
    }

    @Test
    void a_name_may_be_as_long_as_a_file_and_hold_any_character() throws InvalidJsonException {
        for (String name : List.of("", "\0", "\ud83d\ude00", "x\ud83d\ude00".repeat(500), "x".repeat(60_000))) {
            assertThat(codec.read(codec.write(Map.of(name, 1), true))).isEqualTo(Map.of(name, 1));
        }
        assertThat(read("{\"\\ud83d\\ude00\":1}")).isEqualTo(Map.of("\ud83d\ude00", 1));
    }

    @Test
    void names_whose_hashes_collide_are_read() throws InvalidJsonException {
        Map<String, Integer> colliding = new HashMap<>();
        for (int i = 0; i < 1024; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 10; bit++) {
                name.append((i >> bit & 1) == 0 ? "Ab" : "BA");
            }
            colliding.put(name.toString(), i);
        }
        assertThat(codec.read(codec.write(colliding, false))).isEqualTo(colliding);
    }

    @Test
    void a_byte_order_mark_is_passed_over_and_broken_utf8_refused() throws InvalidJsonException {
        assertThat(read("\uFEFF{\"a\":1}")).containsEntry("a", 1);
        assertThatThrownBy(() -> codec.read("{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(InvalidJsonException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void numbers_keep_their_value() throws InvalidJsonException {
        String text = "{\"a\":99999999999999999999,\"b\":1.50,\"c\":9007199254740993}";

        assertThat(new String(codec.write(read(text), false), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @Property
    void any_text_survives_but_half_characters(@ForAll String text) throws InvalidJsonException {
        String expected = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);

        assertThat(codec.read(codec.write(Map.of("k", text), true))).containsEntry("k", expected);
    }

    /** A second opinion: another library reads what this one writes. */
    @Property
    void json_b_reads_the_same(@ForAll String text) throws Exception {
        byte[] written = codec.write(Map.of("k", text), false);
        try (Jsonb jsonb = JsonbBuilder.create()) {
            Map<?, ?> read = jsonb.fromJson(new String(written, StandardCharsets.UTF_8), Map.class);

            assertThat(read.get("k")).isEqualTo(codec.read(written).get("k"));
        }
    }

    @Test
    void otherEncodingsThanUtf8AreRefused() {
        for (Charset charset : List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                Charset.forName("UTF-32"))) {
            assertThatThrownBy(() -> codec.read("{\"a\":1}".getBytes(charset)))
                    .as(charset.name())
                    .isInstanceOf(InvalidJsonException.class);
        }
    }
}
