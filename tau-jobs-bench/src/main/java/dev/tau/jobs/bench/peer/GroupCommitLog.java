package dev.tau.jobs.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The least that makes lines of several threads durable: one of them writes and forces all that wait. */
public final class GroupCommitLog {
    /** Lines that one force will make durable. */
    private static final class Group {
        private final List<byte[]> lines = new ArrayList<>();
        private boolean durable;
        private @Nullable IOException failure;
    }

    private final FileChannel file;
    private final Object lock = new Object();
    private Group coming = new Group();
    private boolean busy;

    /**
     * A log.
     *
     * @param file open for appending
     */
    public GroupCommitLog(FileChannel file) {
        this.file = file;
    }

    /**
     * Returns when the line is on the disk.
     *
     * @param line what to append
     * @throws IOException if it could not be written
     * @throws InterruptedException if interrupted while another thread writes
     */
    public void append(byte[] line) throws IOException, InterruptedException {
        Group mine;
        synchronized (lock) {
            mine = coming;
            mine.lines.add(line);
            while (busy && !mine.durable) {
                lock.wait();
            }
            if (!mine.durable) {
                // Whoever finds nobody at work leads; who comes from now on is in the next group.
                busy = true;
                coming = new Group();
            }
        }
        if (!mine.durable) {
            lead(mine);
        }
        if (mine.failure != null) {
            throw new IOException("the group was not written", mine.failure);
        }
    }

    private void lead(Group group) {
        try {
            int bytes = group.lines.stream().mapToInt(line -> line.length).sum();
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            group.lines.forEach(buffer::put);
            buffer.flip();
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            file.force(false);
        } catch (IOException e) {
            group.failure = e;
        }
        synchronized (lock) {
            group.durable = true;
            busy = false;
            lock.notifyAll();
        }
    }
}
