package dev.tau.jobs.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** {@link Disk} by the system's calls. */
final class LocalDisk implements Disk {
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    @Override
    public void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = PrivateFiles.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, content);
        }
    }

    @Override
    public void sync(Path file) throws IOException {
        force(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (WINDOWS) {
            // There a directory can't be opened as a file, and a rename is journalled.
            return;
        }
        force(directory, StandardOpenOption.READ);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = PrivateFiles.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Override
    public Appender append(Path file) throws IOException {
        return LogFile.growing(file);
    }

    @Override
    public Appender begin(Path file) throws IOException {
        return LogFile.roomy(file);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Path existing = directory;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        PrivateFiles.createDirectories(directory);
        // A new directory is a name in the one above it.
        for (Path made = directory; made != null && !made.equals(existing); made = made.getParent()) {
            Path above = made.getParent();
            if (above != null) {
                syncDirectory(above);
            }
        }
    }

    /** By a channel that no interrupt closes: a host may interrupt its threads, and a sync that has failed can't be made good. */
    private static void force(Path path, OpenOption... options) throws IOException {
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(path, Set.of(options), null)) {
            channel.force(true);
        }
    }

    private static void writeFully(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
