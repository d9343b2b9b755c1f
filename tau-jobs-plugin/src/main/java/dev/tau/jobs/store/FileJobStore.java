package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.job.HeardEnds;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@link JobStore} in a state dir: a journal that makes changes durable, a manifest a job that shows them, an event log, a
 * snapshot. Owns the directory while it is open.
 */
public final class FileJobStore implements JobStore {
    private static final System.Logger LOG = System.getLogger(FileJobStore.class.getName());
    /** Some thousand changes: read in a few milliseconds at the next start, and seldom enough full. */
    private static final long SEGMENT_BYTES = 4L << 20;

    private final StateDir dir;
    private final JsonCodec codec;
    private final Disk disk;
    private final AtomicFiles files;
    private final ManifestFiles manifests;
    private final EventLog events;
    private final HeardFiles heard;
    private final StateDirLock lock;
    private final Checkpoint checkpoint;
    private @Nullable Journal journal;
    /** Whether all manifests were read: what was refused must be found again by the next start. */
    private boolean complete;

    private @Nullable JobIndex summarized;

    private FileJobStore(StateDir dir, JsonCodec codec, Disk disk, EventLog events, StateDirLock lock) {
        this.dir = dir;
        this.codec = codec;
        this.disk = disk;
        this.files = new AtomicFiles(disk);
        this.manifests = new ManifestFiles(dir, disk);
        this.events = events;
        this.heard = new HeardFiles(dir.heard(), disk, codec);
        this.lock = lock;
        this.checkpoint = new Checkpoint(manifests, Checkpoint.WRITTEN_BACK_AFTER);
    }

    /**
     * Opens a state dir, makes it if it is not there, and takes ownership.
     *
     * @param root the directory, absolute
     * @param codec reads and writes its files
     * @param disk changes its files
     * @param rotateBytes the event log is rotated before it would grow over this
     * @param rotateFiles how many files of the event log are kept
     * @return the open store
     * @throws StateDirOwnedException if another runtime owns it
     * @throws IOException if the directory can't be used; the message says why
     */
    public static FileJobStore open(Path root, JsonCodec codec, Disk disk, long rotateBytes, int rotateFiles)
            throws IOException {
        disk.createDirectories(root);
        // The real path marks the processes: they must be found again whichever way leads here next time.
        StateDir dir = new StateDir(root.toRealPath());
        PrivateFiles.tighten(dir.root());
        for (Path directory : List.of(dir.jobs(), dir.requests(), dir.journal())) {
            disk.createDirectories(directory);
            makePrivate(directory);
        }
        // There is none without a listener.
        if (StateDir.exists(dir.heard())) {
            makePrivate(dir.heard());
        }
        StateDirLock lock = StateDirLock.acquire(dir, codec, disk);
        return new FileJobStore(dir, codec, disk, new EventLog(dir.events(), disk, rotateBytes, rotateFiles), lock);
    }

    private static void makePrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("a link is no directory of the state dir: " + directory);
        }
        PrivateFiles.tighten(directory);
    }

    @Override
    public Found load() throws IOException {
        JournalReplay replay = JournalReplay.read(dir, codec);
        syncWhatWasLeft(replay);
        StateDirLoader loader = new StateDirLoader(dir, codec, disk, replay, manifests);
        Found loaded = loader.load();
        complete = loaded.refused().isEmpty();
        Journal open = replay.goOn(disk, SEGMENT_BYTES);
        journal = open;
        if (!loader.removing().isEmpty()) {
            try {
                removeHistory(loader.removing());
            } catch (IOException e) {
                // Counted as removed already, and named by the snapshot until they are gone. No reason not to start.
                LOG.log(System.Logger.Level.WARNING, "some files of removed jobs are left", e);
            }
        }
        checkpoint.startIfNeeded(open);
        events.mend();
        return new Found(
                loaded.jobs(),
                loaded.history(),
                loaded.snapshot(),
                loaded.problems(),
                loaded.refused(),
                loader.removing().stream()
                        .filter(this::hasFiles)
                        .map(JobId::value)
                        .toList());
    }

    /** The process before may have been killed before it did: manifests are replaced only by what the journal has for good. */
    private void syncWhatWasLeft(JournalReplay replay) {
        try {
            for (Path segment : replay.segments()) {
                disk.sync(segment);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the journal could not be synced", e);
        }
    }

    private Journal journal() {
        return Objects.requireNonNull(journal, "not loaded");
    }

    @Override
    public void commit(JobRecord job) throws IOException {
        long number = journal().number();
        make(List.of(new JournalEntry(job.id(), number, manifest(job, number))));
    }

    @Override
    public void save(JobRecord job) throws IOException {
        commit(job);
        try {
            manifests.write(job.id());
        } catch (IOException e) {
            // It is in the journal. Readers see it when the disk lets us: see publish.
            LOG.log(System.Logger.Level.DEBUG, "the manifest of " + job.id() + " lags behind", e);
        }
    }

    /** Makes changes durable. */
    private void make(List<JournalEntry> changes) throws IOException {
        WantedManifests.Appended appended = manifests.wanted().append(journal(), changes);
        try {
            appended.position().sync();
        } catch (IOException e) {
            appended.changes().forEach(WantedManifests.Change::takeBack);
            throw e;
        }
        checkpoint.startIfNeeded(journal());
    }

    @Override
    public void saveSoon(JobRecord job) throws IOException {
        long number = journal().number();
        manifests.wanted().appendSoon(journal(), new JournalEntry(job.id(), number, manifest(job, number)));
    }

    @Override
    public boolean publish() {
        return manifests.allWritten() || manifests.writeAll();
    }

    private byte[] manifest(JobRecord job, long number) throws IOException {
        return ManifestFormat.encode(job, number, stdout(job.id()), stderr(job.id()), codec);
    }

    @Override
    public void append(JobEvent event) throws IOException {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("timestamp_unix_ms", event.timestampUnixMs());
        line.put("job_id", event.jobId().value());
        line.put("event", event.kind().wireName());
        line.put("status", event.status().wireName());
        line.put("reason_code", event.reasonCode().wireName());
        line.put("detail", event.detail());
        events.append(codec.write(line, false));
    }

    @Override
    public void saveSnapshot(Snapshot snapshot) throws IOException {
        files.replace(dir.snapshot(), ManifestFormat.withNewline(codec.write(SnapshotFormat.write(snapshot), true)));
    }

    @Override
    public void discard(JobId id) throws IOException {
        removeHistory(List.of(id));
    }

    @Override
    public void removeHistory(Collection<JobId> ids) throws IOException {
        make(ids.stream()
                .map(id -> new JournalEntry(id, journal().number(), null))
                .toList());
        IOException failure = null;
        for (JobId id : ids) {
            try {
                manifests.write(id);
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void publish(JobId id) throws IOException {
        manifests.write(id);
    }

    @Override
    public Optional<JobRecord> read(JobId id) throws IOException {
        try {
            return Optional.of(ManifestReader.parse(dir.manifest(id), codec))
                    .filter(job -> job.status().isTerminal());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean hasFiles(JobId id) {
        return Stream.of(dir.manifest(id), dir.stdout(id), dir.stderr(id)).anyMatch(StateDir::exists);
    }

    @Override
    public void summarize(JobIndex index) {
        summarized = index;
    }

    private void leaveSummary(Journal journal) {
        JobIndex index = summarized;
        if (index == null || !complete || !manifests.allWrittenAndNothingLeft()) {
            return;
        }
        try {
            Summary summary = index.summary(Summary.stamp(dir.jobs()), journal.number());
            if (summary.ended().size() <= History.MAX_JOBS) {
                files.replaceSoon(dir.summary(), summary.encode());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the next start reads all manifests", e);
        }
    }

    @Override
    public Optional<HeardEnds> heard(String listener) throws IOException {
        return heard.heard(listener);
    }

    @Override
    public void saveHeard(String listener, HeardEnds ends) throws IOException {
        heard.saveHeard(listener, ends);
    }

    @Override
    public RequestBox requests() {
        return new RequestBox(dir, codec, disk);
    }

    @Override
    public Path stdout(JobId id) {
        return dir.stdout(id);
    }

    @Override
    public Path stderr(JobId id) {
        return dir.stderr(id);
    }

    @Override
    public Path directory() {
        return dir.root();
    }

    @Override
    public void close() {
        try (lock) {
            Journal open = journal;
            if (open != null) {
                if (!manifests.writeAll()) {
                    LOG.log(System.Logger.Level.WARNING, "some manifests lag behind the journal until the next start");
                }
                checkpoint.finish(open);
                leaveSummary(open);
                open.close();
            }
            events.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "could not close " + dir.root(), e);
        }
    }
}
