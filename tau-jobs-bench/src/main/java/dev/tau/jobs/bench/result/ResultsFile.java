package dev.tau.jobs.bench.result;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads and writes results.json; docs/benchmarks.md documents the format. */
public final class ResultsFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // A later version may add fields, never change one; what is missing must not be taken for 0.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private ResultsFile() {}

    /**
     * Reads a file.
     *
     * @param file written by {@link #write}, of this version or an older one
     * @return what it holds
     * @throws IOException if it can't be read, is no such file, or is of a newer version; the message says which
     */
    public static Results read(Path file) throws IOException {
        try {
            return parse(Files.readAllBytes(file));
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        } catch (JacksonException e) {
            throw new IOException(file + " is no results file: " + e.getOriginalMessage(), e);
        } catch (InvalidResultsException e) {
            throw new IOException(file + " " + e.getMessage(), e);
        }
    }

    static Results parse(byte[] json) throws IOException {
        JsonNode tree = JSON.readTree(json);
        JsonNode version = tree == null ? null : tree.get("schema_version");
        if (version == null || !version.isInt()) {
            throw new InvalidResultsException("is no results file: it has no schema_version");
        }
        if (version.intValue() > Results.SCHEMA_VERSION) {
            throw new InvalidResultsException(
                    "has schema_version " + version + ", this version knows " + Results.SCHEMA_VERSION);
        }
        Results results = JSON.treeToValue(tree, Results.class);
        check(results.figures());
        return results;
    }

    private static void check(List<Figure> figures) throws InvalidResultsException {
        Set<String> ids = new TreeSet<>();
        for (Figure figure : figures) {
            if (!ids.add(figure.id())) {
                throw new InvalidResultsException("has the figure " + figure.id() + " twice");
            }
            if (figure.ours().rounds().isEmpty()
                    || !figure.comparable().stream().allMatch(Double::isFinite)
                    || (figure.floor() != null && figure.ratios().isEmpty())) {
                throw new InvalidResultsException("has no usable rounds in the figure " + figure.id());
            }
        }
    }

    static byte[] format(Results results) throws IOException {
        byte[] json = JSON.writeValueAsBytes(results);
        byte[] file = java.util.Arrays.copyOf(json, json.length + 1);
        file[json.length] = '\n';
        return file;
    }

    /**
     * Replaces a file as a whole.
     *
     * @param file what to replace, or to make
     * @param results what it holds then
     * @throws IOException if it can't be written
     */
    public static void write(Path file, Results results) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(temporary, format(results));
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The file is JSON, but holds no results that can be used. */
    private static final class InvalidResultsException extends IOException {
        private static final long serialVersionUID = 1L;

        InvalidResultsException(String message) {
            super(message);
        }
    }
}
