package dev.tau.jobs.process;

import dev.tau.jobs.file.HeldPaths;
import dev.tau.jobs.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A text that a process reads from its standard input: in a file that loses its name once the process has it open, so that
 * nothing of it is left but what is in the manifest.
 */
final class InputFile implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InputFile.class.getName());

    private final Path file;
    private final HeldPaths.Held held;

    private InputFile(Path file, HeldPaths.Held held) {
        this.file = file;
        this.held = held;
    }

    /**
     * Writes it.
     *
     * @param text the text
     * @param beside a file of the job; what a crash leaves beside it is cleared at the next start, by its name
     * @param paths holds it
     * @throws IOException if it can't be written
     */
    static InputFile of(String text, Path beside, HeldPaths paths) throws IOException {
        Path file = beside.resolveSibling("." + beside.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        try {
            try (FileChannel out = PrivateFiles.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            return new InputFile(file, paths.file(file, StandardOpenOption.READ));
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** By which the process opens it. */
    Path handle() {
        return held.handle();
    }

    /** The process runs by now: what can't be deleted is no reason to end it. */
    @Override
    public void close() {
        try (held) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "left behind: " + file, e);
        }
    }
}
