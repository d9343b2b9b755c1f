package dev.tau.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JsonCodecTest {

    private static Map<String, Object> read(JsonCodec codec, String text) throws InvalidJsonException {
        return codec.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String write(JsonCodec codec, Map<String, ?> value, boolean pretty) {
        return new String(codec.write(value, pretty), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    ``                   | it does not begin with {
                    []                   | it does not begin with {
                    42                   | it does not begin with {
                    null                 | it does not begin with {
                    {                    | a name is missing
                    {"a"                 | a : is missing
                    {"a":                | a value is missing
                    {"a":1               | a } is missing
                    {"a":1,"a":2}        | a name stands twice in one object
                    {"a":1,"\\u0061":2}  | a name stands twice in one object
                    {"a":{"b":1,"b":2}}  | a name stands twice in one object
                    {"a":1} x            | something stands behind it
                    {"a":1}{}            | something stands behind it
                    {"a":NaN}            | a value is missing
                    {"a":nul}            | a value is missing
                    {'a':1}              | a name is missing
                    {a:1}                | a name is missing
                    {"a":1,}             | a name is missing
                    {"a":[1,]}           | a value is missing
                    {"a":[1 2]}          | a ] is missing
                    {"a":01}             | a } is missing
                    {"a":+1}             | a value is missing
                    {"a":-}              | a value is missing
                    {"a":.5}             | a value is missing
                    {"a":1.}             | a number ends in a point
                    {"a":1e}             | an exponent must have 1 to 9 digits
                    {"a":1e1234567890}   | an exponent must have 1 to 9 digits
                    {"a":"\\x"}          | \\ needs one of "\\/bfnrtu behind it
                    {"a":"\\             | \\ needs one of "\\/bfnrtu behind it
                    {"a":"\\u12g4"}      | \\u needs four hexadecimal digits
                    {"a":"\\u12          | \\u needs four hexadecimal digits
                    {"a":"b              | a string does not end
                    {"a":1}/* */         | something stands behind it
                    """)
    void what_is_not_one_strict_object_is_refused_with_the_same_words(String text, String why) {
        for (Codecs codec : Codecs.values()) {
            assertThatThrownBy(() -> read(codec.codec, text))
                    .as(codec.name())
                    .isInstanceOf(InvalidJsonException.class)
                    .hasMessage("is not one well-formed JSON object: " + why + " (line 1)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLineIsNamedAndTheTextIsNot(Codecs codec) {
        assertThatThrownBy(() -> read(codec.codec, "{\"a\": 1,\n\"b\": \"se\ncret\"}"))
                .hasMessage("is not one well-formed JSON object: a string holds a control character (line 2)");
    }

    @ParameterizedTest
    @EnumSource
    void depth_and_size_are_bounded(Codecs codec) throws InvalidJsonException {
        String deepest = "{\"a\":" + "[".repeat(199) + "]".repeat(199) + "}";

        assertThat(write(codec.codec, read(codec.codec, deepest), false)).isEqualTo(deepest);
        assertThatThrownBy(() -> read(codec.codec, "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"))
                .hasMessageContaining("nested deeper than 200");
        assertThatThrownBy(() -> read(codec.codec, "{\"a\":".repeat(1_000_000)))
                .hasMessageContaining("nested deeper than 200");
        assertThatThrownBy(() -> codec.codec.read(new byte[JsonCodec.MAX_BYTES + 1]))
                .hasMessage("is 8388609 bytes long, over 8388608");
        byte[] largest =
                codec.codec.write(Map.of("k", "x".repeat(JsonCodec.MAX_BYTES - "{\"k\":\"\"}".length())), false);
        assertThat(largest).hasSize(JsonCodec.MAX_BYTES);
        assertThat(codec.codec.read(largest)).containsKey("k");
    }

    @ParameterizedTest
    @EnumSource
    void a_name_may_be_as_long_as_a_file_and_hold_any_character(Codecs codec) throws InvalidJsonException {
        for (String name : List.of("", "\0", "\ud83d\ude00", "x\ud83d\ude00".repeat(500), "x".repeat(60_000))) {
            assertThat(codec.codec.read(codec.codec.write(Map.of(name, 1), true)))
                    .isEqualTo(Map.of(name, 1));
        }
        assertThat(read(codec.codec, "{\"\\ud83d\\uDE00\":1}")).isEqualTo(Map.of("\ud83d\ude00", 1));
    }

    @ParameterizedTest
    @EnumSource
    void names_whose_hashes_collide_are_read(Codecs codec) throws InvalidJsonException {
        Map<String, Integer> colliding = new HashMap<>();
        for (int i = 0; i < 1024; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 10; bit++) {
                name.append((i >> bit & 1) == 0 ? "Ab" : "BA");
            }
            colliding.put(name.toString(), i);
        }
        assertThat(codec.codec.read(codec.codec.write(colliding, false))).isEqualTo(colliding);
    }

    @ParameterizedTest
    @EnumSource
    void a_byte_order_mark_is_passed_over_and_other_encodings_refused(Codecs codec) throws InvalidJsonException {
        assertThat(read(codec.codec, "\uFEFF{\"a\":1}")).containsEntry("a", 1);
        for (Charset charset : List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                StandardCharsets.ISO_8859_1,
                Charset.forName("UTF-32"),
                Charset.forName("UTF-32LE"))) {
            assertThatThrownBy(() -> codec.codec.read("{\"\u00e9\":1}".getBytes(charset)))
                    .as(charset.name())
                    .hasMessage("is not UTF-8 text");
        }
    }

    @ParameterizedTest
    @EnumSource
    void numbers_keep_their_value_and_text(Codecs codec) throws InvalidJsonException {
        String text = "{\"a\":99999999999999999999,\"b\":1.50,\"c\":9007199254740993,\"d\":-1,\"e\":1E+999999999,\"f\":"
                + "9".repeat(1_000) + ",\"g\":-9223372036854775808}";

        assertThat(write(codec.codec, read(codec.codec, text), false)).isEqualTo(text);
        assertThat(read(codec.codec, "{\"a\":1e0,\"b\":-0,\"c\":2147483648,\"d\":1e2}"))
                .containsEntry("a", 1)
                .containsEntry("b", 0)
                .containsEntry("c", 2_147_483_648L)
                .containsEntry("d", new BigDecimal("1E+2"));
        assertThatThrownBy(() -> read(codec.codec, "{\"a\":" + "9".repeat(1_001) + "}"))
                .hasMessageContaining("a number has more than 1000 characters");
        // Written as 1.0E+1000000000, and with a point and a sign more.
        assertThatThrownBy(() -> read(codec.codec, "{\"a\":10E999999999}")).hasMessageContaining("an exponent");
        assertThatThrownBy(() -> read(codec.codec, "{\"a\":" + "9".repeat(998) + "e9}"))
                .hasMessageContaining("a number has more than 1000 characters");
    }

    @ParameterizedTest
    @EnumSource
    void namesThatWouldBecomeOneAreRefused(Codecs codec) {
        assertThatThrownBy(() -> read(codec.codec, "{\"\\ud800\":1,\"\\ud801\":2}"))
                .hasMessageContaining("a name stands twice");
    }

    @ParameterizedTest
    @EnumSource
    void numbers_of_other_types_are_written_by_their_text(Codecs codec) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("a", (byte) 1);
        numbers.put("b", (short) 2);
        numbers.put("c", 0.1);
        numbers.put("d", 0.1f);
        numbers.put("e", 1e21);
        numbers.put("f", new BigDecimal("99999999999999999999"));
        numbers.put("g", new BigInteger("7"));

        assertThat(write(codec.codec, numbers, false))
                .isEqualTo("{\"a\":1,\"b\":2,\"c\":0.1,\"d\":0.1,\"e\":1.0E+21,\"f\":99999999999999999999,\"g\":7}");
    }

    @ParameterizedTest
    @EnumSource
    void what_has_no_form_in_json_is_refused(Codecs codec) {
        for (Object value : List.of(Double.NaN, Float.POSITIVE_INFINITY, new Object(), 'c', List.of(new int[0]))) {
            assertThatThrownBy(() -> codec.codec.write(Map.of("a", value), false))
                    .as(String.valueOf(value))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void both_layouts_are_the_originals(Codecs codec) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\u2028/\"\\\b\f\n\r\t\u0001\u001f\u007f\u0085\ud83d\ude00\ud800");
        value.put("none", null);
        value.put("list", Arrays.asList(1, true, null, List.of(), Map.of()));
        value.put("object", Map.of("k", List.of("v")));

        assertThat(write(codec.codec, value, false))
                .isEqualTo(
                        "{\"text\":\"a\u2028/\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001F\u007f\u0085\ud83d\ude00\ufffd\",\"none\":null,"
                                + "\"list\":[1,true,null,[],{}],\"object\":{\"k\":[\"v\"]}}");
        value.remove("text");
        assertThat(write(codec.codec, value, true)).isEqualTo("""
                {
                  "none": null,
                  "list": [
                    1,
                    true,
                    null,
                    [],
                    {}
                  ],
                  "object": {
                    "k": [
                      "v"
                    ]
                  }
                }""");
    }
}
