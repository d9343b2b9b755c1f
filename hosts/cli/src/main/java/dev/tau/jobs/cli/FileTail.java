package dev.tau.jobs.cli;

import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.process.OutputReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Copies what was added to an output since the last time, bytes as they are, and passes over what was dropped from it because
 * it grew over its cap. For one thread.
 */
final class FileTail implements AutoCloseable {
    private static final long BLOCK_BYTES = 4096;

    private final Path file;
    private final OutputStream target;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private @Nullable FileChannel channel;
    private long wholeUpTo;
    private boolean atLineStart = true;
    private boolean ended;
    private boolean truncated;
    private long dropped;

    /** A tail that begins where the file does. */
    FileTail(Path file, OutputStream target) {
        this.file = file;
        this.target = target;
    }

    /** Until its end, nothing was dropped from a file that is not longer: what is zero there was written so. */
    void wholeUpTo(long bytes) {
        wholeUpTo = bytes;
    }

    /** The job has ended: nothing more is added. Whether a part of it was dropped is sure from now on. */
    void end(boolean someDropped) {
        ended = true;
        truncated = someDropped;
    }

    /** Returns whether there is anything new to copy. */
    boolean hasNews() throws IOException {
        FileChannel open = open();
        return open != null && open.position() != open.size();
    }

    /** Copies all that is there now; a file that does not exist yet is an empty one. */
    void copy() throws IOException {
        copy(Long.MAX_VALUE);
    }

    /** Copies what is there now, but not much more than so many bytes. */
    void copy(long most) throws IOException {
        FileChannel open = open();
        if (open == null) {
            return;
        }
        if (open.position() > open.size()) {
            dropped++; // at least
            open.position(0); // where no hole can be punched, the file is cut and begins anew
        }
        long copied = 0;
        while (copied < most && open.read(buffer.clear()) > 0) {
            copied += buffer.position();
            long from = open.position() - buffer.position();
            long first = isBlank(from) ? firstByte(open) : 0;
            if (first > from) {
                dropped += first - from;
                open.position(first);
            } else {
                target.write(buffer.array(), 0, buffer.position());
                atLineStart = buffer.get(buffer.position() - 1) == '\n';
            }
        }
        target.flush();
    }

    /** A hole reads as zeros up to a block's end. */
    private boolean isBlank(long from) {
        long blockEnd = BLOCK_BYTES - from % BLOCK_BYTES;
        for (int i = 0; i < Math.min(blockEnd, buffer.position()); i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the hole ends that dropped output has left. */
    private long firstByte(FileChannel open) throws IOException {
        long size = open.size();
        return ended || size > wholeUpTo
                ? OutputReader.firstByte(
                        open,
                        size,
                        new OutputReader.Source(file, new OutputSizes.Stream(size, truncated, false), ended))
                : 0;
    }

    /** How many bytes were passed over, since they had been dropped before they could be copied; a lower bound. */
    long dropped() {
        return dropped;
    }

    /** Whether the last line copied is complete, so that other text would not run into it. */
    boolean atLineStart() {
        return atLineStart;
    }

    private @Nullable FileChannel open() throws IOException {
        // Anything else may have been put in its place: a link could lead to any file, a pipe would wait for its
        // writer.
        if (channel == null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try {
                channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                return null;
            }
        }
        return channel;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
