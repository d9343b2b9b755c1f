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

    /** Those who wait for one sync. */
    private static final class Round {
        /** Its first one may begin. */
        private final CountDownLatch turn = new CountDownLatch(1);

        private final CountDownLatch ended = new CountDownLatch(1);
    }

    private final Target target;
    /** Who waits for the sync after the one that runs. */
    private @Nullable Round next;

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
                if (running) {
                    next = round;
                } else {
                    running = true;
                    round.turn.countDown();
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

    private void syncFor(Round round) {
        synchronized (this) {
            if (next == round) {
                next = null;
            }
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
        Round following = next;
        if (following == null) {
            running = false;
            notifyAll();
        } else {
            following.turn.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does something while no sync runs. */
    synchronized void between(Runnable action) {
        boolean interrupted = false;
        while (running) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        action.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
