package dev.tau.jobs.doctor;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.statedir.StateDirFiles;
import dev.tau.jobs.store.AtomicFiles;
import dev.tau.jobs.store.StateDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state dir under examination, and what earlier checks learnt about it. */
final class Examined {
    /** What is younger may belong to a write that is going on. */
    private static final Duration IN_FLUX = Duration.ofSeconds(5);

    private final StateDir places;
    private final StateDirFiles files;
    private final boolean owned;
    private final long nowMs;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Set<String> lagging = new HashSet<>();
    private boolean allCounted = true;

    Examined(StateDir places, StateDirFiles files, boolean owned, long nowMs) {
        this.places = places;
        this.files = files;
        this.owned = owned;
        this.nowMs = nowMs;
    }

    /** As much of a job as the checks need: there may be many. */
    record Job(JobStatus status, @Nullable ProcessIdentity process) {}

    Path root() {
        return places.root();
    }

    /** Where its files lie. */
    StateDir places() {
        return places;
    }

    StateDirFiles files() {
        return files;
    }

    /** Whether a live process owns the directory, so that its files change while we look. */
    boolean owned() {
        return owned;
    }

    /** The jobs with a good manifest, by id; filled by {@link ManifestCheck}. */
    Map<String, Job> jobs() {
        return Collections.unmodifiableMap(jobs);
    }

    void know(String id, Job job) {
        jobs.put(id, job);
    }

    /** What the journal says of a job whose manifest does not: empty if the job is gone. */
    void knowByJournal(JobId id, Optional<JobRecord> job) {
        lagging.add(id.value() + ".json");
        job.ifPresent(record ->
                know(id.value(), new Job(record.status(), record.state().process())));
    }

    /** Whether a manifest lags behind the journal, so that it says nothing. */
    boolean lags(Path manifest) {
        return lagging.contains(name(manifest));
    }

    /** Whether each manifest could be read, so that they can be counted. */
    boolean allCounted() {
        return allCounted;
    }

    void missOne() {
        allCounted = false;
    }

    String relative(Path file) {
        String path = root().relativize(file).toString();
        return path.isEmpty() ? "." : path;
    }

    /** What lies in a directory, by name; nothing if it is no directory, or a link to one. */
    List<Path> list(Path directory) throws IOException {
        List<Path> entries = isDirectory(directory) ? StateDir.list(directory, "*") : new ArrayList<>();
        Collections.sort(entries);
        return entries;
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    static boolean isTemporary(Path file) {
        return AtomicFiles.isTemporary(name(file));
    }

    static boolean isRegular(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isDirectory(Path file) {
        return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean exists(Path file) {
        return StateDir.exists(file);
    }

    /** Whether a live owner may be at work on the file at this moment. */
    boolean inFlux(Path file) throws IOException {
        try {
            return owned
                    && nowMs
                                    - Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                            .toMillis()
                            < IN_FLUX.toMillis();
        } catch (NoSuchFileException e) {
            return true;
        }
    }
}
