package dev.tau.jobs.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link JsonCodec} by jackson-databind. Safe for use by several threads. */
public final class JacksonJsonCodec implements JsonCodec {
    private static final String BOM = "\uFEFF";

    private final ObjectReader reader;
    private final ObjectWriter compact;
    private final ObjectWriter pretty;

    /** A codec with a mapper of its own, so that no host's modules change our files. */
    public JacksonJsonCodec() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        // What write has written must be read: a variable's name may be as long as a file.
                        .maxNameLength(MAX_BYTES)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                // Keys come from outside and never end: interning them would fill the JVM's string table.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Nor kept in a table, which refuses files whose keys' hashes collide.
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
        JsonMapper mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        this.reader = mapper.readerForMapOf(Object.class);
        this.compact = mapper.writer();
        Separators separators = Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators)
                .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                .withArrayIndenter(new DefaultIndenter("  ", "\n"));
        this.pretty = mapper.writer(printer);
    }

    @Override
    public Map<String, @Nullable Object> read(byte[] bytes) throws InvalidJsonException {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidJsonException("is " + bytes.length + " bytes long, over " + MAX_BYTES);
        }
        checkUtf8(bytes);
        try {
            // As characters: from bytes, Jackson 2.21.0 refuses a name with an escaped surrogate pair, which it writes.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            Map<String, @Nullable Object> value = reader.readValue(text.startsWith(BOM) ? text.substring(1) : text);
            if (value == null) {
                throw new InvalidJsonException("must be a JSON object");
            }
            return value;
        } catch (JsonProcessingException e) {
            // The original message may quote the text, and with it a secret.
            throw new InvalidJsonException("is not one well-formed JSON object"
                    + (e.getLocation() == null
                            ? ""
                            : " (line " + e.getLocation().getLineNr() + ")"));
        } catch (InvalidJsonException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidJsonException("is not UTF-8 text");
        }
    }

    /** Jackson would take UTF-16 and UTF-32, too, which it tells by the zero bytes or the mark at the beginning. */
    private static void checkUtf8(byte[] bytes) throws InvalidJsonException {
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0 || (bytes[i] & 0xFE) == 0xFE) {
                throw new InvalidJsonException("is not UTF-8 text");
            }
        }
    }

    @Override
    public byte[] write(Map<String, ? extends @Nullable Object> value, boolean asPretty) {
        try {
            return (asPretty ? pretty : compact).writeValueAsBytes(wellFormed(value));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a value is not JSON-shaped", e);
        }
    }

    private static @Nullable Object wellFormed(@Nullable Object value) {
        if (value instanceof String text) {
            return wellFormed(text);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, member) -> copy.put(wellFormed((String) key), wellFormed((Object) member)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(wellFormed((Object) element)));
            return copy;
        }
        return value;
    }

    /** Jackson throws on half a surrogate pair; a model may well make one up. */
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
