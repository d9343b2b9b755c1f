package dev.tau.jobs.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes of a value what every library writes in the same way, or refuses it. */
final class JsonShape {
    private JsonShape() {}

    /**
     * A copy in which halves of surrogate pairs are U+FFFD, and numbers of one of the types that reading gives.
     *
     * @throws IllegalArgumentException if a part has no form in JSON
     */
    static Map<String, @Nullable Object> of(Map<String, ? extends @Nullable Object> object) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        object.forEach((name, member) -> copy.put(wellFormed(name), value(member)));
        return copy;
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof String text) {
            return wellFormed(text);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, member) -> copy.put(wellFormed((String) name), value(member)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(value(element)));
            return copy;
        }
        if (value == null || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException(
                "no form in JSON: " + value.getClass().getName());
    }

    private static Number number(Number number) {
        if (number instanceof Integer) {
            return number;
        }
        if (number instanceof Long) {
            return number.longValue() == number.intValue() ? (Number) number.intValue() : number;
        }
        if (number instanceof BigInteger integer) {
            return integer(integer);
        }
        // By its text: the shortest that means this number, and none for infinity.
        return number(number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString()));
    }

    /** A number as reading gives it: what has neither a fraction nor an exponent left is the smallest type of integer that holds it. */
    static Number number(BigDecimal number) {
        return number.scale() == 0 ? integer(number.unscaledValue()) : number;
    }

    private static Number integer(BigInteger integer) {
        if (integer.bitLength() < Integer.SIZE) {
            return integer.intValue();
        }
        return integer.bitLength() < Long.SIZE ? (Number) integer.longValue() : integer;
    }

    /** Libraries throw on half a surrogate pair, or write nonsense; a model may well make one up. */
    static String wellFormed(String text) {
        StringBuilder mended = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            mended = mended == null ? new StringBuilder(text) : mended;
            mended.setCharAt(i, '\uFFFD');
        }
        return mended == null ? text : mended.toString();
    }
}
