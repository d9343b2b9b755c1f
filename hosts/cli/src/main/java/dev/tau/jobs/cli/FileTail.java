package dev.tau.jobs.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Copies what was added to a file since the last time, bytes as they are, and passes over what was dropped from it because
 * it grew over its cap. For one thread.
 */
final class FileTail implements AutoCloseable {
    private static final long BLOCK_BYTES = 4096;

    private final Path file;
    private final OutputStream target;
    private final long capBytes;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private @Nullable FileChannel channel;
    private boolean atLineStart = true;
    private long dropped;

    FileTail(Path file, OutputStream target, long capBytes) {
        this.file = file;
        this.target = target;
        this.capBytes = capBytes;
    }

    /** Returns whether there is anything new to copy. */
    boolean hasNews() throws IOException {
        FileChannel open = open();
        return open != null && open.position() < open.size();
    }

    /** Copies all that is there now; a file that does not exist yet is an empty one. */
    void copy() throws IOException {
        FileChannel open = open();
        if (open == null) {
            return;
        }
        if (open.position() > open.size()) {
            dropped++; // at least
            open.position(0); // where no hole can be punched, the file is cut and begins anew
        }
        while (open.read(buffer.clear()) > 0) {
            if (isHole(open)) {
                continue;
            }
            target.write(buffer.array(), 0, buffer.position());
            atLineStart = buffer.get(buffer.position() - 1) == '\n';
        }
        target.flush();
    }

    /** A hole reads as zeros; only what lies further back than the cap can be one. */
    private boolean isHole(FileChannel open) throws IOException {
        long kept = open.size() - capBytes;
        if (open.position() > kept) {
            return false;
        }
        for (int i = 0; i < buffer.position(); i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        // The hole ends at a block's begin.
        long end = Math.max(open.position(), (kept + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
        dropped += end - open.position() + buffer.position();
        open.position(end);
        return true;
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
        if (channel == null) {
            try {
                // A link could lead to any file.
                channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                return null; // the job waits for a worker
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
