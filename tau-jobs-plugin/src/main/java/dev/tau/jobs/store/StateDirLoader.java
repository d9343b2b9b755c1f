package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.JobStore.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a state dir at its opening, clears what a crash left, and puts aside what can't be used. */
final class StateDirLoader {
    private static final System.Logger LOG = System.getLogger(StateDirLoader.class.getName());

    /** Of each state: as many as most lists show. */
    private static final int WHOLE = 32;

    private final StateDir dir;
    private final JsonCodec codec;
    private final Disk disk;
    private final JournalReplay replay;
    private final ManifestFiles manifests;
    private final Set<JobId> removing = new HashSet<>();
    private Map<JobId, JournalEntry> missed = Map.of();
    private final CommonParts common = new CommonParts();
    private final List<JobRecord> jobs = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();

    StateDirLoader(StateDir dir, JsonCodec codec, Disk disk, JournalReplay replay, ManifestFiles manifests) {
        this.dir = dir;
        this.codec = codec;
        this.disk = disk;
        this.replay = replay;
        this.manifests = manifests;
    }

    Found load() throws IOException {
        // First, since a state dir of a newer version must stay as it is.
        Snapshot snapshot = readSnapshot();
        noteMissed(snapshot);
        History history = loadBySummary();
        if (history == null) {
            readAllManifests();
            history = takeOutOlder();
        }
        // Not in requests/: a guest may be writing there right now.
        for (Path directory : List.of(dir.root(), dir.heard())) {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                for (Path file : StateDir.list(directory, AtomicFiles.TEMPORARY_GLOB)) {
                    deleteLeftover(file);
                }
            }
        }
        makeUpForMissed();
        checkEventLog();
        jobs.sort(JobRecord.OLDEST_FIRST);
        return new Found(jobs, history, snapshot, problems, refused);
    }

    /** Returns null if there is no summary that counts; nothing has been read then. */
    private @Nullable History loadBySummary() throws IOException {
        Summary summary = Summary.read(dir.summary()).orElse(null);
        if (summary == null || !summary.stamp().equals(Files.getLastModifiedTime(dir.jobs()))) {
            return null;
        }
        History history = summary.ended();
        removing.forEach(history::remove);
        List<JobId> whole = new ArrayList<>(summary.live());
        whole.addAll(replay.jobs());
        for (JobStatus status : JobStatus.values()) {
            history.newest(Set.of(status), WHOLE, null, Long.MIN_VALUE).forEach(entry -> whole.add(entry.id()));
        }
        for (JobId id : new LinkedHashSet<>(whole)) {
            history.remove(id);
            if (StateDir.exists(dir.manifest(id))) {
                readManifest(dir.manifest(id), id.value());
            }
        }
        replay.saw(summary.highestNumber());
        return history;
    }

    /** Of all but the newest of a state only so much is kept in memory as a list needs. */
    private History takeOutOlder() {
        jobs.sort(JobRecord.NEWEST_FIRST);
        Map<JobStatus, Integer> kept = new EnumMap<>(JobStatus.class);
        List<JobRecord> older = new ArrayList<>();
        jobs.removeIf(job -> job.status().isTerminal()
                && kept.merge(job.status(), 1, Integer::sum) > WHOLE
                && older.size() < History.MAX_JOBS
                && older.add(job));
        return History.of(older);
    }

    private void readAllManifests() throws IOException {
        for (Path file :
                StateDir.list(dir.jobs(), "{" + AtomicFiles.TEMPORARY_GLOB + ",*" + ManifestReader.SUFFIX + "}")) {
            String name = String.valueOf(file.getFileName());
            if (AtomicFiles.isTemporary(name)) {
                deleteLeftover(file);
            } else {
                readManifest(file, name.substring(0, name.length() - ManifestReader.SUFFIX.length()));
            }
        }
    }

    /** A torn line is cut where it is next written to; what can be none of ours is put aside. */
    private void checkEventLog() {
        if (!StateDir.exists(dir.events())) {
            return;
        }
        try {
            if (!Files.isRegularFile(dir.events(), LinkOption.NOFOLLOW_LINKS)) {
                quarantine(dir.events(), InvalidFileException.invalid("is no regular file"));
            } else if (EventLog.torn(dir.events()).bytes() > JsonCodec.MAX_BYTES) {
                quarantine(dir.events(), InvalidFileException.invalid("ends in a line that is none of ours"));
            }
        } catch (IOException e) {
            problems.add("background_job_unreadable: file=events.jsonl error=" + e.getMessage());
        }
    }

    private void deleteLeftover(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            problems.add("background_job_leftover: file=" + file.getFileName() + " error=" + e.getMessage());
        }
    }

    private @Nullable Snapshot readSnapshot() throws IOException {
        if (!StateDir.exists(dir.snapshot())) {
            return null;
        }
        try {
            return SnapshotFormat.read(codec.read(BoundedFiles.read(dir.snapshot())));
        } catch (InvalidFileException e) {
            if (e.isNewer()) {
                throw new IOException("state.json " + e.getMessage(), e);
            }
            quarantine(dir.snapshot(), e);
        } catch (InvalidJsonException e) {
            quarantine(dir.snapshot(), e);
        } catch (IOException e) {
            problems.add("background_job_unreadable: file=state.json error=" + e.getMessage());
        }
        return null;
    }

    /** A removal that a crash cut short is to be finished: the snapshot counts those jobs as removed already. */
    private void noteMissed(@Nullable Snapshot snapshot) throws IOException {
        if (snapshot != null) {
            removing.addAll(SnapshotFormat.removing(snapshot));
        }
        missed = replay.missed(removing);
    }

    /** {@return jobs that are counted as removed, and whose files may still be there} */
    Set<JobId> removing() {
        return removing;
    }

    private void readManifest(Path file, String name) {
        JobId id = JobId.parse(name).orElse(null);
        if (id != null && (removing.contains(id) || missed.containsKey(id))) {
            return;
        }
        try {
            Map<String, @Nullable Object> content = codec.read(BoundedFiles.read(file));
            JobRecord job = ManifestReader.parse(file, content);
            replay.saw(ManifestFormat.number(content));
            jobs.add(common.share(job));
        } catch (InvalidFileException e) {
            if (e.isNewer()) {
                refused.put(name, e.getMessage());
                problems.add("background_job_manifest_refused: file=jobs/" + name + ".json error=" + e.getMessage());
            } else {
                quarantine(file, e);
            }
        } catch (InvalidJsonException e) {
            quarantine(file, e);
        } catch (IOException e) {
            // A disk or a permission that fails now may not fail next time: the manifest itself may be good.
            refused.put(name, "can't be read: " + e.getMessage());
            problems.add("background_job_unreadable: file=jobs/" + name + ".json error=" + e.getMessage());
        }
    }

    /** A crash came between the journal and the manifests. */
    private void makeUpForMissed() {
        for (JournalEntry change : missed.values()) {
            try {
                byte[] manifest = change.manifest();
                if (manifest != null) {
                    jobs.add(ManifestReader.parse(dir.manifest(change.id()), codec.read(manifest)));
                }
                manifests.want(change.id(), manifest);
                manifests.write(change.id());
            } catch (InvalidJsonException | InvalidFileException e) {
                refuse(change, e);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the manifest of " + change.id() + " lags behind", e);
            }
        }
        replay.damaged()
                .forEach((file, content) -> problems.add(new Quarantine(dir, disk)
                        .copy(file, content, "has entries that can't be read; what they say is lost")));
        for (Path file : replay.strange()) {
            quarantine(file, InvalidFileException.invalid("is no part of the journal"));
        }
    }

    /** A newer version's, say. The job is not taken for gone, and the change is kept: the journal will forget it. */
    private void refuse(JournalEntry change, IOException why) {
        String id = change.id().value();
        problems.add("background_job_journal_refused: id=" + id + " error=" + why.getMessage());
        refused.put(id, "the journal has a change that can't be used: " + why.getMessage());
        byte[] manifest = change.manifest();
        if (manifest != null) {
            problems.add(new Quarantine(dir, disk)
                    .copy(dir.manifest(change.id()), manifest, "is a change that can't be used"));
        }
    }

    private void quarantine(Path file, IOException why) {
        problems.add(new Quarantine(dir, disk).move(file, String.valueOf(why.getMessage())));
        LOG.log(System.Logger.Level.DEBUG, "put aside " + file, why);
    }
}
