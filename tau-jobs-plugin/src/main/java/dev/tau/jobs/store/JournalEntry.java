package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One change in the journal: a line {@code <crc32> <number> <job_id> <length>}, and behind it the manifest of that length;
 * {@code -} as the length says that the job is gone. The checksum is over all that follows it.
 *
 * @param id whose change
 * @param number rises from change to change of a state dir, for good
 * @param manifest what the manifest is now, as its file holds it; null if the job is gone
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
public record JournalEntry(JobId id, long number, byte @Nullable [] manifest) {
    /** Numbers are not forged to where they end: a segment's name has 16 digits. */
    static final long MAX_NUMBER = 999_999_999_999_999L;

    private static final int CRC_DIGITS = 8;
    private static final String GONE = "-";
    /** More than the longest line that {@link #encode} writes. */
    private static final int MAX_LINE = 200;

    byte[] encode() {
        byte[] content = manifest == null ? new byte[0] : manifest;
        byte[] rest = (number + " " + id + " " + (manifest == null ? GONE : content.length) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream(CRC_DIGITS + 1 + rest.length + content.length);
        out.writeBytes((checksum(rest, content) + " ").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(rest);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static String checksum(byte[] line, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(line);
        crc.update(content);
        return HexFormat.of().toHexDigits(crc.getValue(), CRC_DIGITS);
    }

    /**
     * Reads the entries at the beginning of a file up to the first that is not whole.
     *
     * @param file the file's content
     * @param into gets the entries
     * @return how many bytes they take
     */
    static int decodeAll(byte[] file, List<JournalEntry> into) {
        int at = 0;
        while (true) {
            int next = decode(file, at, into);
            if (next < 0) {
                return at;
            }
            at = next;
        }
    }

    /**
     * Reads what whole entries there are behind one that is not: a torn end has none.
     *
     * @param file the file's content
     * @param from where the entry begins that is not whole
     * @param into gets the entries
     * @return where the first of them begins; -1 if there is none
     */
    static int decodeBehind(byte[] file, int from, List<JournalEntry> into) {
        int first = -1;
        for (int at = from; at < file.length; at++) {
            // Each entry ends in a line break.
            if (file[at] == '\n') {
                int next = decode(file, at + 1, into);
                if (next >= 0) {
                    first = first < 0 ? at + 1 : first;
                    at = next - 2;
                }
            }
        }
        return first;
    }

    /** All entries of a file that are whole. */
    static List<JournalEntry> decodeWhole(byte[] file) {
        List<JournalEntry> entries = new ArrayList<>();
        decodeBehind(file, decodeAll(file, entries), entries);
        return entries;
    }

    /** Whether there are zeros in a part of a file: room that was written to, and not yet on the disk when the power went. */
    static boolean isUnwritten(byte[] file, int from, int to) {
        for (int at = from; at < to; at++) {
            if (file[at] == 0) {
                return true;
            }
        }
        return false;
    }

    private static int decode(byte[] file, int at, List<JournalEntry> into) {
        int lineEnd = at;
        while (lineEnd < file.length && lineEnd < at + MAX_LINE && file[lineEnd] != '\n') {
            lineEnd++;
        }
        if (lineEnd >= file.length || file[lineEnd] != '\n') {
            return -1;
        }
        String[] words = new String(file, at, lineEnd - at, StandardCharsets.US_ASCII).split(" ", -1);
        if (words.length != 4 || words[0].length() != CRC_DIGITS || !words[1].matches("[0-9]{1,15}")) {
            return -1;
        }
        int length = words[3].equals(GONE) ? 0 : number(words[3]);
        if (length < 0 || length > file.length - lineEnd - 1) {
            return -1;
        }
        int end = lineEnd + 1 + length;
        byte[] line = Arrays.copyOfRange(file, at + CRC_DIGITS + 1, lineEnd + 1);
        byte[] content = Arrays.copyOfRange(file, lineEnd + 1, end);
        JobId id = JobId.parse(words[2]).orElse(null);
        if (id == null || !checksum(line, content).equals(words[0])) {
            return -1;
        }
        into.add(new JournalEntry(id, Long.parseLong(words[1]), words[3].equals(GONE) ? null : content));
        return end;
    }

    /** A length that is none is negative: nothing else of the line is checked yet. */
    private static int number(String digits) {
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
    }
}
