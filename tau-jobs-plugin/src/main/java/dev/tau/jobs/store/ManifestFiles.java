package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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

    private final StateDir dir;
    private final Disk disk;
    private final AtomicFiles files;
    /** What the journal says and the files do not yet. */
    private final WantedManifests wanted = new WantedManifests(this::stripe);

    /** Whose changes the journal must not forget. */
    private final Set<JobId> kept = ConcurrentHashMap.newKeySet();

    private final Object[] stripes = new Object[STRIPES];

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

    /** {@return what is still to be written; changes go to the journal by it} */
    WantedManifests wanted() {
        return wanted;
    }

    /**
     * Says what a manifest is to be, as the journal on disk says for good.
     *
     * @param id the job
     * @param content what the manifest is to hold; null if the job is to be gone
     */
    public void want(JobId id, byte @Nullable [] content) {
        wanted.put(id, content);
    }

    /**
     * Writes what is wanted of a job, if that has not been done yet. Synced in the journal before: after a power cut the new
     * name may be there without its content, and the old content is gone.
     */
    void write(JobId id) throws IOException {
        synchronized (stripe(id)) {
            WantedManifests.Wanted now = wanted.synced(id);
            if (now == null) {
                return;
            }
            byte[] content = now.content();
            if (content == null) {
                delete(id);
            } else {
                replace(dir.manifest(id), content);
            }
            wanted.written(id, now);
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
        for (JobId id : wanted.ids()) {
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
                    wanted.putIfAbsent(id, content);
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
