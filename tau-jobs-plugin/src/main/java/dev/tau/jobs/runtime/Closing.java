package dev.tau.jobs.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes something once, whoever asks for it: on a thread of its own, as a host that is told to end may have interrupted its thread,
 * which must not cut short what waits for jobs to end. Safe for several threads.
 */
final class Closing {
    private static final System.Logger LOG = System.getLogger(Closing.class.getName());

    private final String what;
    private final Runnable steps;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Of something that is open.
     *
     * @param what it is, for the log
     * @param steps close it
     */
    Closing(String what, Runnable steps) {
        this.what = what;
        this.steps = steps;
    }

    boolean hasBegun() {
        return begun.get();
    }

    /**
     * Closes it, or waits until somebody else has: the JVM must not end in the middle of a host's close.
     *
     * @param patience for how long; who asks first waits whatever the disk does
     */
    void close(Duration patience) {
        boolean isFirst = begun.compareAndSet(false, true);
        if (isFirst) {
            Thread closer = new Thread(this::run, "tau-jobs-close");
            try {
                closer.start();
            } catch (OutOfMemoryError e) {
                LOG.log(System.Logger.Level.WARNING, "closed without a thread of its own: " + what, e);
                run();
            }
        }
        if (!awaitEnd(isFirst ? Long.MAX_VALUE : patience.toNanos())) {
            LOG.log(System.Logger.Level.WARNING, "does not get closed: " + what);
        }
    }

    private void run() {
        try {
            steps.run();
        } finally {
            ended.countDown();
        }
    }

    private boolean awaitEnd(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
