package dev.tau.jobs.cli.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Splits a byte stream into lines of limited length. For one thread. */
final class LineReader {

    /**
     * One line without its line feed.
     *
     * @param bytes the line's bytes; empty if it was too long
     * @param tooLong whether the line was over the limit and skipped
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares lines
    record Line(byte[] bytes, boolean tooLong) {}

    private static final byte[] NOTHING = {};

    private final InputStream input;
    private final int maxBytes;
    private final byte[] chunk = new byte[1 << 16];
    private int position;
    private int limit;

    LineReader(InputStream input, int maxBytes) {
        this.input = input;
        this.maxBytes = maxBytes;
    }

    /** Returns the next line, the last one also without a line feed, or null at the end of the stream. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream collected = new ByteArrayOutputStream(256);
        boolean tooLong = false;
        boolean any = false;
        while (position < limit || fill()) {
            any = true;
            // Only the line feed ends a line: a lone carriage return is white space within JSON.
            int end = indexOfLineFeed();
            int stop = end < 0 ? limit : end;
            if (!tooLong && collected.size() + (stop - position) > maxBytes) {
                tooLong = true;
                // Let go now, not at the line's end: that may be gigabytes away.
                collected = new ByteArrayOutputStream(0);
            }
            if (!tooLong) {
                collected.write(chunk, position, stop - position);
            }
            position = end < 0 ? limit : end + 1;
            if (end >= 0) {
                break;
            }
        }
        if (!any) {
            return null;
        }
        return new Line(tooLong ? NOTHING : collected.toByteArray(), tooLong);
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(input.read(chunk), 0);
        return limit > 0;
    }

    private int indexOfLineFeed() {
        for (int i = position; i < limit; i++) {
            if (chunk[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
