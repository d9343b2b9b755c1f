package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.JobStore.Found;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a state dir at its opening, clears what a crash left, and puts aside what can't be used. */
final class StateDirLoader {
    private static final System.Logger LOG = System.getLogger(StateDirLoader.class.getName());

    private final StateDir dir;
    private final JsonCodec codec;
    private final Disk disk;
    private final CommonParts common = new CommonParts();
    private final List<JobRecord> jobs = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();

    StateDirLoader(StateDir dir, JsonCodec codec, Disk disk) {
        this.dir = dir;
        this.codec = codec;
        this.disk = disk;
    }

    Found load() throws IOException {
        // First, since a state dir of a newer version must stay as it is.
        Snapshot snapshot = readSnapshot();
        removeHistory(snapshot);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir.jobs())) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (AtomicFiles.isTemporary(name)) {
                    deleteLeftover(file);
                } else if (name.endsWith(ManifestReader.SUFFIX)) {
                    readManifest(file, name.substring(0, name.length() - ManifestReader.SUFFIX.length()));
                }
            }
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(dir.root(), AtomicFiles.TEMPORARY_GLOB)) {
            for (Path file : leftovers) {
                deleteLeftover(file);
            }
        }
        checkEventLog();
        jobs.sort(JobRecord.OLDEST_FIRST);
        return new Found(jobs, snapshot, problems, refused);
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

    /** Finishes a removal that a crash cut short: the snapshot counts those jobs as removed already. */
    private void removeHistory(@Nullable Snapshot snapshot) throws IOException {
        if (snapshot == null || snapshot.removed().removing().isEmpty()) {
            return;
        }
        Set<JobId> ids = new HashSet<>();
        snapshot.removed().removing().forEach(id -> JobId.parse(id).ifPresent(ids::add));
        new HistoryRemover(dir, disk).remove(ids);
    }

    private void readManifest(Path file, String id) {
        try {
            jobs.add(common.share(ManifestReader.parse(file, codec)));
        } catch (InvalidFileException e) {
            if (e.isNewer()) {
                refused.put(id, e.getMessage());
                problems.add("background_job_manifest_refused: file=jobs/" + id + ".json error=" + e.getMessage());
            } else {
                quarantine(file, e);
            }
        } catch (InvalidJsonException e) {
            quarantine(file, e);
        } catch (IOException e) {
            // A disk or a permission that fails now may not fail next time: the manifest itself may be good.
            refused.put(id, "can't be read: " + e.getMessage());
            problems.add("background_job_unreadable: file=jobs/" + id + ".json error=" + e.getMessage());
        }
    }

    private void quarantine(Path file, IOException why) {
        problems.add(new Quarantine(dir, disk).move(file, String.valueOf(why.getMessage())));
        LOG.log(System.Logger.Level.DEBUG, "put aside " + file, why);
    }
}
