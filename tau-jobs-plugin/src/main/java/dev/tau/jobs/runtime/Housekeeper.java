package dev.tau.jobs.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread for what is done a while after its cause: idle, nothing is scheduled and nothing wakes up. */
final class Housekeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Housekeeper.class.getName());

    private final ScheduledThreadPoolExecutor thread;

    Housekeeper() {
        thread = (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(1, task -> {
            Thread created = new Thread(task, "tau-jobs-housekeeper");
            created.setDaemon(true);
            return created;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a task once, after a delay; not if this is closed before. */
    void after(Duration delay, Runnable task) {
        try {
            var unused = thread.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "too late, the runtime is closed", e);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "housekeeping failed", e);
        }
    }

    /** Waits for the task that runs; forgets those that wait. */
    @Override
    public void close() {
        // Not shutdownNow: an interrupt would close the file under a write.
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "housekeeping does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
