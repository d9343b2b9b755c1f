package dev.tau.jobs.process;

import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.job.OutputSizes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Cuts a file to nothing and writes its newest part back: where no hole can be punched. The writer appends, so it goes on
 * behind what is written back; what it writes between the two steps may be lost, hence the count is a lower bound.
 */
final class CopyTruncate implements OutputTrimmer {
    /** Held in memory for a moment. */
    private static final int MAX_KEPT_BYTES = 8 << 20;

    private final Path file;
    private long dropped;

    /**
     * Nothing is done yet.
     *
     * @param file the file
     * @param dropped how many bytes of what was written to it were dropped before
     */
    CopyTruncate(Path file, long dropped) {
        this.file = file;
        this.dropped = dropped;
    }

    @Override
    public void trim(long keepBytes) throws IOException {
        try (FileChannel channel = PrivateFiles.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel appender = PrivateFiles.open(file, StandardOpenOption.APPEND)) {
            long size = channel.size();
            if (size <= keepBytes) {
                return;
            }
            // Half, so that it is not copied again for each new line.
            ByteBuffer newest = ByteBuffer.allocate((int) Math.min(keepBytes / 2, MAX_KEPT_BYTES));
            long from = size - newest.capacity();
            while (newest.hasRemaining() && channel.read(newest, from + newest.position()) > 0) {}
            newest.flip();
            dropped += size - newest.remaining();
            channel.truncate(0);
            while (newest.hasRemaining()) {
                appender.write(newest);
            }
        }
    }

    @Override
    public OutputSizes.Stream measure() throws IOException {
        return new OutputSizes.Stream(Files.size(file) + dropped, dropped > 0, dropped > 0);
    }
}
