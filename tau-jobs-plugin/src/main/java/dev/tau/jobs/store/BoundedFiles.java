package dev.tau.jobs.store;

import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads whole files of a state dir, in which anybody may have put anything. */
public final class BoundedFiles {
    private BoundedFiles() {}

    /**
     * Reads a file. Never follows a link, never reads what is no file, never fills the memory.
     *
     * @param file the file
     * @return its content
     * @throws InvalidFileException if it is no regular file, or too long
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws IOException if it can't be read
     */
    public static byte[] read(Path file) throws IOException {
        // Asked before it is opened: opening a pipe would wait for its writer.
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw InvalidFileException.invalid("is no regular file");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            // Not by its size, which may grow meanwhile.
            byte[] content = in.readNBytes(JsonCodec.MAX_BYTES + 1);
            if (content.length > JsonCodec.MAX_BYTES) {
                throw InvalidFileException.invalid("is over " + JsonCodec.MAX_BYTES + " bytes long");
            }
            return content;
        }
    }
}
