package dev.tau.jobs.statedir;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.RequestBox;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the runtime that owns a state dir, by files that it takes; if there is none now, they wait for the next one. */
public final class OwnerRequests {
    private static final System.Logger LOG = System.getLogger(OwnerRequests.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Jobs jobs;
    private final RequestBox requests;

    /** Finds jobs as they are now. */
    interface Jobs {
        Optional<JobRecord> find(JobId id) throws IOException;
    }

    OwnerRequests(Path directory, JsonCodec codec, Jobs jobs) {
        this.jobs = jobs;
        this.requests = RequestBox.of(directory, codec, Disk.local());
    }

    /**
     * How long the oldest request has waited that the owner has not taken.
     *
     * @return by the times of files; zero if there is none
     * @throws IOException if they can't be read
     */
    public Duration longestWait() throws IOException {
        long now = System.currentTimeMillis();
        long oldest = now;
        for (Path request : files()) {
            try {
                FileTime asked = Files.getLastModifiedTime(request, LinkOption.NOFOLLOW_LINKS);
                oldest = Math.min(oldest, asked.toMillis());
            } catch (NoSuchFileException e) {
                LOG.log(System.Logger.Level.DEBUG, "taken meanwhile: " + request, e);
            }
        }
        return Duration.ofMillis(now - oldest);
    }

    private List<Path> files() throws IOException {
        try {
            return StateDir.list(requests.directory(), "[!.]*");
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, "nobody has asked yet", e);
            return List.of();
        }
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
