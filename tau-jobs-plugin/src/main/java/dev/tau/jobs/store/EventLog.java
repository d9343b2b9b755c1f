package dev.tau.jobs.store;

import dev.tau.jobs.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The append-only events.jsonl, rotated to events.jsonl.1 and so on when it has grown. Safe for several threads. */
final class EventLog implements AutoCloseable {
    private final Path file;
    private final long maxBytes;
    private final int maxFiles;
    private @Nullable FileChannel channel;

    /**
     * A log that is opened at its first line.
     *
     * @param maxBytes it is rotated before it would grow over this
     * @param maxFiles the file itself and its rotated ones
     */
    EventLog(Path file, long maxBytes, int maxFiles) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Appends one line by one write, so that lines of several writers don't mix. */
    synchronized void append(byte[] json) throws IOException {
        ByteBuffer line =
                ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        FileChannel open = openChannel();
        long size = open.size();
        if (size > 0 && size + line.remaining() > maxBytes) {
            rotate();
            open = openChannel();
        }
        AtomicFiles.writeFully(open, line);
    }

    private FileChannel openChannel() throws IOException {
        if (channel == null) {
            cutTornLine();
            channel = PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return channel;
    }

    /** A crash in mid-write leaves half a line; the next one must not be glued to it. */
    private void cutTornLine() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel reader = PrivateFiles.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = reader.size();
            ByteBuffer block = ByteBuffer.allocate(8192);
            for (long stop = end; stop > 0; ) {
                long start = Math.max(0, stop - block.capacity());
                block.clear().limit((int) (stop - start));
                while (block.hasRemaining() && reader.read(block, start + block.position()) >= 0) {}
                for (int i = block.position() - 1; i >= 0; i--) {
                    if (block.get(i) == '\n') {
                        cutAt(reader, start + i + 1, end);
                        return;
                    }
                }
                stop = start;
            }
            cutAt(reader, 0, end);
        }
    }

    private static void cutAt(FileChannel reader, long length, long end) throws IOException {
        if (length < end) {
            reader.truncate(length);
        }
    }

    private void rotate() throws IOException {
        close();
        for (int i = maxFiles - 1; i >= 1; i--) {
            Path from = i == 1 ? file : rotated(i - 1);
            if (Files.exists(from)) {
                Files.move(from, rotated(i), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (maxFiles == 1) {
            Files.deleteIfExists(file);
        }
    }

    private Path rotated(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
