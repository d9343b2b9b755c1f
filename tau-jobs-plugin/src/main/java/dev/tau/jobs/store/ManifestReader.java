package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the manifests of a state dir that somebody else may own, changing nothing. Remembers what it has read: a manifest
 * is never rewritten in place, so the same file with the same time is the same job. Safe for several threads.
 */
public final class ManifestReader {
    private static final System.Logger LOG = System.getLogger(ManifestReader.class.getName());
    /** How the name of a manifest ends, behind the id. */
    public static final String SUFFIX = ".json";

    private record Stamp(@Nullable Object fileKey, long modifiedNanos, long size) {
        static Stamp of(BasicFileAttributes file) {
            return new Stamp(
                    file.fileKey(), file.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS), file.size());
        }
    }

    private record Known(Stamp stamp, JobRecord job) {}

    /**
     * What a look at all manifests has found.
     *
     * @param jobs those that can be read, in no order
     * @param unreadable the ids of files that can't be, and of which no other file tells
     */
    public record Listing(Collection<JobRecord> jobs, Set<String> unreadable) {}

    private final StateDir dir;
    private final JsonCodec codec;
    private Map<Path, Known> known = new HashMap<>();

    /**
     * A reader that has read nothing yet.
     *
     * @param root the directory; one that is not there has no jobs
     * @param codec reads its files
     */
    public ManifestReader(Path root, JsonCodec codec) {
        this.dir = new StateDir(root);
        this.codec = codec;
    }

    /**
     * All jobs, those too that wait in requests for the owner to take them.
     *
     * @return the jobs, {@linkplain JobRecord#withoutInput without their input}, and what can't be read
     * @throws IOException if the directory can't be read
     */
    public synchronized Listing all() throws IOException {
        Map<Path, Known> current = new HashMap<>();
        Map<JobId, JobRecord> jobs = new LinkedHashMap<>();
        Set<String> leftOut = new LinkedHashSet<>();
        // Requests first: a request that is taken while we look is found among the jobs then, not in neither place.
        for (Path directory : List.of(dir.requests(), dir.jobs())) {
            try {
                for (Path file : StateDir.list(directory, "[!.]*" + SUFFIX)) {
                    try {
                        Known job = read(file);
                        current.put(file, job);
                        jobs.put(job.job().id(), job.job());
                    } catch (InvalidJsonException | InvalidFileException e) {
                        LOG.log(System.Logger.Level.WARNING, file.getFileName() + " " + e.getMessage());
                        leftOut.add(idOf(file));
                    } catch (NoSuchFileException e) {
                        LOG.log(System.Logger.Level.DEBUG, "gone while listing: " + file, e);
                    } catch (IOException e) {
                        LOG.log(System.Logger.Level.DEBUG, "can't be read: " + file, e);
                        leftOut.add(idOf(file));
                    }
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                LOG.log(System.Logger.Level.DEBUG, "not there (yet): " + directory, e);
            }
        }
        known = current;
        leftOut.removeIf(id -> JobId.parse(id).filter(jobs::containsKey).isPresent());
        return new Listing(List.copyOf(jobs.values()), Set.copyOf(leftOut));
    }

    private static String idOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private Known read(Path file) throws IOException {
        Stamp stamp = stamp(file);
        Known before = known.get(file);
        return before != null && before.stamp().equals(stamp)
                ? before
                : new Known(stamp, parse(file, codec).withoutInput());
    }

    /**
     * One job.
     *
     * @param id the job
     * @return empty if there is no such manifest
     * @throws IOException if it can't be read
     */
    public Optional<JobRecord> get(JobId id) throws IOException {
        for (Path file : List.of(dir.manifest(id), dir.request(id), dir.manifest(id))) {
            try {
                if (StateDir.exists(file)) {
                    return Optional.of(parse(file, codec));
                }
            } catch (NoSuchFileException e) {
                LOG.log(System.Logger.Level.DEBUG, "taken by the owner meanwhile: " + file, e);
            }
        }
        return Optional.empty();
    }

    /**
     * Tells whether a manifest has been replaced.
     *
     * @param id the job
     * @return equal to that of another call as long as nobody has written a new one; null if there is none
     * @throws IOException if that can't be told
     */
    public @Nullable Object stamp(JobId id) throws IOException {
        try {
            return stamp(dir.manifest(id));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static Stamp stamp(Path file) throws IOException {
        return Stamp.of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Whether an id is taken.
     *
     * @param id the id
     * @return whether there is a manifest or a request of it, readable or not
     */
    public boolean exists(JobId id) {
        return StateDir.exists(dir.manifest(id)) || StateDir.exists(dir.request(id));
    }

    /** The job of a manifest whose name must fit. */
    static JobRecord parse(Path file, JsonCodec codec) throws IOException {
        return parse(file, codec.read(BoundedFiles.read(file)));
    }

    /**
     * The job that a manifest shows.
     *
     * @param file the manifest, whose name must fit
     * @param content what it holds
     * @return the job
     * @throws IOException if it holds none that we take
     */
    public static JobRecord parse(Path file, Map<String, @Nullable Object> content) throws IOException {
        JobRecord job = ManifestFormat.read(content);
        if (!String.valueOf(file.getFileName()).equals(job.id() + SUFFIX)) {
            throw InvalidFileException.invalid("job_id does not match the file's name");
        }
        return job;
    }

    /**
     * Where a job's output lies.
     *
     * @param id the job
     * @return standard output, then standard error
     */
    public List<Path> outputs(JobId id) {
        return List.of(dir.stdout(id), dir.stderr(id));
    }
}
