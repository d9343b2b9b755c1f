package dev.tau.jobs.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is open for appending. A thread of the host's that is interrupted in here closes the channel, for all threads
 * (see {@link java.nio.channels.InterruptibleChannel}): whoever meets that opens the file again and goes on, and the thread
 * stays interrupted. Appends are for one thread at a time; syncs are for any.
 */
abstract sealed class LogFile implements Disk.Appender {
    private final Path file;
    private volatile FileChannel channel;
    private volatile boolean closed;

    /** What is done with the channel. */
    private interface Action {
        void on(FileChannel channel) throws IOException;
    }

    private LogFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** One that grows with each append. */
    static LogFile growing(Path file) throws IOException {
        return new Growing(file);
    }

    /** A new one, with room ahead. */
    static LogFile roomy(Path file) throws IOException {
        return new Roomy(file);
    }

    abstract FileChannel open(Path path) throws IOException;

    /** Does something, again if the channel was closed meanwhile by an interrupt. */
    final void uninterrupted(Action action) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel used = channel;
                try {
                    action.on(used);
                    return;
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    openAgain(used, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void openAgain(FileChannel lost, ClosedChannelException because) throws IOException {
        if (closed) {
            throw because;
        }
        if (channel == lost) {
            channel = open(file);
        }
    }

    @Override
    public final void sync() throws IOException {
        uninterrupted(out -> out.force(false));
    }

    @Override
    public final synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    /** Each append goes where the file ends then, whoever else may write to it. */
    private static final class Growing extends LogFile {
        private long size;

        Growing(Path file) throws IOException {
            super(file, PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            this.size = size();
        }

        @Override
        FileChannel open(Path path) throws IOException {
            return PrivateFiles.open(path, StandardOpenOption.APPEND);
        }

        @Override
        public long size() throws IOException {
            uninterrupted(out -> size = out.size());
            return size;
        }

        @Override
        public void truncate(long length) throws IOException {
            uninterrupted(out -> out.truncate(length));
            size = length;
        }

        @Override
        public void append(byte[] content) throws IOException {
            boolean[] again = new boolean[1];
            ByteBuffer buffer = ByteBuffer.wrap(content);
            uninterrupted(out -> {
                if (again[0]) {
                    // The channel does not say what it wrote before it was closed.
                    buffer.position(written(out, content.length));
                }
                again[0] = true;
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            });
            size += content.length;
        }

        private int written(FileChannel out, int atMost) throws IOException {
            long written = out.size() - size;
            if (written < 0 || written > atMost) {
                throw new IOException("somebody else changes the file, too");
            }
            return (int) written;
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
            super(file, PrivateFiles.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }

        @Override
        FileChannel open(Path path) throws IOException {
            return PrivateFiles.open(path, StandardOpenOption.WRITE);
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
            } catch (ClosedChannelException e) {
                throw e;
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
