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
    /** The label, and what there is of its line. */
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    /** Whether the last piece of a line has been shown before it was known that it is the last. */
    private boolean cut;

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
        for (int i = offset; i < offset + length; i++) {
            boolean end = bytes[i] == '\n';
            if (end && cut) {
                cut = false;
                continue;
            }
            if (held.size() == 0) {
                held.write(label);
            }
            held.write(bytes[i]);
            cut = !end && held.size() >= MAX_HELD;
            if (cut) {
                held.write('\n');
            }
            if (end || cut) {
                held.writeTo(target);
                held.reset();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    /** Shows what has no end; the target stays open. */
    @Override
    public void close() throws IOException {
        if (held.size() > 0) {
            held.write('\n');
            held.writeTo(target);
            held.reset();
        }
        flush();
    }
}
