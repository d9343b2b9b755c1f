package dev.tau.jobs.spi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies, checks and prints JSON-shaped values: String, Boolean, Number, List, Map with String keys, and null. */
final class JsonValues {
    /** The depth that the store's codec reads, too. */
    static final int MAX_DEPTH = 200;

    private JsonValues() {}

    /** Gathers, from the inside out, where the value is. */
    private static final class NotJsonException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final String before;
        private final String after;
        private final String place;

        NotJsonException(String before, String place, String after) {
            super(before + "$" + place + after);
            this.before = before;
            this.place = place;
            this.after = after;
        }

        NotJsonException in(String outer) {
            return new NotJsonException(before, outer + place, after);
        }
    }

    /** A deeply immutable copy; throws IllegalArgumentException, with the place, on anything that is not JSON-shaped. */
    static Map<String, @Nullable Object> freezeMap(Map<?, ? extends @Nullable Object> map) {
        return freezeMap(map, 1);
    }

    private static Map<String, @Nullable Object> freezeMap(Map<?, ? extends @Nullable Object> map, int depth) {
        // No other map is trusted to have each name once.
        boolean distinct = map.getClass() == LinkedHashMap.class || map.getClass() == HashMap.class;
        SmallMap.Builder copy = new SmallMap.Builder(map.size(), distinct);
        for (Map.Entry<?, ? extends @Nullable Object> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new NotJsonException("", "", " has a key that is no String: " + entry.getKey());
            }
            try {
                copy.put(name, freeze(entry.getValue(), depth + 1));
            } catch (NotJsonException e) {
                throw e.in("." + name);
            }
        }
        return copy.build();
    }

    private static @Nullable Object freeze(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new NotJsonException("nested deeper than " + MAX_DEPTH + " levels at ", "", "");
        }
        if (value instanceof String text) {
            // Here, so that the map and its text can't differ: half a character has no UTF-8 form.
            return wellFormed(text);
        }
        if (value == null || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return checkNumber(number);
        }
        if (value instanceof Map<?, ?> map) {
            return freezeMap(map, depth);
        }
        if (value instanceof List<?> list) {
            return freezeList(list, depth);
        }
        throw new NotJsonException("", "", " is a " + value.getClass().getName() + ", which is not JSON-shaped");
    }

    private static List<@Nullable Object> freezeList(List<?> list, int depth) {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
            try {
                copy.add(freeze(element, depth + 1));
            } catch (NotJsonException e) {
                throw e.in("[" + copy.size() + "]");
            }
        }
        return Collections.unmodifiableList(copy);
    }

    private static Number checkNumber(Number number) {
        boolean finite = !(number instanceof Double d && !Double.isFinite(d))
                && !(number instanceof Float f && !Float.isFinite(f));
        boolean known = number instanceof Integer
                || number instanceof Long
                || number instanceof Double
                || number instanceof Float
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigInteger
                || number instanceof BigDecimal;
        if (!finite || !known) {
            throw new NotJsonException("", "", " is the number " + number + ", which JSON can't hold");
        }
        return number;
    }

    /** An unmodifiable copy that keeps what it can't copy, so that no model's invention throws here. */
    static Map<String, @Nullable Object> copyLeniently(Map<?, ? extends @Nullable Object> map) {
        return copyLeniently(map, 1);
    }

    private static Map<String, @Nullable Object> copyLeniently(Map<?, ? extends @Nullable Object> map, int depth) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), copyValueLeniently(value, depth + 1)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object copyValueLeniently(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            return copyLeniently(map, depth);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(copyValueLeniently(element, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        return value;
    }

    /** One line of JSON. The value must have been frozen, so depth and types are known to be right. */
    static String toJson(@Nullable Object value) {
        StringBuilder out = new StringBuilder(256);
        print(value, out);
        return out.toString();
    }

    private static void print(@Nullable Object value, StringBuilder out) {
        if (value instanceof String text) {
            printString(text, out);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                printString((String) entry.getKey(), out);
                out.append(':');
                print(entry.getValue(), out);
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object element : list) {
                out.append(separator);
                print(element, out);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else {
            out.append(value);
        }
    }

    private static void printString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static String wellFormed(String text) {
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
