package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of the journal: one file. For one thread at a time, which has the journal's lock; syncs, and what is asked of the end of a file
 * that was begun, are for any.
 */
final class JournalSegment implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JournalSegment.class.getName());

    private final Path file;
    private final Set<JobId> jobs = new LinkedHashSet<>();
    /** Null if an earlier runtime has left it, and once it is closed. */
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
            appender().sync();
        }
    });

    /** Where a change was appended. */
    static final class Position {
        private final Journal journal;
        private final JournalSegment segment;
        private final long count;

        private Position(Journal journal, JournalSegment segment, long count) {
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

    /** One that an earlier runtime has left, and what jobs it names; nothing can be appended to it. */
    JournalSegment(Path file, Collection<JobId> jobs) {
        this.file = file;
        this.jobs.addAll(jobs);
    }

    /** A new one. */
    static JournalSegment begin(Path file, Disk disk) throws IOException {
        JournalSegment segment = new JournalSegment(file, List.of());
        segment.out = disk.begin(file);
        return segment;
    }

    Path file() {
        return file;
    }

    /** {@return the jobs that it names} */
    Set<JobId> jobs() {
        return jobs;
    }

    /** Appends changes by one write; if that fails, cuts off what was written of them, or is not used any more. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // with the journal's lock
    void append(List<JournalEntry> changes, byte[] bytes) throws IOException {
        try {
            appender().append(bytes);
        } catch (IOException e) {
            broken = !cut();
            throw e;
        }
        changes.forEach(change -> jobs.add(change.id()));
        size += bytes.length;
        appended++;
    }

    /** Takes half an entry away again; returns whether that was done. */
    private boolean cut() {
        try {
            appender().truncate(size);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not used any more: " + file, e);
            return false;
        }
    }

    private Disk.Appender appender() throws IOException {
        Disk.Appender open = out;
        if (open == null) {
            throw new IOException("the journal is closed");
        }
        return open;
    }

    /** Whether more may be appended, as long as it is not longer than that. */
    boolean hasRoom(long mostBytes) {
        return !broken && !sync.hasFailed() && size < mostBytes;
    }

    boolean isEmpty() {
        return appended == 0;
    }

    /** Where it ends now. */
    Position end(Journal journal) {
        return new Position(journal, this, appended);
    }

    /** Whether what it says can be made sure: not of what an earlier runtime has left, nor after a sync that failed. */
    boolean canBeSynced() {
        return out != null && !sync.hasFailed();
    }

    /** Nothing more is appended. */
    void full() {
        fullNanos = System.nanoTime();
    }

    /** For how long it has been full, in ns; for ever, if an earlier runtime has left it. */
    long age() {
        return fullNanos == null ? Long.MAX_VALUE : System.nanoTime() - fullNanos;
    }

    /** Adds what it says of some jobs to what is known, if that is newer. */
    void readLast(Set<JobId> ids, Map<JobId, JournalEntry> last) throws IOException {
        if (Collections.disjoint(jobs, ids)) {
            return;
        }
        for (JournalEntry entry : JournalEntry.decodeWhole(Files.readAllBytes(file))) {
            if (ids.contains(entry.id())) {
                last.merge(entry.id(), entry, (a, b) -> b.number() > a.number() ? b : a);
            }
        }
    }

    /** Closes it while no sync runs. */
    void closeBetweenSyncs() {
        sync.between(this::close);
    }

    @Override
    public void close() {
        Disk.Appender open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "could not close " + file, e);
            }
        }
    }
}
