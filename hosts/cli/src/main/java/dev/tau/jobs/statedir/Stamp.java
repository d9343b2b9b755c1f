package dev.tau.jobs.statedir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a look sees that a file has been changed or replaced, without reading it.
 *
 * @param key which file it is, if the file system tells
 * @param modified when it was last written
 * @param size its length in bytes
 */
record Stamp(@Nullable Object key, FileTime modified, long size) {
    /** Null if there is no such file. */
    static @Nullable Stamp of(Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
