package dev.tau.jobs.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON files and lines, more strictly than most: trailing text and duplicate keys are errors. By Jackson 3, which the plugin
 * does not use: so a test may run with the plugin's JSON library absent.
 */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /**
     * Parses one value.
     *
     * @param text JSON
     * @return its tree
     * @throws IllegalArgumentException if it does not parse; the message holds the text
     */
    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /**
     * The tree of a JSON-shaped value, as if it had been printed and parsed.
     *
     * @param value String, Boolean, Number, List, Map with String keys, or null
     * @return its tree
     * @throws IllegalArgumentException if it is not JSON-shaped
     */
    public static JsonNode tree(@Nullable Object value) {
        try {
            return MAPPER.readTree(MAPPER.writeValueAsBytes(value));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(String.valueOf(value), e);
        }
    }

    /**
     * Parses a file.
     *
     * @param file a file with one value
     * @return its tree
     * @throws UncheckedIOException if it can't be read
     * @throws IllegalArgumentException if it does not parse
     */
    public static JsonNode file(Path file) {
        return parse(text(file));
    }

    /**
     * Parses each line of a file.
     *
     * @param file a file of JSON lines
     * @return their trees
     * @throws UncheckedIOException if it can't be read
     * @throws IllegalArgumentException if a line does not parse
     */
    public static List<JsonNode> lines(Path file) {
        List<JsonNode> nodes = new ArrayList<>();
        text(file).lines().forEach(line -> nodes.add(parse(line)));
        return nodes;
    }

    /**
     * Reads a file.
     *
     * @param file a file in UTF-8
     * @return its text
     * @throws UncheckedIOException if it can't be read
     */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
