package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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

    private static final System.Logger LOG = System.getLogger(Journal.class.getName());

    private final Path directory;
    private final Disk disk;
    private final long segmentBytes;
    private final AtomicLong nextNumber;
    private @Nullable Segment current;
    private List<Segment> full = new ArrayList<>();
    private volatile int fullCount;
    private boolean closed;

    /** A part of the journal. */
    static final class Segment {
        private final Path file;
        private final Set<JobId> jobs = new LinkedHashSet<>();
        private volatile Disk.@Nullable Appender out;
        private long size;
        private boolean broken;
        private volatile long appended;
        /** {@link System#nanoTime} of when it was full; null if an earlier runtime has left it. */
        private @Nullable Long fullNanos;

        private final SharedSync sync = new SharedSync(new SharedSync.Target() {
            @Override
            public long appended() {
                return appended;
            }

            @Override
            public void sync() throws IOException {
                appender(Segment.this).sync();
            }
        });

        Segment(Path file, Collection<JobId> jobs) {
            this.file = file;
            this.jobs.addAll(jobs);
        }

        Path file() {
            return file;
        }
    }

    /** Where a change was appended. */
    static final class Position {
        private final Journal journal;
        private final Segment segment;
        private final long count;

        private Position(Journal journal, Segment segment, long count) {
            this.journal = journal;
            this.segment = segment;
            this.count = count;
        }

        /** {@return where it is} */
        Journal journal() {
            return journal;
        }

        /** {@return whether no sync can make it sure any more, as one has failed: it is to be appended again} */
        boolean isLost() {
            return segment.sync.isLost(count);
        }

        /**
         * On return the change, and all before it in its segment, survives a power cut.
         *
         * @throws IOException if that can't be had; whether it will be read after a crash is not known then
         */
        void sync() throws IOException {
            segment.sync.upTo(count);
        }
    }

    /**
     * A journal that goes on.
     *
     * @param directory where its segments lie
     * @param disk changes them
     * @param segmentBytes a segment is full when it is longer
     * @param nextNumber the number of the next change
     * @param left the segments that an earlier runtime has left, oldest first
     */
    Journal(Path directory, Disk disk, long segmentBytes, long nextNumber, List<Segment> left) {
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
     * Appends changes, by one write. It survives the end of this process; not a power cut before {@link Position#sync}.
     *
     * @throws IOException if that failed; nobody will read the changes then
     */
    synchronized Position append(List<JournalEntry> changes) throws IOException {
        if (closed) {
            throw new IOException("the journal is closed");
        }
        Segment segment = writable();
        byte[] bytes = encode(changes);
        try {
            appender(segment).append(bytes);
        } catch (IOException e) {
            segment.broken = !cut(segment);
            throw e;
        }
        changes.forEach(change -> segment.jobs.add(change.id()));
        segment.size += bytes.length;
        return new Position(this, segment, ++segment.appended);
    }

    /** Takes half an entry away again; returns whether that was done. */
    private boolean cut(Segment segment) {
        try {
            appender(segment).truncate(segment.size);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not used any more: " + segment.file, e);
            return false;
        }
    }

    private static byte[] encode(List<JournalEntry> changes) {
        if (changes.size() == 1) {
            return changes.get(0).encode();
        }
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        changes.forEach(change -> all.writeBytes(change.encode()));
        return all.toByteArray();
    }

    private Segment writable() throws IOException {
        Segment segment = current;
        if (segment != null && (segment.broken || segment.sync.hasFailed() || segment.size >= segmentBytes)) {
            addFull(segment);
            current = null;
            segment = null;
        }
        return segment == null ? begin() : segment;
    }

    private void addFull(Segment segment) {
        segment.fullNanos = System.nanoTime();
        full.add(segment);
        fullCount = full.size();
    }

    private Segment begin() throws IOException {
        // A number of its own: a segment that broke before anything was in it may have taken the last one.
        Path file = directory.resolve(String.format(Locale.ROOT, "%016d", number()) + SUFFIX);
        Segment segment = new Segment(file, List.of());
        segment.out = disk.begin(file);
        try {
            disk.syncDirectory(directory);
        } catch (IOException e) {
            close(segment);
            discard(segment);
            throw e;
        }
        current = segment;
        return segment;
    }

    private void discard(Segment empty) {
        try {
            disk.delete(empty.file);
        } catch (IOException e) {
            addFull(empty);
        }
    }

    private static Disk.Appender appender(Segment segment) throws IOException {
        Disk.Appender out = segment.out;
        if (out == null) {
            throw new IOException("the journal is closed");
        }
        return out;
    }

    /** {@return how many segments are to be forgotten; asked at each change, so it waits for nobody} */
    public int fullCount() {
        return fullCount;
    }

    /** {@return for how long the oldest full segment has been full, in ns; for ever, if an earlier runtime has left it} */
    synchronized long ageOfOldest() {
        Long since = full.isEmpty() ? null : full.get(0).fullNanos;
        return since == null ? Long.MAX_VALUE : System.nanoTime() - since;
    }

    /** Ends the current segment, so that it can be forgotten, too. */
    synchronized void endSegment() {
        Segment segment = current;
        if (segment != null && segment.appended > 0) {
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
        List<Position> later = new ArrayList<>();
        synchronized (this) {
            if (full.isEmpty()) {
                return Set.of();
            }
            depending = new LinkedHashSet<>(full.get(0).jobs);
            List<Segment> others = new ArrayList<>(full.subList(1, full.size()));
            if (current != null) {
                others.add(current);
            }
            for (Segment other : others) {
                // What an earlier runtime has left can't be synced any more by this one.
                if (other.out != null && !other.sync.hasFailed() && depending.removeAll(other.jobs)) {
                    later.add(new Position(this, other, other.appended));
                }
            }
        }
        for (Position position : later) {
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
        Position carried;
        synchronized (this) {
            Map<JobId, JournalEntry> last = new LinkedHashMap<>();
            List<Segment> all = new ArrayList<>(full);
            if (current != null) {
                all.add(current);
            }
            for (Segment segment : all) {
                if (!Collections.disjoint(segment.jobs, ids)) {
                    readLast(segment, ids, last);
                }
            }
            if (last.size() < ids.size()) {
                throw new IOException("what the journal says of " + ids + " can't be read");
            }
            carried = append(List.copyOf(last.values()));
        }
        carried.sync();
    }

    private static void readLast(Segment segment, Set<JobId> ids, Map<JobId, JournalEntry> last) throws IOException {
        for (JournalEntry entry : JournalEntry.decodeWhole(Files.readAllBytes(segment.file))) {
            if (ids.contains(entry.id())) {
                last.merge(entry.id(), entry, (a, b) -> b.number() > a.number() ? b : a);
            }
        }
    }

    /**
     * Deletes the oldest full segment, whose jobs' manifests are synced. One at a time, durably: if an older one came back
     * without a newer one, its changes would be taken for the last.
     *
     * @throws IOException if it may still be there
     */
    public void forgetOldest() throws IOException {
        Segment oldest = oldest();
        oldest.sync.between(() -> close(oldest));
        disk.delete(oldest.file);
        disk.syncDirectory(directory);
        synchronized (this) {
            full.remove(oldest);
            fullCount = full.size();
        }
    }

    private synchronized Segment oldest() {
        return full.get(0);
    }

    private static void close(Segment segment) {
        Disk.Appender out = segment.out;
        segment.out = null;
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "could not close " + segment.file, e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        full.forEach(Journal::close);
        if (current != null) {
            close(current);
        }
        current = null;
        full = new ArrayList<>();
        fullCount = 0;
    }
}
