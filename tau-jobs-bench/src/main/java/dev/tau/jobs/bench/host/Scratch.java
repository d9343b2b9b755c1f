package dev.tau.jobs.bench.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary directory that is gone after the trial. It lies in {@code java.io.tmpdir}, which must be on a disk and not
 * in memory for the durable figures to mean anything; forks inherit {@code -Djava.io.tmpdir=…} of the first JVM.
 */
public final class Scratch implements AutoCloseable {
    /** A system property: what is left lies in a directory that somebody else deletes, all at once at the end. */
    public static final String KEPT = "tau.jobs.bench.keep";

    private final Path root;

    /**
     * Makes the directory.
     *
     * @throws IOException if that is not possible
     */
    public Scratch() throws IOException {
        root = Files.createTempDirectory("tau-jobs-bench-");
    }

    /**
     * A new empty directory: files made where others were just deleted are slower from round to round.
     *
     * @return the directory
     * @throws IOException if it can't be made
     */
    public Path freshDirectory() throws IOException {
        return Files.createTempDirectory(root, "round-");
    }

    @Override
    public void close() throws IOException {
        // ext4 looks again and again at the inodes that were deleted in the last minutes when a file is made near them.
        if (!Boolean.getBoolean(KEPT)) {
            Directories.delete(root);
        }
    }
}
