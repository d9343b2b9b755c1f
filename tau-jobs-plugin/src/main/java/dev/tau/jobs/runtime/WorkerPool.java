package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The worker loops: each takes the oldest job from the queue, runs it to its end, and takes the next. There are a few more of them
 * than jobs may run: while one writes how a job has ended, which takes a sync, another one starts the next.
 */
final class WorkerPool {
    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);
    /** A sync is shared by all that wait for it. */
    private static final int MAX_ENDING = 4;

    private final JobQueue queue;
    private final JobRunner runner;
    private final Semaphore slots;
    private final List<Thread> threads = new ArrayList<>();

    WorkerPool(JobQueue queue, JobRunner runner, int workers) {
        this.queue = queue;
        this.runner = runner;
        this.slots = new Semaphore(workers);
        for (int i = 1; i <= workers + Math.min(workers, MAX_ENDING); i++) {
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
        boolean more = true;
        while (more) {
            slots.acquireUninterruptibly();
            AtomicBoolean held = new AtomicBoolean(true);
            Runnable giveBack = () -> {
                if (held.compareAndSet(true, false)) {
                    slots.release();
                }
            };
            try {
                more = runNext(giveBack);
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "a worker goes on after", e);
            } finally {
                giveBack.run();
            }
        }
    }

    private boolean runNext(Runnable processesGone) {
        JobId id = queue.take();
        if (Thread.interrupted()) {
            // Not ours, and perhaps from long ago: it would cut short what waits for this job.
            LOG.log(System.Logger.Level.DEBUG, "a worker was interrupted, and goes on");
        }
        if (id != null && !runner.run(id, processesGone)) {
            queue.putBack(id, RETRY_AFTER);
        }
        return id != null;
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
            LOG.log(System.Logger.Level.WARNING, "was interrupted while jobs were being ended");
        }
    }
}
