package dev.tau.jobs.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that is open for appending. A thread of the host's that is interrupted in here closes the channel that it writes by
 * (see {@link java.nio.channels.InterruptibleChannel}): whoever meets that opens the file again and goes on, and the thread
 * stays interrupted. What was written can be written again; a sync that has failed can't be made good, so syncs go by a
 * channel that no interrupt closes. Appends are for one thread at a time; syncs are for any.
 */
abstract sealed class LogFile implements Disk.Appender {
    private final Path file;
    private final FileIdentity identity;
    private final AsynchronousFileChannel syncs;
    private FileChannel channel;
    private boolean closed;

    private LogFile(Path file, OpenOption... options) throws IOException {
        this.file = file;
        this.channel = PrivateFiles.open(file, options);
        try {
            this.identity = FileIdentity.of(file);
            this.syncs = AsynchronousFileChannel.open(
                    file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS), null);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** One that grows with each append. */
    static LogFile growing(Path file) throws IOException {
        return new Growing(file);
    }

    /** A new one, with room ahead. */
    static LogFile roomy(Path file) throws IOException {
        return new Roomy(file);
    }

    /** How to open it when it is there. */
    abstract StandardOpenOption mode();

    /** Does something, again if the channel was closed meanwhile by an interrupt. */
    final void uninterrupted(FileAction action) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    action.on(channel());
                    return;
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized FileChannel channel() throws IOException {
        if (closed) {
            throw new IOException("is closed: " + file);
        }
        if (!channel.isOpen()) {
            FileChannel again = PrivateFiles.open(file, mode());
            try {
                identity.size(); // throws if another file has the name
            } catch (IOException e) {
                again.close();
                throw e;
            }
            channel = again;
        }
        return channel;
    }

    @Override
    public final void sync() throws IOException {
        syncs.force(false);
    }

    @Override
    public final synchronized void close() throws IOException {
        closed = true;
        try (syncs) {
            channel.close();
        }
    }

    /** Each append goes where the file ends then, whoever else may write to it. */
    private static final class Growing extends LogFile {
        Growing(Path file) throws IOException {
            super(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        @Override
        StandardOpenOption mode() {
            return StandardOpenOption.APPEND;
        }

        @Override
        public long size() throws IOException {
            long[] size = new long[1];
            uninterrupted(out -> size[0] = out.size());
            return size[0];
        }

        @Override
        public void truncate(long length) throws IOException {
            uninterrupted(out -> out.truncate(length));
        }

        @Override
        public void append(byte[] content) throws IOException {
            // Knows how much was written before the channel was closed.
            ByteBuffer buffer = ByteBuffer.wrap(content);
            uninterrupted(out -> {
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            });
        }
    }

    /**
     * Zeros are written ahead, in steps: an append that overwrites them changes neither the file's length nor its blocks, so
     * that its sync does not wait for the file system's own journal.
     */
    private static final class Roomy extends LogFile {
        private static final int SMALLEST_STEP = 64 << 10;
        private static final long LARGEST_STEP = 256 << 10;
        private static final ByteBuffer ZEROS =
                ByteBuffer.allocateDirect(SMALLEST_STEP).asReadOnlyBuffer();

        private long size;
        /** Where the zeros end. */
        private long end;

        Roomy(Path file) throws IOException {
            super(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        StandardOpenOption mode() {
            return StandardOpenOption.WRITE;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void truncate(long length) throws IOException {
            uninterrupted(out -> out.truncate(length));
            size = length;
            end = length;
        }

        @Override
        public void append(byte[] content) throws IOException {
            uninterrupted(out -> write(out, ByteBuffer.wrap(content), size));
            size += content.length;
            if (size > end) {
                end = size;
                makeRoom();
            }
        }

        private void makeRoom() throws IOException {
            long step = Math.min(LARGEST_STEP, Math.max(SMALLEST_STEP, size));
            try {
                for (long made = 0; made < step; made += ZEROS.capacity()) {
                    uninterrupted(out -> write(out, ZEROS.duplicate(), end));
                    end += ZEROS.capacity();
                }
            } catch (IOException e) {
                // The disk is nearly full: it works without.
                System.getLogger(LogFile.class.getName()).log(System.Logger.Level.DEBUG, "no room ahead", e);
            }
        }

        private static void write(FileChannel out, ByteBuffer buffer, long at) throws IOException {
            long position = at;
            while (buffer.hasRemaining()) {
                position += out.write(buffer, position);
            }
        }
    }
}
