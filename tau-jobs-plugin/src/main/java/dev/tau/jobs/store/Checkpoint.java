package dev.tau.jobs.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Lets the journal forget what the manifests on disk say, durably: on a thread that lives only while there is something to
 * do, so that no caller waits for it.
 */
final class Checkpoint {
    private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());
    private static final long PATIENCE_MS = 30_000;
    /** A full disk is not asked by each change again. */
    private static final long PAUSE_AFTER_FAILURE_NANOS = 2_000_000_000L;

    private final ManifestFiles manifests;
    private @Nullable Thread running;
    private long failedAt = System.nanoTime() - PAUSE_AFTER_FAILURE_NANOS;

    Checkpoint(ManifestFiles manifests) {
        this.manifests = manifests;
    }

    /** Begins, if a segment is full and none is being forgotten. */
    void startIfNeeded(Journal journal) {
        if (journal.hasFull()) {
            start(journal);
        }
    }

    private synchronized void start(Journal journal) {
        if (running == null && System.nanoTime() - failedAt >= PAUSE_AFTER_FAILURE_NANOS) {
            Thread thread = new Thread(() -> run(journal), "tau-jobs-checkpoint");
            thread.setDaemon(true);
            running = thread;
            thread.start();
        }
    }

    private void run(Journal journal) {
        try {
            forgetAll(journal);
        } catch (IOException | RuntimeException e) {
            // Tried again by a change a while later, and at the end; until then the journal is longer.
            synchronized (this) {
                failedAt = System.nanoTime();
            }
            LOG.log(System.Logger.Level.DEBUG, "the journal is kept", e);
        } finally {
            synchronized (this) {
                running = null;
                notifyAll();
            }
        }
    }

    private void forgetAll(Journal journal) throws IOException {
        while (journal.hasFull()) {
            manifests.sync(journal.jobsOfOldest());
            journal.forgetOldest();
        }
    }

    /** Forgets all, on this thread; what can't be forgotten is read again at the next start. */
    void finish(Journal journal) {
        if (!awaitRunning()) {
            return;
        }
        try {
            journal.endSegment();
            forgetAll(journal);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the journal is kept for the next start: " + e.getMessage());
        }
    }

    private synchronized boolean awaitRunning() {
        long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000;
        try {
            for (long left = PATIENCE_MS; running != null && left > 0; ) {
                wait(left);
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return running == null;
    }
}
