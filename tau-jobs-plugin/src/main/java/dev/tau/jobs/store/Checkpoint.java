package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets the journal forget what the manifests on disk say, durably: on a thread that lives only while there is something to
 * do, so that no caller waits for it. It takes its time: what the system has written back by itself meanwhile is synced in
 * no time, and what is not would have to share the disk with the journal.
 */
final class Checkpoint {
    private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());
    /** Linux writes back what is older than 30 s, and looks every 5 s: dirty_expire_centisecs in its admin-guide/sysctl/vm. */
    static final Duration WRITTEN_BACK_AFTER = Duration.ofSeconds(36);
    /** 128 MiB: a second or less to read at the next start, and what 100,000 new jobs take. */
    static final int MANY = 32;
    /** At its end a runtime syncs as many; of more the next start hears from the journal. */
    private static final int FEW_JOBS = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A full disk is not asked by each change again. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

    private final ManifestFiles manifests;
    private final Duration dueAfter;
    private @Nullable Thread running;
    private long failedAt = System.nanoTime() - PAUSE_AFTER_FAILURE.toNanos();
    private volatile boolean finishing;
    /** Said once, not every two seconds. */
    private volatile boolean complained;

    /**
     * A checkpoint.
     *
     * @param manifests are synced by it
     * @param dueAfter how long a segment is full before it is forgotten, unless there are many
     */
    Checkpoint(ManifestFiles manifests, Duration dueAfter) {
        this.manifests = manifests;
        this.dueAfter = dueAfter;
    }

    /** Begins, if a segment is full and none is being forgotten. */
    void startIfNeeded(Journal journal) {
        int full = journal.fullCount();
        if (full > 0) {
            startOrWake(journal, full >= MANY);
        }
    }

    private synchronized void startOrWake(Journal journal, boolean wake) {
        if (running == null && System.nanoTime() - failedAt >= PAUSE_AFTER_FAILURE.toNanos()) {
            Thread thread = new Thread(() -> run(journal), "tau-jobs-checkpoint");
            thread.setDaemon(true);
            try {
                thread.start();
                running = thread;
            } catch (OutOfMemoryError e) {
                // No thread to be had right now. What the caller has written is written all the same.
                failedAt = System.nanoTime();
                LOG.log(System.Logger.Level.WARNING, "the journal is kept", e);
            }
        } else if (wake) {
            notifyAll();
        }
    }

    private void run(Journal journal) {
        try {
            while (awaitDue(journal) && forgetOldest(journal, Integer.MAX_VALUE)) {
                LOG.log(System.Logger.Level.TRACE, "a segment less");
            }
        } catch (IOException | RuntimeException e) {
            // Tried again by a change a while later, and at the end; until then the journal is longer.
            synchronized (this) {
                failedAt = System.nanoTime();
            }
            LOG.log(
                    complained ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "the journal can't be shortened now, and is tried again: " + e);
            complained = true;
        } finally {
            synchronized (this) {
                running = null;
                notifyAll();
            }
        }
    }

    /** Returns whether there is a segment whose time has come. */
    private synchronized boolean awaitDue(Journal journal) {
        try {
            while (!finishing && journal.fullCount() > 0) {
                long left = dueAfter.toNanos() - journal.ageOfOldest();
                if (left <= 0 || journal.fullCount() >= MANY) {
                    return true;
                }
                wait(Math.max(1, Duration.ofNanos(left).toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Returns whether it was forgotten: not if too many jobs depend on it, or the end has come meanwhile. */
    private boolean forgetOldest(Journal journal, int most) throws IOException {
        Set<JobId> depending = journal.dependingOnOldest();
        if (depending.size() > most) {
            return false;
        }
        Set<JobId> carried = new LinkedHashSet<>();
        for (JobId id : depending) {
            if (finishing && most == Integer.MAX_VALUE) {
                return false;
            }
            if (manifests.isKeptInJournal(id)) {
                carried.add(id);
            } else {
                manifests.sync(id);
            }
        }
        if (!carried.isEmpty()) {
            // One manifest that can't be read must not keep all of the journal.
            journal.carryFromOldest(carried);
        }
        manifests.syncNames();
        journal.forgetOldest();
        return true;
    }

    /** Forgets what can be forgotten soon, on this thread; what is kept is read again at the next start. */
    void finish(Journal journal) {
        finishing = true;
        if (!awaitRunning()) {
            return;
        }
        try {
            journal.endSegment();
            while (journal.fullCount() > 0 && forgetOldest(journal, FEW_JOBS)) {
                LOG.log(System.Logger.Level.TRACE, "a segment less");
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the journal is kept for the next start: " + e.getMessage());
        }
    }

    private synchronized boolean awaitRunning() {
        notifyAll();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toMillis(); running != null && left > 0; ) {
                wait(left);
                left = (deadline - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return running == null;
    }
}
