package dev.tau.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes whole lines in another form, so that lines of several streams can share one. What has no end yet waits for it, up to a length
 * from which on it is shown in pieces, never in the middle of a character of UTF-8. For one thread.
 */
final class OutputLines extends OutputStream {
    private static final int MAX_HELD = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How a line is shown. */
    interface Form {
        /**
         * A line, or a piece of one.
         *
         * @param line its bytes, without the line feed
         * @param continues whether the next piece is of the same line
         */
        byte[] of(byte[] line, boolean continues) throws IOException;
    }

    private final Form form;
    private final OutputStream target;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    OutputLines(Form form, OutputStream target) {
        this.form = form;
        this.target = target;
    }

    /** Each line behind a label; its bytes stay as they are. */
    static Form labelled(String label) {
        byte[] before = label.getBytes(UTF_8);
        return (line, continues) -> {
            ByteArrayOutputStream shown = new ByteArrayOutputStream(before.length + line.length + 1);
            shown.writeBytes(before);
            shown.writeBytes(line);
            shown.write('\n');
            return shown.toByteArray();
        };
    }

    /** Each line as a JSON object, a line of its own; what is no UTF-8 becomes U+FFFD. */
    static Form json(String stream) {
        return (line, continues) -> {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("stream", stream);
            members.put("line", new String(line, UTF_8));
            if (continues) {
                members.put("continues", true);
            }
            return bytes(members);
        };
    }

    private static byte[] bytes(Map<String, Object> members) throws JsonProcessingException {
        return (JSON.writeValueAsString(members) + "\n").getBytes(UTF_8);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                target.write(form.of(held.toByteArray(), false));
                held.reset();
            } else {
                if (held.size() >= MAX_HELD) {
                    cut();
                }
                held.write(bytes[i]);
            }
        }
    }

    /** The line goes on, as another byte of it has come. */
    private void cut() throws IOException {
        byte[] all = held.toByteArray();
        int end = all.length;
        // A character has four bytes at the most, and all but its first one are 10xxxxxx.
        while (end > all.length - 3 && (all[end - 1] & 0xc0) == 0x80) {
            end--;
        }
        boolean begins = (all[end - 1] & 0xc0) == 0xc0;
        int whole = begins ? end - 1 : all.length;
        held.reset();
        target.write(form.of(Arrays.copyOf(all, whole), true));
        held.write(all, whole, all.length - whole);
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }

    /** Shows what has no end; the target stays open. */
    @Override
    public void close() throws IOException {
        if (held.size() > 0) {
            target.write(form.of(held.toByteArray(), false));
            held.reset();
        }
        flush();
    }
}
