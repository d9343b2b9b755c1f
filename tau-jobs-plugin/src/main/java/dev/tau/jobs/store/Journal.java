package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes durable by one append and one sync, which callers that come at the same time share. It is cut into segments,
 * {@code journal/<number of the first change>.log}; what a segment says can be forgotten once the manifests that depend on it
 * were synced. Half an entry that could not be written whole is cut off again; if that can't be done, or a sync has failed,
 * the segment is left as it is and the next one begun. Safe for several threads.
 */
public final class Journal implements AutoCloseable {
    static final String SUFFIX = ".log";

    private final Path directory;
    private final Disk disk;
    private final long segmentBytes;
    private final AtomicLong nextNumber;
    private @Nullable JournalSegment current;
    private List<JournalSegment> full = new ArrayList<>();
    private volatile int fullCount;
    private boolean closed;

    /**
     * A journal that goes on.
     *
     * @param directory where its segments lie
     * @param disk changes them
     * @param segmentBytes a segment is full when it is longer
     * @param nextNumber the number of the next change
     * @param left the segments that an earlier runtime has left, oldest first
     */
    Journal(Path directory, Disk disk, long segmentBytes, long nextNumber, List<JournalSegment> left) {
        this.directory = directory;
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.nextNumber = new AtomicLong(nextNumber);
        this.full.addAll(left);
        this.fullCount = left.size();
    }

    /** Gives the next change its number. */
    long number() {
        return nextNumber.getAndIncrement();
    }

    /**
     * Appends changes, by one write. It survives the end of this process; not a power cut before {@link JournalSegment.Position#sync}.
     *
     * @throws IOException if that failed; nobody will read the changes then
     */
    synchronized JournalSegment.Position append(List<JournalEntry> changes) throws IOException {
        if (closed) {
            throw new IOException("the journal is closed");
        }
        JournalSegment segment = writable();
        segment.append(changes, encode(changes));
        return segment.end(this);
    }

    private static byte[] encode(List<JournalEntry> changes) {
        if (changes.size() == 1) {
            return changes.get(0).encode();
        }
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        changes.forEach(change -> all.writeBytes(change.encode()));
        return all.toByteArray();
    }

    private JournalSegment writable() throws IOException {
        JournalSegment segment = current;
        if (segment != null && !segment.hasRoom(segmentBytes)) {
            addFull(segment);
            current = null;
            segment = null;
        }
        return segment == null ? begin() : segment;
    }

    private void addFull(JournalSegment segment) {
        segment.full();
        full.add(segment);
        fullCount = full.size();
    }

    private JournalSegment begin() throws IOException {
        // A number of its own: a segment that broke before anything was in it may have taken the last one.
        Path file = directory.resolve(String.format(Locale.ROOT, "%016d", number()) + SUFFIX);
        JournalSegment segment = JournalSegment.begin(file, disk);
        try {
            disk.syncDirectory(directory);
        } catch (IOException e) {
            segment.close();
            discard(segment);
            throw e;
        }
        current = segment;
        return segment;
    }

    private void discard(JournalSegment empty) {
        try {
            disk.delete(empty.file());
        } catch (IOException e) {
            addFull(empty);
        }
    }

    /** {@return how many segments are to be forgotten; asked at each change, so it waits for nobody} */
    public int fullCount() {
        return fullCount;
    }

    /** {@return for how long the oldest full segment has been full, in ns; for ever, if an earlier runtime has left it} */
    synchronized long ageOfOldest() {
        return full.isEmpty() ? Long.MAX_VALUE : full.get(0).age();
    }

    /** Ends the current segment, so that it can be forgotten, too. */
    synchronized void endSegment() {
        JournalSegment segment = current;
        if (segment != null && !segment.isEmpty()) {
            addFull(segment);
            current = null;
        }
    }

    /**
     * Says whose manifests must be synced before the oldest full segment can be forgotten: those of the jobs that it names and
     * that no later segment does.
     *
     * @return the jobs
     * @throws IOException if the later ones can't be synced
     */
    public Set<JobId> dependingOnOldest() throws IOException {
        Set<JobId> depending;
        List<JournalSegment.Position> later = new ArrayList<>();
        synchronized (this) {
            if (full.isEmpty()) {
                return Set.of();
            }
            depending = new LinkedHashSet<>(full.get(0).jobs());
            List<JournalSegment> others = new ArrayList<>(full.subList(1, full.size()));
            if (current != null) {
                others.add(current);
            }
            for (JournalSegment other : others) {
                if (other.canBeSynced() && depending.removeAll(other.jobs())) {
                    later.add(other.end(this));
                }
            }
        }
        for (JournalSegment.Position position : later) {
            position.sync();
        }
        return depending;
    }

    /**
     * Appends once more the last change of some jobs that the oldest full segment names, so that it can be forgotten though their
     * manifests can't be synced. On return that survives a power cut. The last change may be in any segment, also in one that can't be
     * synced any more: what is appended here must never be an older one.
     *
     * @param ids jobs that it names
     * @throws IOException if that can't be had
     */
    void carryFromOldest(Set<JobId> ids) throws IOException {
        JournalSegment.Position carried;
        synchronized (this) {
            Map<JobId, JournalEntry> last = new LinkedHashMap<>();
            List<JournalSegment> all = new ArrayList<>(full);
            if (current != null) {
                all.add(current);
            }
            for (JournalSegment segment : all) {
                segment.readLast(ids, last);
            }
            if (last.size() < ids.size()) {
                throw new IOException("what the journal says of " + ids + " can't be read");
            }
            carried = append(List.copyOf(last.values()));
        }
        carried.sync();
    }

    /**
     * Deletes the oldest full segment, whose jobs' manifests are synced. One at a time, durably: if an older one came back
     * without a newer one, its changes would be taken for the last.
     *
     * @throws IOException if it may still be there
     */
    public void forgetOldest() throws IOException {
        JournalSegment oldest = oldest();
        oldest.closeBetweenSyncs();
        disk.delete(oldest.file());
        disk.syncDirectory(directory);
        synchronized (this) {
            full.remove(oldest);
            fullCount = full.size();
        }
    }

    private synchronized JournalSegment oldest() {
        return full.get(0);
    }

    @Override
    public synchronized void close() {
        closed = true;
        full.forEach(JournalSegment::close);
        if (current != null) {
            current.close();
        }
        current = null;
        full = new ArrayList<>();
        fullCount = 0;
    }
}
