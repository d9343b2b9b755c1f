package dev.tau.jobs.store;

import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link JobStore} in a state dir: a manifest a job, an event log, a snapshot. Owns the directory while it is open. */
public final class FileJobStore implements JobStore {
    private static final System.Logger LOG = System.getLogger(FileJobStore.class.getName());
    private static final String MANIFEST_SUFFIX = ".json";

    private final StateDir dir;
    private final JsonCodec codec;
    private final EventLog events;
    private final StateDirLock lock;

    private FileJobStore(StateDir dir, JsonCodec codec, EventLog events, StateDirLock lock) {
        this.dir = dir;
        this.codec = codec;
        this.events = events;
        this.lock = lock;
    }

    /**
     * Opens a state dir, makes it if it is not there, and takes ownership.
     *
     * @param root the directory, absolute
     * @param codec reads and writes its files
     * @param rotateBytes the event log is rotated before it would grow over this
     * @param rotateFiles how many files of the event log are kept
     * @return the open store
     * @throws IOException if the directory can't be used or belongs to another runtime; the message says which
     */
    public static FileJobStore open(Path root, JsonCodec codec, long rotateBytes, int rotateFiles) throws IOException {
        PrivateFiles.createDirectories(root);
        // The real path marks the processes: they must be found again whichever way leads here next time.
        StateDir dir = new StateDir(root.toRealPath());
        PrivateFiles.createDirectories(dir.jobs());
        StateDirLock lock = StateDirLock.acquire(dir, codec);
        return new FileJobStore(dir, codec, new EventLog(dir.events(), rotateBytes, rotateFiles), lock);
    }

    @Override
    public Found load() throws IOException {
        List<String> problems = new ArrayList<>();
        // First, since a state dir of a newer version must stay as it is.
        Snapshot snapshot = readSnapshot(problems);
        List<JobRecord> jobs = new ArrayList<>();
        Map<String, String> refused = new LinkedHashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir.jobs())) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(".") && name.endsWith(AtomicFiles.TEMPORARY_SUFFIX)) {
                    Files.deleteIfExists(file);
                } else if (name.endsWith(MANIFEST_SUFFIX)) {
                    readManifest(file, jobs, problems, refused);
                }
            }
        }
        try (DirectoryStream<Path> leftovers =
                Files.newDirectoryStream(dir.root(), ".*" + AtomicFiles.TEMPORARY_SUFFIX)) {
            for (Path file : leftovers) {
                Files.deleteIfExists(file);
            }
        }
        jobs.sort(JobRecord.OLDEST_FIRST);
        return new Found(jobs, snapshot, problems, refused);
    }

    private @Nullable Snapshot readSnapshot(List<String> problems) throws IOException {
        if (!StateDir.exists(dir.snapshot())) {
            return null;
        }
        try {
            return SnapshotFormat.read(codec.read(readBounded(dir.snapshot())));
        } catch (InvalidFileException e) {
            if (e.isNewer()) {
                throw new IOException("state.json " + e.getMessage(), e);
            }
            quarantine(dir.snapshot(), e, problems);
        } catch (InvalidJsonException e) {
            quarantine(dir.snapshot(), e, problems);
        } catch (IOException e) {
            problems.add("background_job_unreadable: file=state.json error=" + e.getMessage());
        }
        return null;
    }

    private void readManifest(Path file, List<JobRecord> jobs, List<String> problems, Map<String, String> refused) {
        String name = String.valueOf(file.getFileName());
        try {
            JobRecord job = ManifestFormat.read(codec.read(readBounded(file)));
            if (!name.equals(job.id() + MANIFEST_SUFFIX)) {
                throw InvalidFileException.invalid("job_id does not match the file's name");
            }
            jobs.add(job);
        } catch (InvalidFileException e) {
            if (e.isNewer()) {
                refused.put(name.substring(0, name.length() - MANIFEST_SUFFIX.length()), e.getMessage());
                problems.add("background_job_manifest_refused: file=jobs/" + name + " error=" + e.getMessage());
            } else {
                quarantine(file, e, problems);
            }
        } catch (InvalidJsonException e) {
            quarantine(file, e, problems);
        } catch (IOException e) {
            // A disk or a permission that fails now may not fail next time: the manifest itself may be good.
            problems.add("background_job_unreadable: file=jobs/" + name + " error=" + e.getMessage());
        }
    }

    /** Never follows a link, never reads what is no file, never fills the memory. */
    static byte[] readBounded(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw InvalidFileException.invalid("is no regular file");
        }
        if (Files.size(file) > JsonCodec.MAX_BYTES) {
            throw InvalidFileException.invalid("is over " + JsonCodec.MAX_BYTES + " bytes long");
        }
        return Files.readAllBytes(file);
    }

    private void quarantine(Path file, IOException why, List<String> problems) {
        String name = String.valueOf(file.getFileName());
        String outcome;
        try {
            PrivateFiles.createDirectories(dir.quarantine());
            Path target = dir.quarantine().resolve(name);
            for (int i = 1; StateDir.exists(target); i++) {
                target = dir.quarantine().resolve(name + "." + i);
            }
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            outcome = "moved_to=quarantine/" + target.getFileName();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "could not move " + file + " to quarantine", e);
            outcome = "not_moved";
        }
        problems.add("background_job_quarantined: file=" + name + " " + outcome + " error=" + why.getMessage());
    }

    @Override
    public void save(JobRecord job) throws IOException {
        save(job, true);
    }

    @Override
    public void saveUnsynced(JobRecord job) throws IOException {
        save(job, false);
    }

    private void save(JobRecord job, boolean synced) throws IOException {
        byte[] json = codec.write(ManifestFormat.write(job, stdout(job.id()), stderr(job.id())), true);
        if (json.length >= JsonCodec.MAX_BYTES) {
            throw new IOException("the manifest of " + job.id() + " would be over " + JsonCodec.MAX_BYTES + " bytes");
        }
        AtomicFiles.replace(dir.manifest(job.id()), withNewline(json), synced);
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
        AtomicFiles.replace(dir.snapshot(), withNewline(codec.write(SnapshotFormat.write(snapshot), true)), true);
    }

    private static byte[] withNewline(byte[] json) {
        byte[] file = java.util.Arrays.copyOf(json, json.length + 1);
        file[json.length] = '\n';
        return file;
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
            events.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "could not close " + dir.root(), e);
        }
    }

    /**
     * Reads the manifests of a state dir that somebody else may own, changing nothing. What can't be read is left out.
     *
     * @param root the directory; one that is not there has no jobs
     * @param codec reads its files
     * @return the jobs, in no order
     * @throws IOException if the directory can't be read
     */
    public static List<JobRecord> peek(Path root, JsonCodec codec) throws IOException {
        StateDir dir = new StateDir(root);
        List<JobRecord> jobs = new ArrayList<>();
        if (!Files.isDirectory(dir.jobs())) {
            return jobs;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir.jobs(), "*" + MANIFEST_SUFFIX)) {
            for (Path file : files) {
                try {
                    jobs.add(ManifestFormat.read(codec.read(readBounded(file))));
                } catch (InvalidJsonException | InvalidFileException e) {
                    LOG.log(System.Logger.Level.WARNING, file.getFileName() + " " + e.getMessage());
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.DEBUG, "gone while listing: " + file, e);
                }
            }
        }
        return jobs;
    }

    /**
     * Reads one manifest of a state dir that somebody else may own, changing nothing.
     *
     * @param root the directory
     * @param codec reads its files
     * @param id the job
     * @return empty if there is no such manifest
     * @throws IOException if it can't be read
     */
    public static Optional<JobRecord> peek(Path root, JsonCodec codec, JobId id) throws IOException {
        Path manifest = new StateDir(root).manifest(id);
        return StateDir.exists(manifest)
                ? Optional.of(ManifestFormat.read(codec.read(readBounded(manifest))))
                : Optional.empty();
    }

    /**
     * Where a job's output lies in a state dir.
     *
     * @param root the directory
     * @param id the job
     * @return standard output, then standard error
     */
    public static List<Path> outputsIn(Path root, JobId id) {
        StateDir dir = new StateDir(root);
        return List.of(dir.stdout(id), dir.stderr(id));
    }
}
