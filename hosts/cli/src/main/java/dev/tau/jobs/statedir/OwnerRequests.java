package dev.tau.jobs.statedir;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.ManifestReader;
import dev.tau.jobs.store.RequestBox;
import dev.tau.jobs.view.JobView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the runtime that owns a state dir, by files that it takes; if there is none now, they wait for the next one. */
public final class OwnerRequests {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final ManifestReader manifests;
    private final RequestBox requests;

    OwnerRequests(Path directory, JsonCodec codec) {
        this.manifests = new ManifestReader(directory, codec);
        this.requests = RequestBox.of(directory, codec, Disk.local());
    }

    /** What became of a request: the job as it is now, and whether the owner has taken the request. */
    public record Answer(Map<String, @Nullable Object> job, boolean taken) {}

    /**
     * Asks for a job's end and waits until the owner has taken the request or the time is up. A job that has ended stays
     * as it is.
     *
     * @param id the job
     * @param patience how long to wait for the owner
     * @return empty if there is no such job
     * @throws IOException if the request could not be made durable
     * @throws InterruptedException if the thread is interrupted; the request stands
     */
    public Optional<Answer> cancel(String id, Duration patience) throws IOException, InterruptedException {
        Optional<JobId> valid = JobId.parse(id);
        if (valid.isEmpty() || manifests.get(valid.get()).isEmpty()) {
            return Optional.empty();
        }
        JobId job = valid.get();
        if (!manifests.get(job).orElseThrow().status().isTerminal()) {
            requests.submitCancel(job);
            long deadline = System.nanoTime() + patience.toNanos();
            while (requests.isCancelPending(job) && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
        }
        boolean taken = !requests.isCancelPending(job);
        return manifests.get(job).map(JobView::of).map(view -> new Answer(view, taken));
    }
}
