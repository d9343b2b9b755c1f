package dev.tau.jobs.process;

import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.job.OutputSizes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Reads an output part by part, from where the last part ended. Reads no more of the file than it needs. */
public final class OutputReader {
    /** A character is read whole, however little is asked for. */
    private static final int LEAST_BYTES = 4;

    private static final int BLOCK_BYTES = 4096;

    private OutputReader() {}

    /**
     * What a file holds of an output.
     *
     * @param file the output file; one that is not there is empty
     * @param written how much was written to it by now
     * @param ended whether nothing more will be
     */
    public record Source(Path file, OutputSizes.Stream written, boolean ended) {}

    /**
     * Reads a part.
     *
     * @param source the output
     * @param offset where it begins, in bytes from the first that was ever written
     * @param maxBytes how much to read at the most
     * @param secrets values to leave out, wherever they stand
     * @return the part; empty at the end of what is there. A character or a secret that may not be complete is left for the
     *     next part, unless the output has ended.
     * @throws IOException if the file can't be read
     */
    public static OutputPart read(Source source, long offset, int maxBytes, Collection<String> secrets)
            throws IOException {
        if (!Files.isRegularFile(source.file(), LinkOption.NOFOLLOW_LINKS)) {
            return new OutputPart("", offset, 0);
        }
        try (FileChannel channel =
                FileChannel.open(source.file(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (true) {
                long size = channel.size();
                // What was cut away in front, where no hole could be punched.
                long missing = Math.max(0, source.written().bytes() - size);
                long first = missing + firstByte(channel, size, source);
                long from = Math.max(offset, first);
                if (from >= missing + size) {
                    return new OutputPart("", from, from - offset);
                }
                boolean cut = from == first && first > 0;
                Part part =
                        read(channel, from - missing, Math.max(LEAST_BYTES, maxBytes), source.ended(), cut, secrets);
                if (missing + firstByte(channel, channel.size(), source) <= from) {
                    return new OutputPart(part.text(), from + part.length(), from - offset);
                }
                // More was dropped while we read.
            }
        }
    }

    private record Part(String text, int length) {}

    private static Part read(
            FileChannel channel, long from, int maxBytes, boolean ended, boolean cut, Collection<String> secrets)
            throws IOException {
        List<byte[]> hidden = OutputText.hidden(secrets);
        int around = hidden.isEmpty() ? 0 : hidden.get(0).length - 1;
        long readFrom = Math.max(0, from - around);
        int before = (int) (from - readFrom);
        byte[] bytes = OutputText.readFully(channel, readFrom, before + maxBytes + around);
        boolean last = ended && readFrom + bytes.length == channel.size();
        ByteArrayOutputStream visible = new ByteArrayOutputStream();
        int next = cut ? before + OutputText.endOfSecret(bytes, before, hidden) : 0;
        if (next > before) {
            visible.writeBytes(OutputText.REDACTED);
        }
        while (next < bytes.length && next < before + maxBytes && (last || !OutputText.mayBegin(bytes, next, hidden))) {
            int matched = OutputText.matchAt(bytes, next, hidden);
            if (matched > 0 && next + matched > before) {
                visible.writeBytes(OutputText.REDACTED);
            } else if (matched == 0 && next >= before) {
                visible.write(bytes[next]);
            }
            next += Math.max(1, matched);
        }
        byte[] text = visible.toByteArray();
        int start = cut ? OutputText.rest(text) : 0;
        int unfinished = last && next == bytes.length ? 0 : OutputText.unfinished(text, start);
        return new Part(
                OutputText.decode(text, start, text.length - unfinished), Math.max(0, next - before - unfinished));
    }

    /**
     * Where the hole ends that dropped output has left at the head of a file: a run of zeros up to a block's end. Not by the cap:
     * another process, with another cap, may have dropped it.
     *
     * @param channel the file
     * @param size its length
     * @param source what it holds
     * @return where what is left begins; 0 if all is there
     * @throws IOException if the file can't be read
     */
    public static long firstByte(FileChannel channel, long size, Source source) throws IOException {
        boolean whole = source.ended() && !source.written().truncated();
        if (whole || size < BLOCK_BYTES || !isBlank(OutputText.readFully(channel, 0, BLOCK_BYTES))) {
            return 0;
        }
        long low = 1;
        long high = size / BLOCK_BYTES;
        while (low < high) {
            long middle = (low + high) / 2;
            if (isBlank(OutputText.readFully(channel, middle * BLOCK_BYTES, BLOCK_BYTES))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.min(size, low * BLOCK_BYTES);
    }

    private static boolean isBlank(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
