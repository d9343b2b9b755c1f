package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.HeardStore;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.ManifestReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells a guest's listeners of the ends of the jobs that it has created or looked at; of all others the owner tells its own. Looks at
 * their manifests while there are such jobs, and has no thread without listeners.
 */
final class GuestEnds {
    private static final System.Logger LOG = System.getLogger(GuestEnds.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    /** Whoever takes a directory over keeps its callers waiting meanwhile. */
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(500);

    private static final int MAX_TOLD = 100_000;

    private final ManifestReader manifests;
    private final EndListeners listeners;
    /** As their manifests were when they were looked at the last time; null if nobody has yet. */
    private final Map<JobId, @Nullable Object> awaited = new LinkedHashMap<>();
    /** The newest: an owner's listener asks for what has ended since it was there the last time. */
    private final Set<JobId> told = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Boolean> eldest) {
            return size() > MAX_TOLD;
        }
    });

    private @Nullable Thread watcher;
    private long lookedAt = System.nanoTime();
    private boolean closed;

    /**
     * Begins to listen.
     *
     * @param store remembers what the listeners have heard, for when this host opens the directory itself. An owner's listener
     *     of the same name hears of all ends, these among them, and overwrites it.
     */
    GuestEnds(ToolContext context, ManifestReader manifests, HeardStore store) {
        this.manifests = manifests;
        this.listeners = new EndListeners(
                context, store, id -> manifests.get(id).orElse(null), job -> manifests.outputs(job.id()));
        listeners.start(new JobIndex(), context.clock().millis(), Set.of());
    }

    /** A job was created or looked at, and has not ended. */
    synchronized void await(JobId id) {
        if (listeners.isEmpty()) {
            return;
        }
        // Also when it is closed: another one may go on with it.
        if (awaited.containsKey(id) || told.contains(id)) {
            return;
        }
        awaited.put(id, null);
        if (watcher == null && !closed) {
            watcher = new Thread(this::watch, "tau-jobs-guest-ends");
            watcher.setDaemon(true);
            watcher.start();
        }
        notifyAll();
    }

    private void watch() {
        try {
            for (Map<JobId, @Nullable Object> now = next(); !now.isEmpty(); now = next()) {
                now.forEach(this::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for what is to be looked at; nothing if it is closed. */
    private synchronized Map<JobId, @Nullable Object> next() throws InterruptedException {
        long due = lookedAt + LOOK_EVERY.toNanos();
        while (!closed && (awaited.isEmpty() || System.nanoTime() - due < 0)) {
            // At least 1: 0 is for ever.
            wait(awaited.isEmpty() ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime())));
        }
        lookedAt = System.nanoTime();
        return closed ? Map.of() : new LinkedHashMap<>(awaited);
    }

    /** Not under our lock: there may be thousands, and who creates a job must not wait for a look at all of them. */
    private void look(JobId id, @Nullable Object before) {
        try {
            Object now = manifests.stamp(id);
            if (now != null && now.equals(before)) {
                return;
            }
            JobRecord job = manifests.get(id).orElse(null);
            if (job != null && job.status().isTerminal()) {
                ended(job);
            } else if (job != null || manifests.exists(id)) {
                changed(id, now);
            } else {
                removed(id); // as an old one, before anybody looked
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "looked at again: " + id, e);
        }
    }

    private synchronized void ended(JobRecord job) {
        if (!closed) {
            listeners.ended(job, JobEvent.ended(job, job.state().updatedUnixMs()));
            told.add(job.id());
            awaited.remove(job.id());
        }
    }

    private synchronized void changed(JobId id, @Nullable Object stamp) {
        awaited.replace(id, stamp);
    }

    private synchronized void removed(JobId id) {
        awaited.remove(id);
    }

    /** {@return whether it tells of nothing more} */
    synchronized boolean isClosed() {
        return closed;
    }

    /** {@return the jobs of whose ends it has not told} */
    synchronized Set<JobId> awaited() {
        return Set.copyOf(awaited.keySet());
    }

    /** Tells of nothing more; returns what all listeners have heard of. */
    Set<JobId> close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        Set<JobId> missed = listeners.close(CLOSE_PATIENCE);
        synchronized (this) {
            told.removeAll(missed);
            // If this process can't own the dir after all, they are still to be told of.
            missed.forEach(id -> awaited.put(id, null));
            return Set.copyOf(told);
        }
    }
}
