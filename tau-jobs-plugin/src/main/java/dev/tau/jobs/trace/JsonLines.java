package dev.tau.jobs.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Opens and appends to files of JSON lines that others may write, too. */
final class JsonLines {
    private JsonLines() {}

    /** Opens for reading and writing, readable by the owner alone if new, not following a link in its last part. */
    static FileChannel open(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            createPrivateDirectories(parent);
        }
        Set<OpenOption> options = Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return FileChannel.open(
                    file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return FileChannel.open(file, options);
    }

    private static void createPrivateDirectories(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    /** Appends one line; if the last one was torn by a crash, it is ended first. */
    static void append(FileChannel channel, byte[] json) throws IOException {
        long end = channel.size();
        boolean torn = false;
        if (end > 0) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, end - 1);
            torn = last.get(0) != '\n';
        }
        ByteBuffer line = ByteBuffer.allocate(json.length + 2);
        if (torn) {
            line.put((byte) '\n');
        }
        line.put(json).put((byte) '\n').flip();
        while (line.hasRemaining()) {
            end += channel.write(line, end);
        }
    }
}
