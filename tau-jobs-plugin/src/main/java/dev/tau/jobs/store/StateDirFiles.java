package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The single files of a state dir, for somebody who examines them one by one and wants to know what is wrong with each.
 * Follows no link and fills no memory.
 */
public final class StateDirFiles {
    private static final System.Logger LOG = System.getLogger(StateDirFiles.class.getName());

    private final StateDir dir;
    private final JsonCodec codec;

    /**
     * The files of a directory, which nobody opens by this.
     *
     * @param root the directory's real path
     * @param codec reads and writes them
     */
    public StateDirFiles(Path root, JsonCodec codec) {
        this.dir = new StateDir(root);
        this.codec = codec;
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

    /**
     * What state.json holds.
     *
     * @param snapshot its members of old
     * @param removed of the three states that end a job, how many such jobs have no files any more
     */
    public record Counters(Snapshot snapshot, Map<JobStatus, Long> removed) {}

    private interface Format<T> {
        T read(Map<String, @Nullable Object> map) throws InvalidFileException;
    }

    /** {@return where the manifests and outputs lie} */
    public Path jobs() {
        return dir.jobs();
    }

    /** {@return where others leave what they want of the owner} */
    public Path requests() {
        return dir.root().resolve("requests");
    }

    /** {@return where changes are made durable before the manifests show them} */
    public Path journal() {
        return dir.journal();
    }

    /**
     * What a crash has left in the journal and not in the manifests.
     *
     * @return by id, each job as its manifest should show it; empty if it should not be there
     * @throws IOException if the journal can't be read
     */
    public Map<JobId, Optional<JobRecord>> lagging() throws IOException {
        Map<JobId, Optional<JobRecord>> lagging = new LinkedHashMap<>();
        for (JournalEntry change : missed(JournalReplay.read(dir, codec))) {
            byte[] manifest = change.manifest();
            try {
                lagging.put(
                        change.id(),
                        manifest == null ? Optional.empty() : Optional.of(ManifestFormat.read(codec.read(manifest))));
            } catch (InvalidJsonException | InvalidFileException e) {
                LOG.log(System.Logger.Level.DEBUG, "the journal's word on " + change.id() + " can't be used", e);
            }
        }
        return lagging;
    }

    /**
     * What lies in the journal's directory and is no part of it.
     *
     * @return the files
     * @throws IOException if the journal can't be read
     */
    public List<Path> strangeInJournal() throws IOException {
        return JournalReplay.read(dir, codec).strange();
    }

    /**
     * Segments of the journal that hold an entry that can't be read, with others behind it.
     *
     * @return the files
     * @throws IOException if the journal can't be read
     */
    public List<Path> damagedInJournal() throws IOException {
        return List.copyOf(JournalReplay.read(dir, codec).damaged().keySet());
    }

    private Collection<JournalEntry> missed(JournalReplay replay) throws IOException {
        Counters counters = counters().value();
        Set<JobId> removing = counters == null ? Set.of() : StateDirLoader.removing(counters.snapshot());
        return replay.missed(removing).values();
    }

    /**
     * Lets the manifests show what the journal says, and empties it. Only for the directory's owner.
     *
     * @throws IOException if that can't be done; the next start does it then
     */
    public void catchUp() throws IOException {
        JournalReplay replay = JournalReplay.read(dir, codec);
        ManifestFiles manifests = new ManifestFiles(dir, Disk.local());
        replay.damaged()
                .forEach((file, content) -> new Quarantine(dir, Disk.local()).copy(file, content, "is damaged"));
        missed(replay).forEach(change -> manifests.want(change.id(), change.manifest()));
        try (Journal journal = replay.goOn(Disk.local(), Long.MAX_VALUE)) {
            while (journal.fullCount() > 0) {
                for (JobId id : journal.dependingOnOldest()) {
                    manifests.sync(id);
                }
                manifests.syncNames();
                journal.forgetOldest();
            }
        }
    }

    /** {@return where files go that can't be used} */
    public Path quarantine() {
        return dir.quarantine();
    }

    /** {@return the event log} */
    public Path events() {
        return dir.events();
    }

    /** {@return the file of the counters, state.json} */
    public Path snapshot() {
        return dir.snapshot();
    }

    /**
     * Reads a manifest.
     *
     * @param file the file, whose name must fit the id in it
     * @return the job, or why there is none
     */
    public Read<JobRecord> manifest(Path file) {
        return read(file, map -> {
            JobRecord job = ManifestFormat.read(map);
            if (!String.valueOf(file.getFileName()).equals(job.id() + ".json")) {
                throw InvalidFileException.invalid("job_id does not match the file's name");
            }
            return job;
        });
    }

    /**
     * Reads state.json.
     *
     * @return the counters, or why there are none
     */
    public Read<Counters> counters() {
        return read(dir.snapshot(), map -> {
            Map<JobStatus, Long> removed = new EnumMap<>(JobStatus.class);
            Fields fields = new Fields(map);
            for (JobStatus status : JobStatus.values()) {
                if (status.isTerminal()) {
                    removed.put(status, fields.integer("removed_" + status.wireName() + "_total", 0, 0));
                }
            }
            return new Counters(SnapshotFormat.read(map), removed);
        });
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
        byte[] json = codec.write(map, true);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        new AtomicFiles(Disk.local()).replace(dir.snapshot(), line);
    }

    /**
     * A name in the quarantine that is not taken. Only for the directory's owner.
     *
     * @param name the name to begin with
     * @return the place, in a directory that is there
     * @throws IOException if there is no quarantine and none can be made
     */
    public Path placeInQuarantine(String name) throws IOException {
        PrivateFiles.createDirectories(dir.quarantine());
        if (!Files.isDirectory(dir.quarantine(), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("quarantine is a link, and leads out of the state dir");
        }
        Path target = dir.quarantine().resolve(name);
        for (int i = 1; StateDir.exists(target); i++) {
            target = dir.quarantine().resolve(name + "." + i);
        }
        return target;
    }

    /**
     * Moves something to the quarantine; of a link, the link. Only for the directory's owner.
     *
     * @param file what to move
     * @return where it is now
     * @throws IOException if it can't be moved
     */
    public Path quarantine(Path file) throws IOException {
        Path target = placeInQuarantine(String.valueOf(file.getFileName()));
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        return target;
    }
}
