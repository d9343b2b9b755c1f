package dev.tau.jobs.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** What turns bytes of an output file into a text that is safe to show. */
final class OutputText {
    private static final String HEX = "0123456789abcdef";
    static final byte[] REDACTED = "[redacted]".getBytes(StandardCharsets.UTF_8);

    private OutputText() {}

    /** Secrets as they stand in a file, the longest first: it may contain another. */
    static List<byte[]> hidden(Collection<String> secrets) {
        return secrets.stream()
                .filter(secret -> !secret.isEmpty())
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .sorted((a, b) -> Integer.compare(b.length, a.length))
                .toList();
    }

    static byte[] readFully(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {}
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** The length of the secret that stands at a place; 0 if there is none. */
    static int matchAt(byte[] bytes, int at, List<byte[]> secrets) {
        for (byte[] secret : secrets) {
            int end = at + secret.length;
            if (end <= bytes.length && Arrays.equals(bytes, at, end, secret, 0, secret.length)) {
                return secret.length;
            }
        }
        return 0;
    }

    /** How many bytes from a place on may be the end of a secret whose beginning is not there any more. */
    static int endOfSecret(byte[] bytes, int at, List<byte[]> secrets) {
        int longest = 0;
        for (byte[] secret : secrets) {
            int most = Math.min(secret.length - 1, bytes.length - at);
            for (int length = most; length > longest; length--) {
                if (Arrays.equals(bytes, at, at + length, secret, secret.length - length, secret.length)) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    /** Whether the bytes end, from a place on, within what may become a secret. */
    static boolean mayBegin(byte[] bytes, int at, List<byte[]> secrets) {
        int length = bytes.length - at;
        return secrets.stream()
                .anyMatch(
                        secret -> length < secret.length && Arrays.equals(bytes, at, bytes.length, secret, 0, length));
    }

    /** UTF-8, control characters but newline and tab escaped. */
    static String decode(byte[] bytes, int start, int end) {
        String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        StringBuilder safe = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c == '\r') {
                safe.append("\\r");
            } else if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                // None is above 0x9f. Not by String.format: a binary output is made of them.
                safe.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            } else {
                safe.append((char) c);
            }
        });
        return safe.toString();
    }

    /** How many bytes at the start end a character whose beginning is not there. */
    static int rest(byte[] bytes) {
        int start = 0;
        while (start < 3 && start < bytes.length && (bytes[start] & 0xC0) == 0x80) {
            start++;
        }
        return start;
    }

    /** How many bytes at the end begin a character that is not complete (yet). */
    static int unfinished(byte[] bytes, int start) {
        for (int back = 1; back <= 3 && bytes.length - back >= start; back++) {
            int b = bytes[bytes.length - back] & 0xFF;
            if (b < 0x80) {
                return 0;
            }
            if (b >= 0xC0) {
                int length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return length > back ? back : 0;
            }
        }
        return 0;
    }
}
