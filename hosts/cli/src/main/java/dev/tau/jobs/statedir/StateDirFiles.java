package dev.tau.jobs.statedir;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.AtomicFiles;
import dev.tau.jobs.store.BoundedFiles;
import dev.tau.jobs.store.InvalidFileException;
import dev.tau.jobs.store.ManifestFormat;
import dev.tau.jobs.store.ManifestReader;
import dev.tau.jobs.store.Quarantine;
import dev.tau.jobs.store.SnapshotFormat;
import dev.tau.jobs.store.StateDir;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The single files of a state dir, for somebody who examines them one by one and wants to know what is wrong with each.
 * Follows no link and fills no memory.
 */
public final class StateDirFiles {
    private final StateDir dir;
    private final JsonCodec codec;
    private final Disk disk;
    private final Quarantine quarantine;

    /**
     * The files of a directory, which nobody opens by this.
     *
     * @param dir the directory, by its real path
     * @param codec reads and writes them
     * @param disk changes them
     */
    public StateDirFiles(StateDir dir, JsonCodec codec, Disk disk) {
        this.dir = dir;
        this.codec = codec;
        this.disk = disk;
        this.quarantine = new Quarantine(dir, disk);
    }

    /** How reading a file went. */
    public enum Verdict {
        /** It is good. */
        GOOD,
        /** It holds what no version of ours reads. */
        INVALID,
        /** A newer version wrote it. */
        NEWER,
        /** The disk or the permissions keep it from us; it may be good. */
        UNREADABLE,
        /** It is not there, or no longer. */
        ABSENT
    }

    /**
     * A file that was read, or was not.
     *
     * @param verdict how it went
     * @param value what it holds, null unless the verdict is good
     * @param why what is wrong with it, as the rest of a sentence about it; empty if nothing is
     * @param <T> what it holds
     */
    public record Read<T>(Verdict verdict, @Nullable T value, String why) {}

    private interface Format<T> {
        T read(Map<String, @Nullable Object> map) throws IOException;
    }

    /**
     * Reads the journal.
     *
     * @return the journal as it is now
     * @throws IOException if it can't be read
     */
    public FoundJournal journal() throws IOException {
        Snapshot snapshot = counters().value();
        return new FoundJournal(dir, codec, disk, snapshot == null ? Set.of() : SnapshotFormat.removing(snapshot));
    }

    /**
     * Reads a manifest.
     *
     * @param file the file, whose name must fit the id in it
     * @return the job, or why there is none
     */
    public Read<JobRecord> manifest(Path file) {
        return read(file, content -> ManifestReader.parse(file, content));
    }

    /**
     * Reads state.json.
     *
     * @return the counters, or why there are none
     */
    public Read<Snapshot> counters() {
        return read(dir.snapshot(), SnapshotFormat::read);
    }

    private <T> Read<T> read(Path file, Format<T> format) {
        try {
            return new Read<>(Verdict.GOOD, format.read(codec.read(BoundedFiles.read(file))), "");
        } catch (InvalidFileException e) {
            // Somebody may have removed it since it was listed.
            Verdict verdict = e.isNewer() ? Verdict.NEWER : StateDir.exists(file) ? Verdict.INVALID : Verdict.ABSENT;
            return new Read<>(verdict, null, String.valueOf(e.getMessage()));
        } catch (InvalidJsonException e) {
            return new Read<>(Verdict.INVALID, null, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Read<>(
                    StateDir.exists(file) ? Verdict.UNREADABLE : Verdict.ABSENT,
                    null,
                    "can't be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Replaces some members of state.json and keeps all others, those of other versions too. Only for its owner.
     *
     * @param counters the members
     * @throws IOException if it can't be read or written; it is then as it was
     */
    public void replaceCounters(Map<String, Long> counters) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>(codec.read(BoundedFiles.read(dir.snapshot())));
        map.putAll(counters);
        new AtomicFiles(disk).replace(dir.snapshot(), ManifestFormat.withNewline(codec.write(map, true)));
    }

    /**
     * A name in the quarantine that is not taken. Only for the directory's owner.
     *
     * @param name the name to begin with
     * @return the place, in a directory that is there
     * @throws IOException if there is no quarantine and none can be made
     */
    public Path placeInQuarantine(String name) throws IOException {
        return quarantine.place(name);
    }

    /**
     * Moves something to the quarantine; of a link, the link. Only for the directory's owner.
     *
     * @param file what to move
     * @return where it is now
     * @throws IOException if it can't be moved
     */
    public Path quarantine(Path file) throws IOException {
        Path target = quarantine.place(String.valueOf(file.getFileName()));
        disk.rename(file, target);
        return target;
    }
}
