package dev.tau.jobs.runtime;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobSpec;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes specs of new jobs out of requests: gives each an id that no other job has, unless it names one, and a time that keeps the order. */
final class JobSpecs {
    /** How far the clock may jump back without newer jobs seeming older; beyond it, it was wrong before. */
    private static final long MAX_HELD_BACK_MS = 24L * 60 * 60 * 1000;

    private final JobsConfig config;
    private final InstantSource clock;
    private final AtomicLong counter;
    private final AtomicLong lastCreated;
    private final Predicate<JobId> taken;

    /**
     * For one runtime.
     *
     * @param firstCounter ids count on from here
     * @param lastCreatedUnixMs of the newest job there is
     * @param taken whether a job has that id
     */
    JobSpecs(
            JobsConfig config, InstantSource clock, long firstCounter, long lastCreatedUnixMs, Predicate<JobId> taken) {
        this.config = config;
        this.clock = clock;
        this.counter = new AtomicLong(firstCounter);
        this.lastCreated = new AtomicLong(lastCreatedUnixMs);
        this.taken = taken;
    }

    /** The spec of a new job; it runs in the directory, null for the owner's, unless it names another. */
    JobSpec of(JobRequest request, @Nullable Path directory) {
        long now = clock.millis();
        long created = lastCreated.updateAndGet(last -> last - now > MAX_HELD_BACK_MS ? now : Math.max(last, now));
        Long asked = request.timeoutMs();
        long requested = asked == null ? config.defaultTimeoutMs() : asked;
        String cwd = request.cwd();
        JobId named = request.id();
        return new JobSpec(
                named == null ? newId(created) : named,
                request.command(),
                request.args(),
                request.env(),
                cwd == null && directory != null ? directory.toString() : cwd,
                requested,
                Math.min(requested, config.maxTimeoutMs()),
                created,
                request.trace(),
                options(request, now));
    }

    private static JobOptions options(JobRequest request, long now) {
        Long delay = request.delayMs();
        return delay == null ? request.options() : request.options().notBefore(now + delay);
    }

    private JobId newId(long created) {
        JobId id = JobId.generate(created, counter.incrementAndGet());
        while (taken.test(id)) {
            id = JobId.generate(created, counter.incrementAndGet());
        }
        return id;
    }
}
