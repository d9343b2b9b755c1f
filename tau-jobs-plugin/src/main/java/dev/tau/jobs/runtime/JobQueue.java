package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The jobs that wait, first in, first out. Safe for several threads. */
final class JobQueue {
    private final LinkedHashSet<JobId> waiting = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
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

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
