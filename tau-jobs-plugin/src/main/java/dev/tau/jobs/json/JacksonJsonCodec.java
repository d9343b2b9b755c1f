package dev.tau.jobs.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link JsonCodec} by jackson-databind. Safe for use by several threads. */
public final class JacksonJsonCodec implements JsonCodec {
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
                // Keys come from outside and never end: interning them would fill the JVM's string table.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // Nor kept in a table, which refuses files whose keys' hashes collide.
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
        JsonMapper mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                // As the original does; by itself it writes an escape sequence for each half of a pair.
                .enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
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
        // As characters: from bytes, Jackson 2.21.0 refuses a name with an escaped surrogate pair, which it writes.
        String text = JsonGuard.check(bytes);
        try {
            Map<String, @Nullable Object> object = reader.readValue(text);
            object.replaceAll((name, member) -> plain(member));
            return object;
        } catch (JsonProcessingException e) {
            // The original message may quote the text, and with it a secret.
            throw new InvalidJsonException("is not read by Jackson");
        }
    }

    /** 1e0 is a decimal number to Jackson. */
    @SuppressWarnings("unchecked") // what Jackson has read has no other maps and lists
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof BigDecimal number) {
            return JsonShape.number(number);
        }
        if (value instanceof Map<?, ?> map) {
            ((Map<String, @Nullable Object>) map).replaceAll((name, member) -> plain(member));
        } else if (value instanceof List<?> list) {
            ((List<@Nullable Object>) list).replaceAll(JacksonJsonCodec::plain);
        }
        return value;
    }

    @Override
    public byte[] write(Map<String, ? extends @Nullable Object> value, boolean asPretty) {
        try {
            return (asPretty ? pretty : compact).writeValueAsBytes(JsonShape.of(value));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
