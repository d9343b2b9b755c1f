package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The worker loops: each takes the oldest job from the queue, runs it to its end, and takes the next. */
final class WorkerPool {
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);

    private final JobQueue queue;
    private final JobRunner runner;
    private final List<Thread> threads = new ArrayList<>();

    WorkerPool(JobQueue queue, JobRunner runner, int workers) {
        this.queue = queue;
        this.runner = runner;
        for (int i = 1; i <= workers; i++) {
            Thread thread = new Thread(this::loop, "tau-jobs-worker-" + i);
            // A host that forgets to close must still be able to end; the shutdown hook closes for it.
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    private void loop() {
        for (JobId id = queue.take(); id != null; id = queue.take()) {
            if (!runner.run(id)) {
                queue.putBack(id, RETRY_AFTER);
            }
        }
    }

    /** Takes no more work, ends what runs, and waits for that. */
    void close(Duration patience) {
        queue.close();
        runner.close();
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (Thread thread : threads) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                thread.join(Math.max(1, left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
