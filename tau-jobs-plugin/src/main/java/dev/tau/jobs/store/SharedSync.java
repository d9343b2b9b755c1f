package dev.tau.jobs.store;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Syncs a growing file for all who wait: one does it for those that wait then; who comes meanwhile waits for the next one, which
 * the first of them does. Each who waits is woken once. A sync that failed is never repeated. Safe for several threads.
 */
final class SharedSync {
    /** What is synced. */
    interface Target {
        /** {@return how much was appended, counted in appends} */
        long appended();

        void sync() throws IOException;
    }

    /**
     * Those who wait for one sync. Latches: a thread of a fork-join pool that waits for a CompletableFuture runs other tasks
     * meanwhile, on top of this one, and such a task may wait for the sync that this one is to do.
     */
    private static final class Round {
        /** Its first one may begin. */
        private final CountDownLatch turn = new CountDownLatch(1);

        private final CountDownLatch ended = new CountDownLatch(1);
    }

    private final Target target;
    private @Nullable Round running;
    /** Who waits for the sync after the one that runs. */
    private @Nullable Round next;

    private volatile long synced;
    private volatile @Nullable IOException failure;

    SharedSync(Target target) {
        this.target = target;
    }

    /** Whether a sync has failed, so that nothing more may be appended. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Whether a sync has failed before so many appends were synced: nobody will know of them whether they survive. */
    boolean isLost(long count) {
        return failure != null && synced < count;
    }

    /** On return so many appends survive a power cut. */
    void upTo(long count) throws IOException {
        while (synced < count) {
            join(count);
            IOException failed = failure;
            if (failed != null && synced < count) {
                // The system may have dropped what it could not write, and say so only once.
                throw new IOException(failed.getMessage(), failed);
            }
        }
    }

    private void join(long count) {
        Round round;
        boolean first;
        synchronized (this) {
            if (synced >= count || failure != null) {
                return;
            }
            round = next;
            first = round == null;
            if (round == null) {
                round = new Round();
                next = round;
                if (running == null) {
                    begin(round);
                }
            }
        }
        if (first) {
            await(round.turn);
            syncFor(round);
        } else {
            await(round.ended);
        }
    }

    /** An interrupt is kept for later. */
    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    latch.await();
                    return;
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

    private void syncFor(Round round) {
        synchronized (this) {
            next = null;
        }
        try {
            if (failure == null) {
                // All who have joined have appended before.
                long upTo = target.appended();
                target.sync();
                synced = upTo;
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            handOn();
            round.ended.countDown();
        }
    }

    private synchronized void handOn() {
        running = null;
        if (next != null) {
            begin(next);
        }
    }

    private void begin(Round round) {
        running = round;
        round.turn.countDown();
    }

    /** Does something while no sync runs. */
    void between(Runnable action) {
        for (Round now = doUnless(action); now != null; now = doUnless(action)) {
            await(now.ended);
        }
    }

    /** Returns the sync that runs, if one does. */
    private synchronized @Nullable Round doUnless(Runnable action) {
        if (running == null) {
            action.run();
        }
        return running;
    }
}
