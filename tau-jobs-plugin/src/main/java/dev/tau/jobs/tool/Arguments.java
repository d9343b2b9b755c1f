package dev.tau.jobs.tool;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a call's arguments; every failure names the argument and the rule. A null is taken for an absent argument. */
final class Arguments {
    /** The arguments are not valid; the message is for the model. */
    static final class InvalidArgumentException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidArgumentException(String message) {
            super(message);
        }
    }

    private final Map<String, @Nullable Object> values;

    Arguments(Map<String, @Nullable Object> values, Set<String> known) throws InvalidArgumentException {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidArgumentException("unknown argument " + name + "; known are "
                        + String.join(", ", new java.util.TreeSet<>(known)));
            }
        }
        this.values = values;
    }

    @Nullable
    String optionalString(String name) throws InvalidArgumentException {
        Object value = values.get(name);
        return value == null ? null : checkText(name, value);
    }

    String requiredText(String name) throws InvalidArgumentException {
        String text = optionalText(name);
        if (text == null) {
            throw new InvalidArgumentException(name + " is required");
        }
        return text;
    }

    /** Not blank, if it is there. */
    @Nullable
    String optionalText(String name) throws InvalidArgumentException {
        String text = optionalString(name);
        if (text != null && text.isBlank()) {
            throw new InvalidArgumentException(name + " must not be blank");
        }
        return text;
    }

    /** One of some words; the first, if it is absent. */
    String choice(String name, List<String> words) throws InvalidArgumentException {
        String word = optionalString(name);
        if (word == null) {
            return words.get(0);
        }
        if (!words.contains(word)) {
            throw new InvalidArgumentException(name + " must be one of " + String.join(", ", words));
        }
        return word;
    }

    boolean isGiven(String name) {
        return values.get(name) != null;
    }

    boolean optionalBoolean(String name, boolean absent) throws InvalidArgumentException {
        Object value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (!(value instanceof Boolean truth)) {
            throw new InvalidArgumentException(name + " must be true or false");
        }
        return truth;
    }

    @Nullable
    Long optionalInteger(String name, long min, long max) throws InvalidArgumentException {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        BigInteger number = integer(value);
        if (number == null
                || number.compareTo(BigInteger.valueOf(min)) < 0
                || number.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new InvalidArgumentException(name + " must be an integer from " + min + " to " + max);
        }
        return number.longValue();
    }

    /** Hosts hand on 5 as Integer, Long, Double or BigDecimal, by their JSON library; 5.5 is none. */
    private static @Nullable BigInteger integer(Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return BigInteger.valueOf(((Number) value).longValue());
        }
        if (value instanceof BigInteger big) {
            return big;
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            boolean whole = number == Math.rint(number) && Math.abs(number) < 9e15;
            return whole ? BigInteger.valueOf((long) number) : null;
        }
        if (value instanceof BigDecimal decimal
                && (long) decimal.precision() - decimal.scale() < 20
                && decimal.scale() < 400) {
            return decimal.stripTrailingZeros().scale() <= 0 ? decimal.toBigInteger() : null;
        }
        return null;
    }

    List<String> strings(String name) throws InvalidArgumentException {
        Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new InvalidArgumentException(name + " must be a list of strings");
        }
        List<String> strings = new ArrayList<>(list.size());
        for (Object element : list) {
            strings.add(checkText(name + "[" + strings.size() + "]", element));
        }
        return strings;
    }

    Map<String, String> stringMap(String name) throws InvalidArgumentException {
        Object value = values.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new InvalidArgumentException(name + " must be an object of strings");
        }
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = checkText("a name in " + name, entry.getKey());
            strings.put(key, checkText(name + "." + key, entry.getValue()));
        }
        return strings;
    }

    private static String checkText(String name, @Nullable Object value) throws InvalidArgumentException {
        if (!(value instanceof String text)) {
            throw new InvalidArgumentException(name + " must be a string");
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidArgumentException(name + " must not contain a NUL character");
        }
        return text;
    }
}
