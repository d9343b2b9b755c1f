package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime leaves for the next start, so that this need not read the manifests of all ended jobs: {@code jobs.index}. It
 * counts for as long as the directory of the manifests has the time that it had then, which each new, replaced or removed
 * manifest changes, whoever does it. A manifest that somebody edits in place is seen when the job is looked at.
 *
 * @param stamp the directory's time
 * @param highestNumber the highest number of the journal and of a manifest
 * @param live jobs that have not ended
 * @param ended all others
 */
record Summary(FileTime stamp, long highestNumber, List<JobId> live, History ended) {
    private static final System.Logger LOG = System.getLogger(Summary.class.getName());
    private static final long MAGIC = 0x7461756a_6f627331L; // "taujobs1"
    private static final int MAX_BYTES = 1 << 29;
    /** Two times, the flags, and where the id ends. */
    private static final int BYTES_PER_JOB = 8 + 8 + 1 + 4;
    /** Farther back than any clock's grain, so that each later change shows. */
    private static final long STAMP_BACK_SECONDS = 3;

    /**
     * Sets the time of a directory to one that no change of it leaves by itself.
     *
     * @return what the file system made of it
     */
    static FileTime stamp(Path directory) throws IOException {
        Instant now = Files.getLastModifiedTime(directory).toInstant();
        Files.setLastModifiedTime(
                directory,
                FileTime.from(
                        now.minusSeconds(STAMP_BACK_SECONDS).plusNanos(Math.floorMod(System.nanoTime(), 999_983))));
        return Files.getLastModifiedTime(directory);
    }

    byte[] encode() {
        byte[] ids = String.join("\n", live.stream().map(JobId::value).toList()).getBytes(StandardCharsets.US_ASCII);
        HistoryColumns columns = ended.columns();
        int size = columns.size();
        ByteBuffer out = ByteBuffer.allocate(
                8 + 8 + 4 + 8 + 4 + ids.length + 4 + 4 + size * (8 + 8 + 1 + 4) + columns.ids().length + 8);
        Instant at = stamp.toInstant();
        out.putLong(MAGIC).putLong(at.getEpochSecond()).putInt(at.getNano()).putLong(highestNumber);
        out.putInt(ids.length).put(ids);
        out.putInt(size).putInt(columns.ids().length);
        out.asLongBuffer().put(columns.created()).put(columns.finished());
        out.position(out.position() + size * 16);
        out.put(columns.flags());
        out.asIntBuffer().put(columns.idEnds());
        out.position(out.position() + size * 4);
        out.put(columns.ids());
        out.putLong(checksum(out.array(), out.position()));
        return out.array();
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    /** Reads what was left; empty if there is nothing, or nothing that can be used. */
    static Optional<Summary> read(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = Files.size(file) > MAX_BYTES ? new byte[0] : in.readNBytes(MAX_BYTES);
            return Optional.ofNullable(decode(content));
        } catch (IOException | BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the manifests are read instead of " + file, e);
            return Optional.empty();
        }
    }

    /** A number of things that the rest may hold: whoever forges a file must not make us ask for more memory than there is. */
    private static int length(ByteBuffer in, int length, int bytesEach) {
        if (length > in.remaining() / bytesEach) {
            throw new BufferUnderflowException();
        }
        return length;
    }

    private static @Nullable Summary decode(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        int body = content.length - 8;
        if (body < 0 || in.getLong(body) != checksum(content, body) || in.getLong() != MAGIC) {
            return null;
        }
        FileTime stamp = FileTime.from(Instant.ofEpochSecond(in.getLong(), in.getInt()));
        long highest = in.getLong();
        byte[] liveIds = new byte[length(in, in.getInt(), 1)];
        in.get(liveIds);
        List<JobId> live = new ArrayList<>();
        for (String id : new String(liveIds, StandardCharsets.US_ASCII).split("\n", -1)) {
            if (!id.isEmpty()) {
                live.add(new JobId(id));
            }
        }
        int size = length(in, in.getInt(), BYTES_PER_JOB);
        byte[] ids = new byte[length(in, in.getInt(), 1)];
        long[] created = new long[size];
        long[] finished = new long[size];
        byte[] flags = new byte[size];
        int[] idEnds = new int[size];
        in.asLongBuffer().get(created).get(finished);
        in.position(in.position() + size * 16);
        in.get(flags);
        in.asIntBuffer().get(idEnds);
        in.position(in.position() + size * 4);
        in.get(ids);
        return new Summary(
                stamp, highest, live, new History(new HistoryColumns(created, finished, flags, idEnds, ids)));
    }
}
