package dev.tau.jobs.web;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.statedir.Owner;
import dev.tau.jobs.statedir.Pace;
import dev.tau.jobs.statedir.Room;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.statedir.StateDirWatch;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has changed in state dirs since somebody last asked, for any number of those who ask. They look themselves, in turn: while
 * nobody asks, nothing is looked at. Safe for use by several threads.
 */
final class JobsFeed implements AutoCloseable {
    /** Who asks more seldom than so many jobs are removed is told all anew. */
    private static final int GONE_KEPT = 10_000;

    /**
     * What is known of a state dir besides its jobs.
     *
     * @param owner the live process that owns it
     * @param stopped whether a signal has stopped its owner
     * @param counters of state.json, where there is one
     * @param removed how many jobs of each status were removed as old ones
     * @param unreadable how many manifests can't be read
     * @param scarceRoom what its disk has left, if that is hardly any
     * @param problem why it can't be read; empty if it can
     */
    record Head(
            Optional<Owner> owner,
            boolean stopped,
            Optional<Snapshot> counters,
            Map<JobStatus, Long> removed,
            int unreadable,
            Optional<Room> scarceRoom,
            String problem) {}

    /**
     * What has changed in a state dir.
     *
     * @param dir which one
     * @param all whether this is all there is: what is not among it is no longer there
     * @param head what is known besides
     * @param jobs those that are new or have changed, in no order
     * @param gone ids of those that were removed
     */
    record Change(int dir, boolean all, Head head, List<JobRecord> jobs, List<JobId> gone) {}

    /**
     * What has changed.
     *
     * @param version as of when, for the next question
     * @param changes none if nothing has changed meanwhile
     */
    record News(long version, List<Change> changes) {}

    private record Versioned<T>(T value, long version) {}

    private static final class Dir {
        private final StateDirWatch watch;
        private final Map<JobId, Versioned<JobRecord>> jobs = new HashMap<>();
        private final Deque<Versioned<JobId>> gone = new ArrayDeque<>();
        private long goneForgotten;
        private Versioned<Head> head;

        private Dir(StateDirWatch watch) {
            this.watch = watch;
            this.head = new Versioned<>(headOf(watch, ""), 1);
            watch.jobs().forEach(job -> jobs.put(job.id(), new Versioned<>(job, 1)));
        }

        private static Head headOf(StateDirWatch watch, String problem) {
            Map<JobStatus, Long> removed = new EnumMap<>(JobStatus.class);
            for (JobStatus status : JobStatus.values()) {
                removed.put(status, watch.removed(status));
            }
            return new Head(
                    watch.owner(),
                    watch.isOwnerStopped(),
                    watch.counters(),
                    removed,
                    watch.unreadable(),
                    watch.scarceRoom(),
                    problem);
        }

        /** Returns whether anything has changed. */
        private boolean look(long next) {
            String problem = "";
            boolean changed = false;
            boolean news = true;
            try {
                news = watch.look();
                if (!Files.isDirectory(watch.reader().directory())) {
                    problem = "there is no such directory";
                }
            } catch (IOException e) {
                // It may have found something before.
                problem = Failures.describe(e);
            }
            if (news) {
                changed = take(watch.jobs(), next);
            }
            Head now = headOf(watch, problem);
            if (!now.equals(head.value())) {
                head = new Versioned<>(now, next);
                changed = true;
            }
            return changed;
        }

        private boolean take(Collection<JobRecord> now, long next) {
            boolean changed = false;
            for (JobRecord job : now) {
                Versioned<JobRecord> before = jobs.get(job.id());
                if (before == null || !before.value().equals(job)) {
                    jobs.put(job.id(), new Versioned<>(job, next));
                    changed = true;
                }
            }
            if (jobs.size() > now.size()) {
                jobs.keySet().removeIf(id -> {
                    boolean removed = watch.job(id).isEmpty();
                    if (removed) {
                        gone.addLast(new Versioned<>(id, next));
                    }
                    return removed;
                });
                changed = true;
            }
            while (gone.size() > GONE_KEPT) {
                goneForgotten = gone.removeFirst().version();
            }
            return changed;
        }

        private Optional<Change> after(int number, long seen) {
            boolean all = seen == 0 || seen < goneForgotten;
            List<JobRecord> news = new ArrayList<>();
            for (Versioned<JobRecord> job : jobs.values()) {
                if (all || job.version() > seen) {
                    news.add(job.value());
                }
            }
            List<JobId> removed = new ArrayList<>();
            for (Versioned<JobId> job : gone) {
                if (!all && job.version() > seen) {
                    removed.add(job.value());
                }
            }
            boolean nothing = !all && news.isEmpty() && removed.isEmpty() && head.version() <= seen;
            return nothing ? Optional.empty() : Optional.of(new Change(number, all, head.value(), news, removed));
        }
    }

    private final List<Dir> dirs = new ArrayList<>();
    private final Pace pace = new Pace();
    private long version = 1;

    /**
     * A feed of state dirs.
     *
     * @param readers what reads them
     * @throws IOException if one can't be read
     */
    JobsFeed(List<StateDirReader> readers) throws IOException {
        for (StateDirReader reader : readers) {
            dirs.add(new Dir(reader.watch()));
        }
    }

    /**
     * Waits for a change.
     *
     * @param seen the version of the last news; 0 for all there is, at once
     * @param patience how long to wait
     * @return what has changed; nothing, if nothing has until then
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized News after(long seen, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            long wait = pace.untilNextMs();
            if (wait == 0) {
                look();
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (version > seen || left <= 0) {
                return new News(version, changesAfter(seen));
            }
            // Others look meanwhile.
            wait(Math.max(1, Math.min(wait, left)));
        }
    }

    private void look() {
        long began = System.nanoTime();
        boolean changed = false;
        for (Dir dir : dirs) {
            changed |= dir.look(version + 1);
        }
        if (changed) {
            version++;
        }
        pace.looked(began);
    }

    private List<Change> changesAfter(long seen) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < dirs.size(); i++) {
            dirs.get(i).after(i, seen).ifPresent(changes::add);
        }
        return changes;
    }

    /**
     * One job as the page knows it: what is asked of a job must not try the lock of its directory, nor read its journal.
     *
     * @param dir the state dir's number
     * @param id the job
     * @return empty if there is none
     */
    synchronized Optional<JobRecord> find(int dir, JobId id) {
        if (pace.untilNextMs() == 0) {
            look();
        }
        return dirs.get(dir).watch.job(id);
    }

    /** {@return what reads a state dir} */
    StateDirReader reader(int dir) {
        return dirs.get(dir).watch.reader();
    }

    /** {@return how many state dirs there are} */
    int size() {
        return dirs.size();
    }

    /** {@return where a state dir is} */
    String nameOf(int dir) {
        return reader(dir).directory().toString();
    }

    @Override
    public synchronized void close() throws IOException {
        for (Dir dir : dirs) {
            dir.watch.close();
        }
    }
}
