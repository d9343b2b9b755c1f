package dev.tau.jobs.store;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Syncs a growing file for all who wait: one does it for those that wait then; who comes meanwhile waits for it, and one of them
 * does the next. A sync that failed is never repeated. Safe for several threads.
 */
final class SharedSync {
    /** What is synced. */
    interface Target {
        /** {@return how much was appended, counted in appends} */
        long appended();

        void sync() throws IOException;
    }

    private final Target target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean running;
    private volatile long synced;
    private volatile @Nullable IOException failure;

    SharedSync(Target target) {
        this.target = target;
    }

    /** Whether a sync has failed, so that nothing more may be appended. */
    boolean hasFailed() {
        return failure != null;
    }

    /** On return so many appends survive a power cut. */
    void upTo(long count) throws IOException {
        if (synced >= count) {
            return;
        }
        lock.lock();
        try {
            while (synced < count) {
                IOException failed = failure;
                if (failed != null) {
                    // The system may have dropped what it could not write, and say so only once.
                    throw new IOException(failed.getMessage(), failed);
                }
                if (running) {
                    ended.awaitUninterruptibly();
                } else {
                    syncForAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** With the lock, which it gives away meanwhile. */
    private void syncForAll() throws IOException {
        long upTo = target.appended();
        running = true;
        lock.unlock();
        IOException failed = null;
        try {
            target.sync();
        } catch (IOException e) {
            failed = e;
        } finally {
            lock.lock();
            running = false;
            ended.signalAll();
        }
        if (failed != null) {
            failure = failed;
            throw failed;
        }
        synced = upTo;
    }

    /** Does something while no sync runs. */
    void between(Runnable action) {
        lock.lock();
        try {
            while (running) {
                ended.awaitUninterruptibly();
            }
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
