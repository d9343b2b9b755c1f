package dev.tau.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Which library is there must make no difference: none in what is written, in what is read, in what is refused. */
class JsonCodecLawsTest {
    /** Any UTF-16, halves of surrogate pairs included, and more often what libraries escape in different ways. */
    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u0085\u2028\u2029\ufeff\ud83d\ude00")
                .all()
                .ofMaxLength(20);
    }

    private static Arbitrary<Object> scalars() {
        return Arbitraries.oneOf(
                        texts(),
                        Arbitraries.of(true, false),
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(60).negate(), BigInteger.TEN.pow(60)),
                        Arbitraries.doubles(),
                        Arbitraries.bigIntegers()
                                .between(BigInteger.TEN.pow(30).negate(), BigInteger.TEN.pow(30))
                                .flatMap(digits -> Arbitraries.oneOf(
                                                Arbitraries.integers().between(-300, 300),
                                                Arbitraries.integers().between(-999_999_960, 999_999_960))
                                        .map(scale -> new BigDecimal(digits, scale))))
                .map(value -> (Object) value)
                .injectNull(0.1);
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return objects(Arbitraries.recursive(
                JsonCodecLawsTest::scalars,
                inner -> Arbitraries.oneOf(
                        inner,
                        inner.list().ofMaxSize(4).map(list -> (Object) list),
                        objects(inner).map(map -> (Object) map)),
                0,
                3));
    }

    private static Arbitrary<Map<String, Object>> objects(Arbitrary<Object> members) {
        // Not maps(), which takes no null.
        return texts().flatMap(name -> members.map(member -> Tuple.of(name, member)))
                .list()
                .ofMaxSize(5)
                .map(entries -> {
                    Map<String, Object> map = new LinkedHashMap<>();
                    entries.forEach(entry -> map.put(entry.get1(), entry.get2()));
                    return map;
                });
    }

    @Property
    void allWriteTheSameBytes(@ForAll("objects") Map<String, Object> object, @ForAll boolean pretty) {
        byte[] expected = Codecs.JACKSON.codec.write(object, pretty);

        for (Codecs codec : Codecs.values()) {
            assertThat(new String(codec.codec.write(object, pretty), StandardCharsets.UTF_8))
                    .as(codec.name())
                    .isEqualTo(new String(expected, StandardCharsets.UTF_8));
        }
    }

    @Property
    void eachReadsWhatAnyHasWritten(@ForAll("objects") Map<String, Object> object, @ForAll boolean pretty)
            throws InvalidJsonException {
        byte[] written = Codecs.JACKSON.codec.write(object, pretty);
        Map<String, Object> expected = JsonShape.of(object);

        for (Codecs codec : Codecs.values()) {
            Map<String, Object> read = codec.codec.read(written);
            assertThat(read).as(codec.name()).isEqualTo(expected);
            assertThat(List.copyOf(read.keySet())).as("order").isEqualTo(List.copyOf(expected.keySet()));
            assertThat(codec.codec.write(read, pretty)).as("written again").isEqualTo(written);
        }
    }

    /** Mostly JSON, with a few places changed. */
    @Provide
    Arbitrary<byte[]> almostJson() {
        Arbitrary<String> pieces = Arbitraries.of(
                "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u", "\\ud83d", "\\ude00", "\\u0000", "\\n", "0", "1", "-",
                "+", ".", "e", "E", " ", "\n", "\t", "true", "null", "\u00e9", "\ufeff", "\0", "/", "'", "\"\":");
        Arbitrary<Map.Entry<Integer, String>> changes = pieces.flatMap(
                piece -> Arbitraries.integers().between(0, 1 << 20).map(at -> Map.entry(at, piece)));
        return objects()
                .flatMap(object -> changes.list().ofMaxSize(3).map(list -> {
                    StringBuilder text = new StringBuilder(
                            new String(Codecs.JACKSON.codec.write(object, false), StandardCharsets.UTF_8));
                    for (Map.Entry<Integer, String> change : list) {
                        int at = change.getKey() % (text.length() + 1);
                        text.replace(at, Math.min(text.length(), at + (change.getKey() & 1)), change.getValue());
                    }
                    return text.toString().getBytes(StandardCharsets.UTF_8);
                }));
    }

    @Property
    void allTakeAndRefuseTheSame(@ForAll("almostJson") byte[] bytes) {
        String expected = outcome(Codecs.JACKSON, bytes);

        for (Codecs codec : Codecs.values()) {
            assertThat(outcome(codec, bytes)).as(codec.name()).isEqualTo(expected);
        }
    }

    private static String outcome(Codecs codec, byte[] bytes) {
        try {
            return new String(codec.codec.write(codec.codec.read(bytes), false), StandardCharsets.UTF_8);
        } catch (InvalidJsonException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
