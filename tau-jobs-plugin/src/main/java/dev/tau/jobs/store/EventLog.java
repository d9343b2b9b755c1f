package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The append-only events.jsonl, rotated to events.jsonl.1 and so on when it has grown. Safe for several threads. */
final class EventLog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventLog.class.getName());

    private final Path file;
    private final Disk disk;
    private final long maxBytes;
    private final int maxFiles;
    private Disk.@Nullable Appender open;
    private boolean closed;

    /**
     * A log that is opened at its first line.
     *
     * @param maxBytes it is rotated before it would grow over this
     * @param maxFiles the file itself and its rotated ones
     */
    EventLog(Path file, Disk disk, long maxBytes, int maxFiles) {
        this.file = file;
        this.disk = disk;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Appends one line by one write, so that lines of several writers don't mix. */
    synchronized void append(byte[] json) throws IOException {
        if (closed) {
            // The directory may be somebody else's by now.
            throw new IOException("the event log is closed");
        }
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        try {
            Disk.Appender log = opened();
            long size = log.size();
            if (size > 0 && size + line.length > maxBytes) {
                rotate();
                log = opened();
            }
            log.append(line);
        } catch (IOException e) {
            // Half a line may be there: opening it again cuts it.
            closeQuietly(e);
            throw e;
        }
    }

    /** Cuts what a crash tore, as far as that can be done; else the next line does it. */
    synchronized void mend() {
        try {
            cutTornLine();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not mended now: " + file, e);
        }
    }

    private Disk.Appender opened() throws IOException {
        Disk.Appender log = open;
        if (log == null) {
            cutTornLine();
            log = disk.append(file);
            open = log;
        }
        return log;
    }

    /** A crash in mid-write leaves half a line; the next one must not be glued to it. */
    private void cutTornLine() throws IOException {
        if (StateDir.exists(file)) {
            Torn torn = torn(file);
            if (torn.bytes() > 0) {
                disk.truncate(file, torn.from());
            }
        }
    }

    /**
     * What stands behind the last whole line of a file.
     *
     * @param from where it begins
     * @param bytes how long it is
     */
    record Torn(long from, long bytes) {}

    static Torn torn(Path file) throws IOException {
        try (FileChannel reader = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long from = endOfLastLine(reader);
            return new Torn(from, reader.size() - from);
        }
    }

    private static long endOfLastLine(FileChannel reader) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(8192);
        for (long stop = reader.size(); stop > 0; ) {
            long start = Math.max(0, stop - block.capacity());
            block.clear().limit((int) (stop - start));
            while (block.hasRemaining() && reader.read(block, start + block.position()) >= 0) {}
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            stop = start;
        }
        return 0;
    }

    private void rotate() throws IOException {
        closeFile();
        for (int i = maxFiles - 1; i >= 1; i--) {
            Path from = i == 1 ? file : rotated(i - 1);
            if (Files.exists(from)) {
                disk.rename(from, rotated(i));
            }
        }
        if (maxFiles == 1) {
            disk.delete(file);
        }
    }

    private Path rotated(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private void closeQuietly(IOException because) {
        try {
            closeFile();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** Takes no more lines. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        closeFile();
    }

    private void closeFile() throws IOException {
        Disk.Appender log = open;
        open = null;
        if (log != null) {
            log.close();
        }
    }
}
