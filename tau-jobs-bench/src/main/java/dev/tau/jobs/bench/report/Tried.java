package dev.tau.jobs.bench.report;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/** What was tried for a target, and where the time goes: {@code tried.properties}, by the targets' numbers. */
final class Tried {
    private final Properties texts = new Properties();

    Tried() {
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(Tried.class.getResourceAsStream("tried.properties")), StandardCharsets.UTF_8)) {
            texts.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<String> of(Target target) {
        return Optional.ofNullable(texts.getProperty(Integer.toString(target.number())));
    }
}
