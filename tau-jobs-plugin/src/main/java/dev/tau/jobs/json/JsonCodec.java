package dev.tau.jobs.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns JSON text into maps and back. Records are never bound directly: that is where libraries differ. */
public interface JsonCodec {
    /** Files larger than this many bytes are refused. */
    int MAX_BYTES = 8 << 20;
    /** Deeper nesting is refused. */
    int MAX_DEPTH = 200;

    /**
     * Reads one JSON object, and nothing after it. Integers become Integer, Long or BigInteger, other numbers BigDecimal.
     *
     * @param bytes UTF-8
     * @return the object, members in their order
     * @throws InvalidJsonException on anything else, duplicate keys, depth over {@link #MAX_DEPTH} and more than {@link
     *     #MAX_BYTES} bytes included
     */
    Map<String, @Nullable Object> read(byte[] bytes) throws InvalidJsonException;

    /**
     * Writes one JSON object as UTF-8. Halves of surrogate pairs become U+FFFD.
     *
     * @param value JSON-shaped
     * @param pretty with two spaces a level, as the original writes manifests; else on one line
     * @return the text, without a newline at its end
     */
    byte[] write(Map<String, ? extends @Nullable Object> value, boolean pretty);
}
