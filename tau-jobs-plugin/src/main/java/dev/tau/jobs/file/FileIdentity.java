package dev.tau.jobs.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Which file has a name now: tells a file from one, or a link, that was put in its place. */
public final class FileIdentity {
    private final Path path;
    private final @Nullable Object key;

    private FileIdentity(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * The file that has a name now.
     *
     * @param path its path
     * @return the identity
     * @throws IOException if there is none, or no regular file
     */
    public static FileIdentity of(Path path) throws IOException {
        return new FileIdentity(path, attributes(path).fileKey());
    }

    /**
     * The file's length.
     *
     * @return in bytes
     * @throws IOException if another file, or none, has the name by now
     */
    public long size() throws IOException {
        BasicFileAttributes now = attributes(path);
        // Without keys (Windows) there is nothing to compare.
        if (key != null && !key.equals(now.fileKey())) {
            throw new IOException("was replaced by another file: " + path);
        }
        return now.size();
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!file.isRegularFile()) {
            throw new IOException("is no regular file: " + path);
        }
        return file;
    }
}
