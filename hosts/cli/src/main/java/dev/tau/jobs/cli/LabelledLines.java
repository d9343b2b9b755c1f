package dev.tau.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes whole lines, each behind a label, so that lines of several streams can share one; the bytes of a line stay as they are.
 * What has no end yet waits for it, up to a length from which on it is shown in pieces. For one thread.
 */
final class LabelledLines extends OutputStream {
    private static final int MAX_HELD = 1 << 16;

    private final byte[] label;
    private final OutputStream target;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    LabelledLines(String label, OutputStream target) {
        this.label = label.getBytes(UTF_8);
        this.target = target;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int begin = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n' || held.size() + i - begin >= MAX_HELD) {
                int end = bytes[i] == '\n' ? i : i + 1;
                held.write(bytes, begin, end - begin);
                endLine();
                begin = i + 1;
            }
        }
        held.write(bytes, begin, offset + length - begin);
    }

    private void endLine() throws IOException {
        target.write(label);
        held.writeTo(target);
        target.write('\n');
        held.reset();
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    /** Shows what has no end; the target stays open. */
    @Override
    public void close() throws IOException {
        if (held.size() > 0) {
            endLine();
        }
        flush();
    }
}
