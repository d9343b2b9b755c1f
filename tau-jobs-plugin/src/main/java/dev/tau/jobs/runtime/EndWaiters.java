package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Those who wait for jobs to end. Latches: who waits for a CompletableFuture in a fork-join pool runs other tasks meanwhile, for as
 * long as they take. Safe for several threads.
 */
final class EndWaiters {
    private final Map<JobId, CountDownLatch> ends = new ConcurrentHashMap<>();

    /** {@return what opens when a job ends; to be asked for while the job is locked and has not ended} */
    CountDownLatch endOf(JobId id) {
        return ends.computeIfAbsent(id, key -> new CountDownLatch(1));
    }

    /** A job has ended. */
    void ended(JobId id) {
        CountDownLatch end = ends.remove(id);
        if (end != null) {
            end.countDown();
        }
    }

    /** Lets everybody go. */
    void release() {
        ends.values().forEach(CountDownLatch::countDown);
    }
}
