package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FieldsTest {
    private static final Fields EMPTY = new Fields(Map.of());

    private static Fields x(Object value) {
        return new Fields(Map.of("x", value));
    }

    private static void assertInvalid(ThrowingCallable read, String message) {
        assertThatThrownBy(read).isInstanceOf(InvalidFileException.class).hasMessage(message);
    }

    @Test
    void what_is_absent_has_the_value_that_stands_for_it() throws Exception {
        assertThat(EMPTY.string("x", "absent")).isEqualTo("absent");
        assertThat(EMPTY.optionalString("x")).isNull();
        assertThat(EMPTY.integer("x", 7, 0)).isEqualTo(7);
        assertThat(EMPTY.optionalInteger("x", 0)).isNull();
        assertThat(EMPTY.bool("x", true)).isTrue();
        assertThat(EMPTY.bool("x", false)).isFalse();
        assertThat(EMPTY.strings("x", List.of("absent"))).containsExactly("absent");
        assertThat(EMPTY.stringMap("x")).isEmpty();
        assertThat(EMPTY.object("x")).isEmpty();
        assertThat(EMPTY.objects("x")).isEmpty();
    }

    @Test
    void what_is_there_wins_over_what_stands_for_it() throws Exception {
        assertThat(x("text").string("x", "absent")).isEqualTo("text");
        assertThat(x("text").string("x")).isEqualTo("text");
        assertThat(x(3).integer("x", 7, 0)).isEqualTo(3);
        assertThat(x(1L << 40).integer("x", 0)).isEqualTo(1L << 40);
        assertThat(x(true).bool("x", false)).isTrue();
        assertThat(x(false).bool("x", true)).isFalse();
        assertThat(x(List.of("a", "b")).strings("x", List.of())).containsExactly("a", "b");
        assertThat(x(Map.of("k", "v")).stringMap("x")).containsExactly(Map.entry("k", "v"));
        assertThat(x(Map.of("k", 1)).object("x")).isEqualTo(Map.of("k", 1));
        assertThat(x(List.of(Map.of("k", 1), Map.of())).objects("x")).containsExactly(Map.of("k", 1), Map.of());
    }

    @Test
    void what_must_be_there_is_named_when_it_is_missing() {
        assertInvalid(() -> EMPTY.string("x"), "x is missing");
        assertInvalid(() -> EMPTY.integer("x", 0), "x is missing");
    }

    @Test
    void another_type_is_refused_by_the_member_and_the_rule() {
        assertInvalid(() -> x(1).string("x"), "x must be a string");
        assertInvalid(() -> x("1").integer("x", 0), "x must be an integer");
        assertInvalid(() -> x(new BigDecimal("1.5")).integer("x", 0), "x must be an integer");
        assertInvalid(() -> x(BigInteger.ONE.shiftLeft(64)).integer("x", 0), "x is out of range");
        assertInvalid(() -> x("true").bool("x", true), "x must be true or false");
        assertInvalid(() -> x("a").strings("x", List.of()), "x must be a list");
        assertInvalid(() -> x(List.of(1)).strings("x", List.of()), "x must hold strings only");
        assertInvalid(() -> x(Map.of("k", 1)).stringMap("x"), "x must hold strings only");
        assertInvalid(() -> x(List.of()).object("x"), "x must be an object");
        assertInvalid(() -> x(Map.of()).objects("x"), "x must be a list");
        assertInvalid(() -> x(List.of(1)).objects("x"), "x must hold objects only");
    }

    @Test
    void the_least_integer_is_taken_and_none_below_it() throws Exception {
        assertThat(x(5).integer("x", 5)).isEqualTo(5);
        assertInvalid(() -> x(4).integer("x", 5), "x must be at least 5");
    }

    @Test
    void only_a_number_above_ours_is_a_newer_version() throws Exception {
        EMPTY.checkSchemaVersion();
        new Fields(Map.of("schema_version", 1)).checkSchemaVersion();
        for (Object newer : List.of(2, 1L << 40, BigInteger.ONE.shiftLeft(70), new BigDecimal("1.1"))) {
            assertThatThrownBy(() -> new Fields(Map.of("schema_version", newer)).checkSchemaVersion())
                    .isInstanceOfSatisfying(
                            InvalidFileException.class,
                            e -> assertThat(e.isNewer()).isTrue())
                    .hasMessageContaining("schema_version " + newer);
        }
        for (Object broken : List.of(0, -1, "2", new BigDecimal("0.5"))) {
            assertThatThrownBy(() -> new Fields(Map.of("schema_version", broken)).checkSchemaVersion())
                    .isInstanceOfSatisfying(
                            InvalidFileException.class,
                            e -> assertThat(e.isNewer()).isFalse());
        }
    }
}
