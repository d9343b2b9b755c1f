package dev.tau.jobs.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads typed members from a map that came from a file; every failure names the member and the rule. */
final class Fields {
    static final int SCHEMA_VERSION = 1;

    private final Map<String, @Nullable Object> map;

    Fields(Map<String, @Nullable Object> map) {
        this.map = map;
    }

    void checkSchemaVersion() throws InvalidFileException {
        // Any number above is a newer version's, whatever its type: its file must stay untouched.
        Object value = map.get("schema_version");
        if (value instanceof Number version
                && new BigDecimal(version.toString()).compareTo(BigDecimal.valueOf(SCHEMA_VERSION)) > 0) {
            throw InvalidFileException.newer(version);
        }
        integer("schema_version", SCHEMA_VERSION, 1);
    }

    String string(String name) throws InvalidFileException {
        String value = optionalString(name);
        if (value == null) {
            throw InvalidFileException.invalid(name + " is missing");
        }
        return value;
    }

    String string(String name, String absent) throws InvalidFileException {
        String value = optionalString(name);
        return value == null ? absent : value;
    }

    /** What must not cost a job its manifest, whatever it is. */
    @Nullable
    Object any(String name) {
        return map.get(name);
    }

    @Nullable
    String optionalString(String name) throws InvalidFileException {
        Object value = map.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw InvalidFileException.invalid(name + " must be a string");
    }

    long integer(String name, long min) throws InvalidFileException {
        Long value = optionalInteger(name, min);
        if (value == null) {
            throw InvalidFileException.invalid(name + " is missing");
        }
        return value;
    }

    long integer(String name, long absent, long min) throws InvalidFileException {
        Long value = optionalInteger(name, min);
        return value == null ? absent : value;
    }

    @Nullable
    Long optionalInteger(String name, long min) throws InvalidFileException {
        Object value = map.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= min) {
                return number;
            }
            throw InvalidFileException.invalid(name + " must be at least " + min);
        }
        throw InvalidFileException.invalid(
                name + (value instanceof BigInteger ? " is out of range" : " must be an integer"));
    }

    boolean bool(String name, boolean absent) throws InvalidFileException {
        Object value = map.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw InvalidFileException.invalid(name + " must be true or false");
    }

    List<String> strings(String name, List<String> absent) throws InvalidFileException {
        Object value = map.get(name);
        if (value == null) {
            return absent;
        }
        if (!(value instanceof List<?> list)) {
            throw InvalidFileException.invalid(name + " must be a list");
        }
        List<String> strings = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw InvalidFileException.invalid(name + " must hold strings only");
            }
            strings.add(text);
        }
        return strings;
    }

    Map<String, String> stringMap(String name) throws InvalidFileException {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> entry : object(name).entrySet()) {
            if (!(entry.getValue() instanceof String text)) {
                throw InvalidFileException.invalid(name + " must hold strings only");
            }
            strings.put(entry.getKey(), text);
        }
        return strings;
    }

    Map<String, @Nullable Object> object(String name) throws InvalidFileException {
        Object value = map.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> object)) {
            throw InvalidFileException.invalid(name + " must be an object");
        }
        return typed(object);
    }

    List<Map<String, @Nullable Object>> objects(String name) throws InvalidFileException {
        Object value = map.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw InvalidFileException.invalid(name + " must be a list");
        }
        List<Map<String, @Nullable Object>> objects = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> object)) {
                throw InvalidFileException.invalid(name + " must hold objects only");
            }
            objects.add(typed(object));
        }
        return objects;
    }

    private static Map<String, @Nullable Object> typed(Map<?, ?> object) {
        Map<String, @Nullable Object> typed = new LinkedHashMap<>();
        object.forEach((key, member) -> typed.put(String.valueOf(key), member));
        return typed;
    }
}
