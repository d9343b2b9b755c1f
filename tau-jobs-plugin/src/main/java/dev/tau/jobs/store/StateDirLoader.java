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
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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
    /** Before they are looked through for older ones: some 5 MB. */
    private static final int MAX_MORE_WHOLE = 10_000;

    private final StateDir dir;
    private final JsonCodec codec;
    private final Disk disk;
    private final JournalReplay replay;
    private final ManifestFiles manifests;
    private final Set<JobId> removing = new HashSet<>();
    private Map<JobId, JournalEntry> missed = Map.of();
    private final CommonParts common = new CommonParts();
    private final List<JobRecord> jobs = new ArrayList<>();
    private History history = History.none();
    private int wholeAtMost = MAX_MORE_WHOLE;
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
        if (!loadBySummary()) {
            readAllManifests();
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
        return new Found(jobs, history, snapshot, problems, refused, List.of());
    }

    /** Returns false if there is no summary that counts; nothing has been read then. */
    private boolean loadBySummary() throws IOException {
        Summary summary = Summary.read(dir.summary()).orElse(null);
        if (summary == null || !summary.stamp().equals(Files.getLastModifiedTime(dir.jobs()))) {
            return false;
        }
        history = summary.ended();
        removing.forEach(history::remove);
        Set<JobId> whole = new LinkedHashSet<>(summary.live());
        whole.addAll(replay.jobs());
        for (JobStatus status : JobStatus.values()) {
            history.newest(Set.of(status), WHOLE, null, Long.MIN_VALUE).forEach(entry -> whole.add(entry.id()));
        }
        whole.forEach(history::remove);
        try (InOrder<Path, Manifest> reading = new InOrder<>(this::read, this::take)) {
            whole.stream()
                    .map(dir::manifest)
                    .filter(file -> StateDir.exists(file) && isWanted(file))
                    .forEach(reading::add);
            reading.finish();
        }
        replay.saw(summary.highestNumber());
        return true;
    }

    private void readAllManifests() throws IOException {
        String glob = "{" + AtomicFiles.TEMPORARY_GLOB + ",*" + ManifestReader.SUFFIX + "}";
        try (InOrder<Path, Manifest> reading = new InOrder<>(this::read, this::take);
                DirectoryStream<Path> files = Files.newDirectoryStream(dir.jobs(), glob)) {
            for (Path file : files) {
                if (AtomicFiles.isTemporary(String.valueOf(file.getFileName()))) {
                    deleteLeftover(file);
                } else if (isWanted(file)) {
                    reading.add(file);
                }
            }
            reading.finish();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        keepOfOlderWhatListsNeed();
    }

    /** Of all but the newest of a state only so much is kept in memory as a list needs. */
    private void keepOfOlderWhatListsNeed() {
        jobs.sort(JobRecord.NEWEST_FIRST);
        Map<JobStatus, Integer> kept = new EnumMap<>(JobStatus.class);
        List<JobRecord> older = new ArrayList<>();
        int room = History.MAX_JOBS - history.size();
        jobs.removeIf(job -> job.status().isTerminal()
                && kept.merge(job.status(), 1, Integer::sum) > WHOLE
                && older.size() < room
                && older.add(job));
        history = history.with(older);
        wholeAtMost = jobs.size() + MAX_MORE_WHOLE;
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
        // Whether one is older than the journal can't be told: its job might be run again, or go on though it was
        // cancelled.
        for (JobId id : replay.unreadable()) {
            refused.put(id.value(), "can't be read, and may lack a change that the journal has");
            problems.add("background_job_unreadable: file=jobs/" + id + ".json error=it may lack a change");
        }
        manifests.keepInJournal(replay.unreadable());
    }

    /** {@return jobs that are counted as removed, and whose files may still be there} */
    Set<JobId> removing() {
        return removing;
    }

    private static String nameOf(Path manifest) {
        String name = String.valueOf(manifest.getFileName());
        return name.substring(0, name.length() - ManifestReader.SUFFIX.length());
    }

    private boolean isWanted(Path manifest) {
        JobId id = JobId.parse(nameOf(manifest)).orElse(null);
        return id == null
                || !(removing.contains(id)
                        || missed.containsKey(id)
                        || replay.unreadable().contains(id));
    }

    /** What a manifest says, or why that can't be told. */
    private record Manifest(
            @Nullable JobRecord job, long number, @Nullable IOException failure) {}

    private Manifest read(Path file) {
        try {
            Map<String, @Nullable Object> content = codec.read(BoundedFiles.read(file));
            return new Manifest(ManifestReader.parse(file, content), ManifestFormat.number(content), null);
        } catch (IOException e) {
            return new Manifest(null, 0, e);
        }
    }

    private void take(Path file, Manifest manifest) {
        JobRecord job = manifest.job();
        if (job != null) {
            replay.saw(manifest.number());
            jobs.add(common.share(job));
            if (jobs.size() > wholeAtMost) {
                keepOfOlderWhatListsNeed();
            }
        } else if (manifest.failure() != null) {
            putAside(file, manifest.failure());
        }
    }

    private void putAside(Path file, IOException why) {
        String name = nameOf(file);
        if (why instanceof InvalidFileException invalid && invalid.isNewer()) {
            refused.put(name, invalid.getMessage());
            problems.add("background_job_manifest_refused: file=jobs/" + name + ".json error=" + invalid.getMessage());
        } else if (why instanceof NoSuchFileException) {
            LOG.log(System.Logger.Level.DEBUG, "gone since it was listed: " + file, why);
        } else if (why instanceof InvalidFileException || why instanceof InvalidJsonException) {
            quarantine(file, why);
        } else {
            // A disk or a permission that fails now may not fail next time: the manifest itself may be good.
            refused.put(name, "can't be read: " + why.getMessage());
            problems.add("background_job_unreadable: file=jobs/" + name + ".json error=" + why.getMessage());
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
