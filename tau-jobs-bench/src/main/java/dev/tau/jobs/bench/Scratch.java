package dev.tau.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory that is gone after the trial. It lies in {@code java.io.tmpdir}, which must be on a disk and not
 * in memory for the durable figures to mean anything; forks inherit {@code -Djava.io.tmpdir=…} of the first JVM.
 */
final class Scratch implements AutoCloseable {
    private final Path root;

    Scratch() throws IOException {
        root = Files.createTempDirectory("tau-jobs-bench-");
    }

    /** A new empty directory: files made where others were just deleted are slower from round to round. */
    Path freshDirectory() throws IOException {
        return Files.createTempDirectory(root, "round-");
    }

    @Override
    public void close() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(root)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
