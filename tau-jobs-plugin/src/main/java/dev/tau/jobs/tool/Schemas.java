package dev.tau.jobs.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of JSON Schema 2020-12. */
final class Schemas {
    private Schemas() {}

    static Map<String, Object> object(Map<String, Object> properties, String... required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (required.length > 0) {
            schema.put("required", List.of(required));
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    static Map<String, Object> string(String description) {
        return described("string", description);
    }

    static Map<String, Object> bool(String description) {
        return described("boolean", description);
    }

    static Map<String, Object> integer(long min, long max, String description) {
        Map<String, Object> schema = described("integer", description);
        schema.put("minimum", min);
        schema.put("maximum", max);
        return schema;
    }

    /** One from 0 on, which needs no saying. */
    static Map<String, Object> natural(String description) {
        return described("integer", description);
    }

    /** A value that its name explains. */
    static Map<String, Object> plain(String type) {
        return Map.of("type", type);
    }

    static Map<String, Object> choice(List<String> values, String description) {
        Map<String, Object> schema = described("string", description);
        schema.put("enum", values);
        return schema;
    }

    static Map<String, Object> strings(String description) {
        Map<String, Object> schema = described("array", description);
        schema.put("items", Map.of("type", "string"));
        return schema;
    }

    static Map<String, Object> stringMap(String description) {
        Map<String, Object> schema = described("object", description);
        schema.put("additionalProperties", Map.of("type", "string"));
        return schema;
    }

    private static Map<String, Object> described(String type, String description) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        schema.put("description", description);
        return schema;
    }
}
