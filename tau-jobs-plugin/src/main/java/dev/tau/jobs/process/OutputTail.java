package dev.tau.jobs.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The last bytes of an output file, as a text that is safe to show. Reads no more of the file than it needs. */
public final class OutputTail {
    private static final String TRUNCATED = "<output truncated>\n";

    private OutputTail() {}

    /**
     * Reads a preview.
     *
     * @param file the output file; one that is not there is empty
     * @param maxBytes how much of it to show at the most
     * @param secrets values to leave out, wherever they stand
     * @return UTF-8, cut characters dropped, control characters but newline and tab escaped
     * @throws IOException if the file can't be read
     */
    public static String read(Path file, int maxBytes, Collection<String> secrets) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        List<byte[]> hidden = OutputText.hidden(secrets);
        int lookBehind = hidden.isEmpty() ? 0 : hidden.get(0).length - 1;
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = channel.size();
            long from = Math.max(0, size - maxBytes);
            // A secret that begins before the cut would otherwise show its end.
            long readFrom = Math.max(0, from - lookBehind);
            byte[] bytes = OutputText.readFully(channel, readFrom, (int) (size - readFrom));
            int cut = (int) Math.min(bytes.length, from - readFrom);
            byte[] visible = redact(bytes, cut, hidden);
            return (from > 0 ? TRUNCATED : "") + decode(visible, from > 0);
        }
    }

    /** The bytes from the cut on, each secret that reaches into them replaced. */
    private static byte[] redact(byte[] bytes, int cut, List<byte[]> secrets) {
        if (secrets.isEmpty()) {
            return Arrays.copyOfRange(bytes, cut, bytes.length);
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; ) {
            int matched = OutputText.matchAt(bytes, i, secrets);
            if (matched > 0) {
                if (i + matched > cut) {
                    out.writeBytes(OutputText.REDACTED);
                }
                i += matched;
            } else {
                if (i >= cut) {
                    out.write(bytes[i]);
                }
                i++;
            }
        }
        return out.toByteArray();
    }

    private static String decode(byte[] bytes, boolean cutAtStart) {
        int start = cutAtStart ? OutputText.rest(bytes) : 0;
        return OutputText.decode(bytes, start, bytes.length - OutputText.unfinished(bytes, start));
    }

    /**
     * The values of an environment whose names look secret.
     *
     * @param env the environment
     * @return the values
     */
    public static Collection<String> secretsOf(java.util.Map<String, String> env) {
        List<String> values = new ArrayList<>();
        env.forEach((name, value) -> {
            String upper = name.toUpperCase(java.util.Locale.ROOT);
            if (List.of("KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL").stream()
                    .anyMatch(upper::contains)) {
                values.add(value);
            }
        });
        return values;
    }
}
