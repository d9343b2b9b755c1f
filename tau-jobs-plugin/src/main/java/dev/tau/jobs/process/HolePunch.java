package dev.tau.jobs.process;

import dev.tau.jobs.job.OutputSizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Frees the blocks at the head of a file and leaves its length: the writer notices nothing, and the length stays the count
 * of all that was written. By the {@code fallocate} program of util-linux, since Java has no such call.
 */
final class HolePunch implements OutputTrimmer {
    /** The largest block size in use; a hole that ends within a block would only blank a part of it. */
    private static final long BLOCK_BYTES = 4096;

    private static final long PATIENCE_SECONDS = 30;

    private final Path file;
    private final String program;
    private long punchedTo;

    private HolePunch(Path file, String program) {
        this.file = file;
        this.program = program;
    }

    static Optional<String> findProgram() {
        return List.of("/usr/bin/fallocate", "/bin/fallocate").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    static HolePunch of(Path file, String program) {
        return new HolePunch(file, program);
    }

    @Override
    public void trim(long keepBytes) throws IOException {
        long size = Files.size(file);
        if (size <= keepBytes) {
            return;
        }
        long end = Math.min((size - keepBytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES, size);
        if (end <= punchedTo) {
            return;
        }
        Process punch = new ProcessBuilder(
                        program, "--punch-hole", "--offset", "0", "--length", Long.toString(end), file.toString())
                .redirectInput(ProcessBuilder.Redirect.from(DirectStart.NULL_DEVICE))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!punch.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                punch.destroyForcibly();
                throw new IOException("fallocate does not end");
            }
        } catch (InterruptedException e) {
            punch.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (punch.exitValue() != 0) {
            throw new IOException("fallocate exited with " + punch.exitValue() + ": no holes in this file system?");
        }
        punchedTo = end;
    }

    @Override
    public OutputSizes.Stream measure() throws IOException {
        return new OutputSizes.Stream(Files.size(file), punchedTo > 0, false);
    }
}
