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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a guest's listeners of the ends of the jobs that it has asked for; of all others the owner tells its own. Looks at
 * their manifests while there are such jobs, and has no thread without listeners.
 */
final class GuestEnds {
    private static final System.Logger LOG = System.getLogger(GuestEnds.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final ManifestReader manifests;
    private final EndListeners listeners;
    private final Set<JobId> awaited = new LinkedHashSet<>();
    private final Set<JobId> told = new HashSet<>();
    private @Nullable Thread watcher;
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

    /** A job was asked for. */
    synchronized void await(JobId id) {
        if (listeners.isEmpty()) {
            return;
        }
        // Also when it is closed: another one may go on with it.
        awaited.add(id);
        if (watcher == null && !closed) {
            watcher = new Thread(this::watch, "tau-jobs-guest-ends");
            watcher.setDaemon(true);
            watcher.start();
        }
        notifyAll();
    }

    private synchronized void watch() {
        try {
            while (!closed) {
                if (awaited.isEmpty()) {
                    wait();
                } else {
                    awaited.removeIf(this::hasEnded);
                    wait(LOOK_EVERY.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasEnded(JobId id) {
        try {
            JobRecord job = manifests.get(id).orElse(null);
            if (job == null || !job.status().isTerminal()) {
                // Or removed as an old one, before anybody looked.
                return job == null && !manifests.exists(id);
            }
            listeners.ended(job, JobEvent.ended(job, job.state().updatedUnixMs()));
            told.add(id);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "looked at again: " + id, e);
            return false;
        }
    }

    /** {@return whether it tells of nothing more} */
    synchronized boolean isClosed() {
        return closed;
    }

    /** {@return the jobs of whose ends it has not told} */
    synchronized Set<JobId> awaited() {
        return Set.copyOf(awaited);
    }

    /** Tells of nothing more; returns what the listeners have heard of. */
    Set<JobId> close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        listeners.close();
        synchronized (this) {
            return Set.copyOf(told);
        }
    }
}
