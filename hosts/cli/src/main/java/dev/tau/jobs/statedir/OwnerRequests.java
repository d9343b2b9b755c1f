package dev.tau.jobs.statedir;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.BoundedFiles;
import dev.tau.jobs.store.InvalidFileException;
import dev.tau.jobs.store.ManifestReader;
import dev.tau.jobs.store.RequestBox;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the runtime that owns a state dir, by files that it takes; if there is none now, they wait for the next one. */
public final class OwnerRequests {
    private static final System.Logger LOG = System.getLogger(OwnerRequests.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Jobs jobs;
    private final RequestBox requests;
    private final StateDir dir;
    private final JsonCodec codec;

    /** Finds jobs as they are now. */
    interface Jobs {
        Optional<JobRecord> find(JobId id) throws IOException;
    }

    OwnerRequests(Path directory, JsonCodec codec, Jobs jobs) {
        this.jobs = jobs;
        this.requests = RequestBox.of(directory, codec, Disk.local());
        this.dir = new StateDir(directory);
        this.codec = codec;
    }

    /**
     * How long the oldest request has waited that the owner could have taken. One of a newer version waits for a newer owner, and what was
     * there before the owner for its start.
     *
     * @return by the times of files; zero if there is none
     * @throws IOException if they can't be read
     */
    public Duration longestWait() throws IOException {
        long now = System.currentTimeMillis();
        long oldest = now;
        List<Path> all = files();
        Set<Path> left = new HashSet<>();
        for (Path request : all) {
            if (isLeft(request)) {
                left.add(request);
                left.add(request.resolveSibling(name(request).replaceFirst("json$", "cancel")));
            }
        }
        for (Path request : all) {
            oldest = left.contains(request) ? oldest : Math.min(oldest, modified(request, now));
        }
        long since = Math.max(oldest, modified(dir.owner(), 0));
        return Duration.ofMillis(Math.max(0, now - since));
    }

    /** Whether an owner leaves it where it is. */
    private boolean isLeft(Path request) throws IOException {
        if (!name(request).endsWith(".json")) {
            return false;
        }
        try {
            ManifestReader.parse(request, codec.read(BoundedFiles.read(request)));
            return false;
        } catch (NoSuchFileException e) {
            return true; // taken meanwhile
        } catch (InvalidFileException e) {
            return e.isNewer();
        } catch (InvalidJsonException e) {
            return false; // to be put aside
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static long modified(Path file, long absent) throws IOException {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
        } catch (NoSuchFileException e) {
            return absent;
        }
    }

    private List<Path> files() throws IOException {
        try {
            return StateDir.list(requests.directory(), "[!.]*");
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, "nobody has asked yet", e);
            return List.of();
        }
    }

    /**
     * Whether a cancel has been asked for that the owner has not taken.
     *
     * @param id the job
     * @return true while the request is there
     */
    public boolean isCancelPending(String id) {
        return JobId.parse(id).filter(requests::isCancelPending).isPresent();
    }

    /** What became of a request: the job as it is now, and whether the owner has taken the request. */
    public record Answer(Map<String, @Nullable Object> job, boolean taken) {}

    /**
     * Asks for a job's end and waits until the owner has taken the request or the time is up. A job that has ended stays
     * as it is.
     *
     * @param id the job
     * @param patience how long to wait for the owner
     * @return empty if there is no such job, or no longer
     * @throws IOException if the request could not be made durable
     * @throws InterruptedException if the thread is interrupted; the request stands
     */
    public Optional<Answer> cancel(String id, Duration patience) throws IOException, InterruptedException {
        JobId job = JobId.parse(id).orElse(null);
        JobRecord found = job == null ? null : jobs.find(job).orElse(null);
        if (job == null || found == null) {
            return Optional.empty();
        }
        if (!found.status().isTerminal()) {
            requests.submitCancel(job);
            long deadline = System.nanoTime() + patience.toNanos();
            while (requests.isCancelPending(job) && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
        }
        boolean taken = !requests.isCancelPending(job);
        return jobs.find(job).map(JobView::of).map(view -> new Answer(view, taken));
    }
}
