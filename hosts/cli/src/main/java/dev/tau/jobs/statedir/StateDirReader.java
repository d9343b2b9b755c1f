package dev.tau.jobs.statedir;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.ManifestReader;
import dev.tau.jobs.store.SnapshotReader;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.store.StateDirLock;
import dev.tau.jobs.view.Failures;
import dev.tau.jobs.view.JobView;
import dev.tau.jobs.view.StatusFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a state dir, owned by a live agent or not, and changes nothing. Reads anew at every call. */
public final class StateDirReader {
    private final Path directory;
    private final JobOutputs outputs;
    private final JsonCodec codec;
    private final ManifestReader manifests;

    private StateDirReader(Path directory, long maxOutputBytes, JsonCodec codec) {
        this.codec = codec;
        this.directory = directory;
        this.manifests = new ManifestReader(directory, codec);
        this.outputs = new JobOutputs(manifests, maxOutputBytes, this::isOurs);
    }

    /**
     * A reader of the state dir that the settings name; one that does not exist is an empty one.
     *
     * @param context the settings
     * @return the reader
     * @throws IOException if there is something else in its place
     * @throws IllegalArgumentException if a setting is not valid; the message names flag or variable, value and rule
     */
    public static StateDirReader open(ToolContext context) throws IOException {
        JobsConfig config = JobsConfig.from(context);
        return open(config.stateDir(), config);
    }

    /**
     * A reader of another state dir.
     *
     * @param directory the state dir; one that does not exist is an empty one
     * @param config the other settings
     * @return the reader
     * @throws IOException if there is something else in its place
     */
    public static StateDirReader open(Path directory, JobsConfig config) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException("state dir " + directory + " is no directory");
        }
        return new StateDirReader(
                directory, config.maxOutputBytes(), config.json().codec());
    }

    /** {@return a way to ask the runtime that owns the state dir, which must exist} */
    public OwnerRequests requests() {
        return new OwnerRequests(directory, codec, this::find);
    }

    /** {@return the state dir, absolute} */
    public Path directory() {
        return directory;
    }

    /**
     * {@return what follows the state dir from now on}
     *
     * @throws IOException if it can't be read
     */
    public StateDirWatch watch() throws IOException {
        return new StateDirWatch(this, codec);
    }

    /**
     * The events of all jobs.
     *
     * @return a tail that begins with the oldest event that is kept
     * @throws IOException if the log can't be read
     */
    public EventTail events() throws IOException {
        return EventTail.ofAll(new StateDir(directory), codec);
    }

    /**
     * The events of all jobs from now on.
     *
     * @return a tail that begins with a little of what came just before
     * @throws IOException if the log can't be read
     */
    public EventTail latestEvents() throws IOException {
        return EventTail.ofLatest(new StateDir(directory), codec);
    }

    /**
     * The events of one job that are kept.
     *
     * @param id the job
     * @return the oldest first
     * @throws IOException if the log can't be read
     */
    public List<LoggedEvent> events(JobId id) throws IOException {
        List<LoggedEvent> events = new ArrayList<>();
        try (EventTail tail = EventTail.ofAll(new StateDir(directory), codec, id)) {
            for (List<LoggedEvent> some = tail.next(); !some.isEmpty(); some = tail.next()) {
                events.addAll(some);
            }
        }
        return events;
    }

    /** {@return what jobs have written} */
    public JobOutputs outputs() {
        return outputs;
    }

    /**
     * The newest jobs.
     *
     * @param status a word of {@link StatusFilter#WORDS}; null for all
     * @param sinceUnixMs only those created then or later
     * @param limit how many at the most
     * @return jobs as in results, with the paths of their outputs; newest created first, ties by id
     * @throws IOException if the directory can't be read
     * @throws IllegalArgumentException if there is no such word
     */
    public List<Map<String, @Nullable Object>> jobs(@Nullable String status, long sinceUnixMs, int limit)
            throws IOException {
        Set<JobStatus> statuses = StatusFilter.parse(status)
                .orElseThrow(() ->
                        new IllegalArgumentException("status must be one of " + String.join(", ", StatusFilter.WORDS)));
        return all().jobs().stream()
                .filter(job -> statuses.contains(job.status()) && job.spec().createdUnixMs() >= sinceUnixMs)
                .sorted(JobRecord.NEWEST_FIRST)
                .limit(limit)
                .map(this::view)
                .toList();
    }

    /**
     * The ids of the jobs that have a manifest and whose ids begin so.
     *
     * @param beginning how they begin
     * @return the ids, in order
     * @throws IOException if the directory can't be read
     */
    public List<String> idsThatBeginWith(String beginning) throws IOException {
        StateDir dir = new StateDir(directory);
        return !Files.isDirectory(dir.jobs())
                ? List.of()
                : StateDir.list(dir.jobs(), "[!.]*" + ManifestReader.SUFFIX).stream()
                        .map(file -> String.valueOf(file.getFileName()))
                        .map(name -> name.substring(0, name.length() - ManifestReader.SUFFIX.length()))
                        .filter(id ->
                                id.startsWith(beginning) && JobId.parse(id).isPresent())
                        .sorted()
                        .toList();
    }

    /**
     * One job.
     *
     * @param id its id
     * @return the job as in results, with the paths of its outputs; empty if there is none
     * @throws IOException if its manifest can't be read
     */
    public Optional<Map<String, @Nullable Object>> job(String id) throws IOException {
        JobId valid = JobId.parse(id).orElse(null);
        return valid == null ? Optional.empty() : find(valid).map(this::view);
    }

    /**
     * Whether a job's outputs were counted at its end, so that what its view says of them does not depend on our settings.
     *
     * @param id the job
     * @return false also of one that has not ended
     * @throws IOException if its manifest can't be read
     */
    public boolean isCounted(String id) throws IOException {
        JobId valid = JobId.parse(id).orElse(null);
        return valid != null
                && find(valid).filter(job -> job.state().output() != null).isPresent();
    }

    /**
     * Whether a job was found running at the start of a runtime, and so was begun anew, its outputs too.
     *
     * @param id the job
     * @return false also if there is no such job
     * @throws IOException if its manifest can't be read
     */
    public boolean wasRecovered(String id) throws IOException {
        JobId valid = JobId.parse(id).orElse(null);
        return valid != null
                && find(valid).filter(job -> job.state().recoveries() > 0).isPresent();
    }

    /**
     * One job, as it is now.
     *
     * @param id its id
     * @return the job; empty if there is none
     * @throws IOException if its manifest can't be read
     */
    public Optional<JobRecord> find(JobId id) throws IOException {
        try {
            // The journal's word first: a manifest that a crash has broken need not be read.
            Map<JobId, Optional<JobRecord>> lagging = lagging();
            return lagging.containsKey(id) ? lagging.get(id) : manifests.get(id);
        } catch (IOException e) {
            throw new IOException("the manifest of " + id + " can't be read: " + Failures.describe(e), e);
        }
    }

    /**
     * All jobs.
     *
     * @return the jobs, and of which ids nothing is known, as their manifests can't be read
     * @throws IOException if the directory can't be read
     */
    public ManifestReader.Listing all() throws IOException {
        ManifestReader.Listing listing = manifests.all();
        Map<JobId, JobRecord> jobs = new LinkedHashMap<>();
        listing.jobs().forEach(job -> jobs.put(job.id(), job));
        lagging()
                .forEach((id, job) ->
                        job.ifPresentOrElse(known -> jobs.put(id, known.withoutInput()), () -> jobs.remove(id)));
        Set<String> unreadable = new HashSet<>(listing.unreadable());
        // The journal may know what a broken manifest does not say.
        unreadable.removeIf(id -> JobId.parse(id).filter(jobs::containsKey).isPresent());
        return new ManifestReader.Listing(jobs.values(), unreadable);
    }

    /**
     * Who owns the directory.
     *
     * @return empty if no live process does
     * @throws IOException if that can't be told
     */
    public Optional<Owner> owner() throws IOException {
        return Files.isDirectory(directory)
                ? Owner.find(new StateDir(directory.toRealPath()), codec)
                : Optional.empty();
    }

    /**
     * The counters, which lag some 100 ms behind.
     *
     * @return all zero if there are none yet
     * @throws IOException if state.json can't be read
     */
    public Snapshot counters() throws IOException {
        return new SnapshotReader(directory, codec).read();
    }

    /**
     * {@return whether this process owns the directory, which must exist}
     *
     * @throws IOException if that can't be told
     */
    public boolean isOurs() throws IOException {
        StateDir dir = new StateDir(directory);
        return StateDirLock.isThisProcess(StateDirLock.readOwner(dir, codec), dir);
    }

    /** A live owner lets the manifests show what the journal says; after a crash nobody has done that yet. */
    private Map<JobId, Optional<JobRecord>> lagging() throws IOException {
        return !Files.isDirectory(directory) || owner().isPresent()
                ? Map.of()
                : new StateDirFiles(new StateDir(directory.toRealPath()), codec, Disk.local())
                        .journal()
                        .lagging();
    }

    private Map<String, @Nullable Object> view(JobRecord job) {
        return JobView.withOutputs(job, outputs.files(job), outputs.now(job));
    }
}
