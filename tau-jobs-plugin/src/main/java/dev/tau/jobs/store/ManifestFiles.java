package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The manifests on disk: what the journal says, for readers. They are written without a sync of their own and may lag behind
 * the journal; nothing that is in the journal is forgotten before it is here. Safe for several threads.
 */
public final class ManifestFiles {
    private static final System.Logger LOG = System.getLogger(ManifestFiles.class.getName());
    private static final int STRIPES = 256;
    /** Each sync that fails costs a segment of the journal. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

    private final StateDir dir;
    private final Disk disk;
    private final AtomicFiles files;
    /** What the journal says and the files do not yet. */
    private final Map<JobId, Wanted> wanted = new ConcurrentHashMap<>();

    /** Whose changes the journal must not forget. */
    private final Set<JobId> kept = ConcurrentHashMap.newKeySet();

    private final Object[] stripes = new Object[STRIPES];
    private volatile long syncFailedAt = System.nanoTime() - PAUSE_AFTER_FAILURE.toNanos();

    /**
     * What a manifest is to be.
     *
     * @param content null if neither it nor the job's outputs are to be there
     * @param number of the change
     * @param position where the journal says so; null if that is on disk for good
     * @param awaited whether somebody waits for its sync, and takes it back if that fails
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity alone
    private record Wanted(
            byte @Nullable [] content, long number, Journal.@Nullable Position position, boolean awaited) {
        /** One that the journal on disk says for good. */
        static Wanted sure(byte @Nullable [] content) {
            return new Wanted(content, 0, null, false);
        }
    }

    /**
     * The manifests of a state dir.
     *
     * @param dir the state dir
     * @param disk changes its files
     */
    public ManifestFiles(StateDir dir, Disk disk) {
        this.dir = dir;
        this.disk = disk;
        this.files = new AtomicFiles(disk);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /** Something that is to be written, until somebody does. */
    final class Change {
        private final JobId id;
        private final Wanted now;
        private final @Nullable Wanted before;

        private Change(JobId id, Wanted now) {
            this.id = id;
            this.now = now;
            this.before = wanted.put(id, now);
        }

        /** It is not sure to have happened. If somebody has written it already, it stays. */
        void takeBack() {
            synchronized (stripe(id)) {
                wanted.computeIfPresent(id, (key, latest) -> latest.equals(now) ? before : latest);
            }
        }
    }

    /**
     * Appends changes to the journal, and remembers what the manifests are to be then: in one step, so that whoever learns
     * from the journal what a segment names learns from here what is to be written.
     *
     * @return where they were appended, and what to take back if they can't be synced
     */
    Appended append(Journal journal, List<JournalEntry> changes) throws IOException {
        synchronized (journal) {
            Journal.Position position = journal.append(changes);
            return new Appended(
                    position,
                    changes.stream()
                            .map(change -> new Change(
                                    change.id(), new Wanted(change.manifest(), change.number(), position, true)))
                            .toList());
        }
    }

    /** Appends a change whose sync nobody waits for: it is synced before it is written. */
    void appendSoon(Journal journal, JournalEntry change) throws IOException {
        synchronized (journal) {
            Journal.Position position = journal.append(List.of(change));
            wanted.put(change.id(), new Wanted(change.manifest(), change.number(), position, false));
        }
    }

    /**
     * Changes that are in the journal.
     *
     * @param position where
     * @param changes what they change
     */
    record Appended(Journal.Position position, List<Change> changes) {}

    /**
     * Says what a manifest is to be, as the journal on disk says for good.
     *
     * @param id the job
     * @param content what the manifest is to hold; null if the job is to be gone
     */
    public void want(JobId id, byte @Nullable [] content) {
        wanted.put(id, Wanted.sure(content));
    }

    /**
     * Writes what is wanted of a job, if that has not been done yet. Synced in the journal before: after a power cut the new
     * name may be there without its content, and the old content is gone.
     */
    void write(JobId id) throws IOException {
        synchronized (stripe(id)) {
            Wanted now = synced(id);
            if (now == null) {
                return;
            }
            byte[] content = now.content();
            if (content == null) {
                delete(id);
            } else {
                replace(dir.manifest(id), content);
            }
            wanted.remove(id, now);
        }
    }

    /** What is wanted of a job, once the journal is sure to say so; null if nothing is. */
    private @Nullable Wanted synced(JobId id) throws IOException {
        Wanted now = wanted.get(id);
        Journal.Position position = now == null ? null : now.position();
        if (now == null || position == null) {
            return now;
        }
        if (position.isLost()) {
            if (now.awaited() || System.nanoTime() - syncFailedAt < PAUSE_AFTER_FAILURE.toNanos()) {
                throw new IOException("the journal could not be synced a moment ago");
            }
            now = appendAgain(id, now, position.journal());
            position = now == null ? null : now.position();
            if (position == null) {
                return now;
            }
        }
        try {
            position.sync();
        } catch (IOException e) {
            syncFailedAt = System.nanoTime();
            throw e;
        }
        return now;
    }

    /** To another segment, under its number: if both are read again one day, they say the same. */
    private @Nullable Wanted appendAgain(JobId id, Wanted lost, Journal journal) throws IOException {
        synchronized (journal) {
            Wanted latest = wanted.get(id);
            if (latest == null || !latest.equals(lost)) {
                return latest; // changed again meanwhile
            }
            Journal.Position position = journal.append(List.of(new JournalEntry(id, lost.number(), lost.content())));
            Wanted again = new Wanted(lost.content(), lost.number(), position, false);
            wanted.put(id, again);
            return again;
        }
    }

    private void replace(Path manifest, byte[] content) throws IOException {
        try {
            files.replaceUnsynced(manifest, content);
        } catch (IOException e) {
            if (!Files.isDirectory(manifest, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            // A job of ours may have put it there: it must not keep the journal from ever being forgotten.
            LOG.log(
                    System.Logger.Level.WARNING,
                    new Quarantine(dir, disk).move(manifest, "is a directory in the place of a file"));
            files.replaceUnsynced(manifest, content);
        }
    }

    /** The manifest last: what a crash leaves of a job can still be told to be one. */
    private void delete(JobId id) throws IOException {
        for (Path file : List.of(dir.stdout(id), dir.stderr(id), dir.manifest(id))) {
            try {
                disk.delete(file);
            } catch (DirectoryNotEmptyException e) {
                // Who put it there can't be meant to keep all else from being removed.
                LOG.log(
                        System.Logger.Level.WARNING,
                        new Quarantine(dir, disk).move(file, "is a directory in the place of a file"));
            }
        }
    }

    /** What the journal says of some jobs stays there, as their manifests can't be read; until the next start. */
    void keepInJournal(Set<JobId> ids) {
        kept.addAll(ids);
    }

    /** Whether only the journal is sure to have the last change of a job: it must not be forgotten. */
    boolean isKeptInJournal(JobId id) {
        return kept.contains(id);
    }

    /** {@return whether all is written, and nothing else is left of that} */
    boolean allWrittenAndNothingLeft() {
        return wanted.isEmpty() && !files.hasLeftBehind();
    }

    /** {@return whether all is written} */
    boolean allWritten() {
        return wanted.isEmpty();
    }

    /** Writes all that is wanted, as far as that can be done; returns whether all is. */
    boolean writeAll() {
        boolean all = true;
        for (JobId id : wanted.keySet()) {
            try {
                write(id);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the manifest of " + id + " lags behind", e);
                all = false;
            }
        }
        return all;
    }

    /**
     * On return, and after {@link #syncNames}, a job's manifest is as wanted also after a power cut.
     *
     * @param id the job
     * @throws IOException if that can't be had
     */
    public void sync(JobId id) throws IOException {
        if (kept.contains(id)) {
            throw new IOException("only the journal is sure to have the last change of " + id);
        }
        write(id);
        try {
            disk.sync(dir.manifest(id));
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.TRACE, "gone, as wanted: " + id, e);
        } catch (IOException e) {
            writeAnew(id);
            throw e;
        }
    }

    /**
     * After a sync that failed. The system may have dropped what it could not write, and say so only once: the next sync of
     * that file proves nothing, so there must be another file.
     */
    private void writeAnew(JobId id) {
        synchronized (stripe(id)) {
            try {
                byte[] content = BoundedFiles.read(dir.manifest(id));
                if (isWhole(content)) {
                    wanted.putIfAbsent(id, Wanted.sure(content));
                    return;
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "can't be read to be written anew: " + id, e);
            }
            kept.add(id);
        }
    }

    /** There are zeros where something was dropped, and none in JSON. */
    private static boolean isWhole(byte[] content) {
        for (byte b : content) {
            if (b == 0) {
                return false;
            }
        }
        return content.length > 0;
    }

    /**
     * On return the manifests that were made and deleted are so also after a power cut.
     *
     * @throws IOException if that can't be had
     */
    public void syncNames() throws IOException {
        disk.syncDirectory(dir.jobs());
    }

    private Object stripe(JobId id) {
        return stripes[Math.floorMod(id.hashCode(), STRIPES)];
    }
}
