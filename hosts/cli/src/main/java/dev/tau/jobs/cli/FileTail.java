package dev.tau.jobs.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Copies what was added to a file since the last time, bytes as they are. For one thread. */
final class FileTail implements AutoCloseable {
    private final Path file;
    private final OutputStream target;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private @Nullable FileChannel channel;
    private boolean atLineStart = true;

    FileTail(Path file, OutputStream target) {
        this.file = file;
        this.target = target;
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
        while (open.read(buffer.clear()) > 0) {
            target.write(buffer.array(), 0, buffer.position());
            atLineStart = buffer.get(buffer.position() - 1) == '\n';
        }
        target.flush();
    }

    /** Whether the last line copied is complete, so that other text would not run into it. */
    boolean atLineStart() {
        return atLineStart;
    }

    private @Nullable FileChannel open() throws IOException {
        if (channel == null) {
            try {
                channel = FileChannel.open(file, StandardOpenOption.READ);
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
