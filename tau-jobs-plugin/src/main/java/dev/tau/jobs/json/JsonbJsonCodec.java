package dev.tau.jobs.json;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbException;
import jakarta.json.bind.spi.JsonbProvider;
import jakarta.json.spi.JsonProvider;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link JsonCodec} by whatever JSON-B and JSON-P providers the host has. Text goes through
 * {@link JsonObject}: how a provider binds anything else is its own affair. Safe for use by several threads.
 */
public final class JsonbJsonCodec implements JsonCodec {
    private final Jsonb jsonb;
    private final JsonProvider values;

    /**
     * A codec by the providers that are on the class path, with a binding of its own.
     *
     * @throws JsonbException if there is no JSON-B provider
     * @throws JsonException if there is no JSON-P provider
     */
    public JsonbJsonCodec() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Which the APIs and the providers ask for each other, and which may be anybody's on a host's thread.
        thread.setContextClassLoader(JsonbJsonCodec.class.getClassLoader());
        try {
            values = JsonProvider.provider();
            jsonb = JsonbProvider.provider().create().withProvider(values).build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    JsonbJsonCodec(JsonbProvider binding, JsonProvider values) {
        this.values = values;
        this.jsonb = binding.create().withProvider(values).build();
    }

    @Override
    public Map<String, @Nullable Object> read(byte[] bytes) throws InvalidJsonException {
        String text = JsonGuard.check(bytes);
        try {
            return map(jsonb.fromJson(text, JsonObject.class));
        } catch (RuntimeException e) {
            // Of any class, as providers are many. The original message may quote the text, and with it a secret.
            throw new InvalidJsonException("is not read by the JSON-B provider");
        }
    }

    private static Map<String, @Nullable Object> map(JsonObject object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object.forEach((name, member) -> map.put(name, plain(member)));
        return map;
    }

    private static @Nullable Object plain(JsonValue value) {
        return switch (value.getValueType()) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case STRING -> ((JsonString) value).getString();
            case NUMBER -> JsonShape.number(((JsonNumber) value).bigDecimalValue());
            case OBJECT -> map((JsonObject) value);
            case ARRAY -> list((JsonArray) value);
        };
    }

    private static List<@Nullable Object> list(JsonArray array) {
        List<@Nullable Object> list = new ArrayList<>(array.size());
        array.forEach(element -> list.add(plain(element)));
        return list;
    }

    @Override
    public byte[] write(Map<String, ? extends @Nullable Object> value, boolean pretty) {
        String text = jsonb.toJson(object(JsonShape.of(value)));
        return JsonLayout.of(text, pretty).getBytes(StandardCharsets.UTF_8);
    }

    private JsonObject object(Map<?, ?> map) {
        JsonObjectBuilder object = values.createObjectBuilder();
        map.forEach((name, member) -> object.add((String) name, value(member)));
        return object.build();
    }

    private JsonArray array(List<?> list) {
        JsonArrayBuilder array = values.createArrayBuilder();
        list.forEach(element -> array.add(value(element)));
        return array.build();
    }

    private JsonValue value(@Nullable Object value) {
        if (value instanceof String text) {
            return values.createValue(text);
        }
        if (value instanceof Boolean truth) {
            return truth ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Map<?, ?> map) {
            return object(map);
        }
        if (value instanceof List<?> list) {
            return array(list);
        }
        if (value instanceof BigDecimal number) {
            return values.createValue(number);
        }
        if (value instanceof BigInteger number) {
            return new LargeInteger(number);
        }
        return value == null ? JsonValue.NULL : values.createValue(((Number) value).longValue());
    }
}
