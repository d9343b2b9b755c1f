package dev.tau.jobs.bench.suite;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Programs that may be installed here. */
final class Programs {
    private static final Pattern SEPARATOR = Pattern.compile(File.pathSeparator, Pattern.LITERAL);

    private Programs() {}

    /** The first of some names that is found on the PATH. */
    static Optional<Path> find(String... names) {
        String path = System.getenv().getOrDefault("PATH", "");
        return List.of(names).stream()
                .flatMap(name -> SEPARATOR
                        .splitAsStream(path)
                        .filter(directory -> !directory.isEmpty())
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
