package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The jobs that wait for a worker: the highest priority first, of one priority first in, first out. Safe for several threads. */
final class JobQueue {
    /** Of a job that was taken already. */
    private static final int BEFORE_ALL = Integer.MAX_VALUE;

    private final NavigableMap<Integer, LinkedHashSet<JobId>> waiting = new TreeMap<>(Comparator.reverseOrder());
    private final Map<JobId, Integer> priorities = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition closing = lock.newCondition();
    private boolean closed;

    /** Adds a job behind all of its priority; one that waits already keeps its place. */
    void add(JobId id, int priority) {
        lock.lock();
        try {
            if (priorities.putIfAbsent(id, priority) == null) {
                waiting.computeIfAbsent(priority, key -> new LinkedHashSet<>()).add(id);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void remove(JobId id) {
        lock.lock();
        try {
            forget(id);
        } finally {
            lock.unlock();
        }
    }

    private void forget(JobId id) {
        Integer priority = priorities.remove(id);
        LinkedHashSet<JobId> ofPriority = priority == null ? null : waiting.get(priority);
        if (ofPriority != null) {
            ofPriority.remove(id);
            if (ofPriority.isEmpty()) {
                waiting.remove(priority);
            }
        }
    }

    /** Waits for the first job; null once the queue is closed. */
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
            JobId first = waiting.firstEntry().getValue().iterator().next();
            forget(first);
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Puts a job that was taken before all others again, and lets some time pass unless the queue is closed meanwhile. */
    void putBack(JobId id, Duration pause) {
        lock.lock();
        try {
            LinkedHashSet<JobId> others = waiting.getOrDefault(BEFORE_ALL, new LinkedHashSet<>());
            LinkedHashSet<JobId> first = new LinkedHashSet<>(List.of(id));
            first.addAll(others);
            waiting.put(BEFORE_ALL, first);
            priorities.put(id, BEFORE_ALL);
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
