package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The jobs that wait, first in, first out. Safe for several threads. */
final class JobQueue {
    private final LinkedHashSet<JobId> waiting = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition closing = lock.newCondition();
    private boolean closed;

    void add(JobId id) {
        lock.lock();
        try {
            waiting.add(id);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void remove(JobId id) {
        lock.lock();
        try {
            waiting.remove(id);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the oldest job; null once the queue is closed. */
    @Nullable
    JobId take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return null;
            }
            JobId oldest = waiting.iterator().next();
            waiting.remove(oldest);
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    /** Puts a job that was taken before all others again, and lets some time pass unless the queue is closed meanwhile. */
    void putBack(JobId id, Duration pause) {
        lock.lock();
        try {
            List<JobId> others = List.copyOf(waiting);
            waiting.clear();
            waiting.add(id);
            waiting.addAll(others);
            long left = pause.toNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
