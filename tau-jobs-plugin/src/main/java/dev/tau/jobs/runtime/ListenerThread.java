package dev.tau.jobs.runtime;

import dev.tau.jobs.job.HeardEnds;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.store.HeardStore;
import dev.tau.jobs.store.History;
import dev.tau.jobs.store.JobIndex;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A listener on a thread of its own: a slow one keeps neither jobs nor other listeners waiting. What it has heard is written
 * down after it has, so that no end is lost with a host that is killed.
 */
final class ListenerThread {
    private static final System.Logger LOG = System.getLogger(ListenerThread.class.getName());
    /** Of more that wait the oldest are dropped: a host may have a listener for weeks that does not listen. */
    private static final int MOST_WAITING = 100_000;
    /** Of so many ends what is to be told is kept, command and arguments too; of more, what each job's manifest says in its turn. */
    private static final int MOST_HELD = 1_000;
    /** While more is waiting, it is not written down each time. */
    private static final long SAVE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Makes what is to be told of a job that ended while nobody listened, or long before its turn. */
    interface Late {
        /** Null if it is gone, and nothing else is known; throws if it can't be read. */
        @Nullable
        TraceEvent of(History.Entry entry, @Nullable JobEvent event) throws IOException;
    }

    /** An end, with what is to be told of it as far as that is at hand. */
    private record End(
            History.Entry job,
            @Nullable JobEvent event,
            @Nullable TraceEvent told) {
        JobId id() {
            return job.id();
        }
    }

    private final JobListener listener;
    private final String name;
    private final HeardStore store;
    private final Late late;
    /** Empty at the end of telling. */
    private final BlockingQueue<Optional<End>> waiting = new LinkedBlockingQueue<>();

    private final Thread thread;
    private HeardEnds heard = new HeardEnds(0, Map.of());
    /** Heard, and not written down yet. */
    private final Map<JobId, Long> told = new HashMap<>();

    /** What it says that it has not heard. */
    private final Set<JobId> notHeard = new HashSet<>();

    /** Whether it is written down what it has heard. */
    private boolean kept = true;

    /** Whether what it has heard could not be written down the last time. */
    private boolean unwritten;

    /** Nothing more is begun. */
    private boolean leaving;

    private boolean abandoned;

    ListenerThread(JobListener listener, String name, HeardStore store, Late late) {
        this.listener = listener;
        this.name = name;
        this.store = store;
        this.late = late;
        this.thread = new Thread(this::listen, "tau-jobs-listener-" + name);
        this.thread.setDaemon(true);
    }

    /** Begins, with what it has missed. One that was never here before has missed nothing. */
    void start(JobIndex index, long nowUnixMs, Set<JobId> toldElsewhere) {
        Optional<HeardEnds> before = Optional.empty();
        try {
            before = store.heard(name);
        } catch (IOException e) {
            // Perhaps a newer version's, perhaps only for now: what it says must not be lost.
            kept = false;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what job listener " + name + " has heard can't be read: it is told of what ends from now on, and "
                            + "of that again after a restart: " + e.getMessage());
        }
        if (before.isPresent()) {
            heard = before.get();
            List<History.Entry> ended = index.endedSince(heard.sinceUnixMs());
            Map<JobId, Long> elsewhere = new HashMap<>();
            ended.stream()
                    .filter(entry -> toldElsewhere.contains(entry.id()))
                    .forEach(entry -> elsewhere.put(entry.id(), entry.finishedUnixMs()));
            heard = heard.with(elsewhere);
            write();
            ended.stream()
                    .filter(entry -> !heard.contains(entry.id(), entry.finishedUnixMs()))
                    .sorted(History.Entry.ENDED_FIRST)
                    .forEach(entry -> waiting.add(Optional.of(new End(entry, null, null))));
        } else {
            Map<JobId, Long> future = new HashMap<>();
            index.endedSince(nowUnixMs).forEach(entry -> future.put(entry.id(), entry.finishedUnixMs()));
            heard = new HeardEnds(nowUnixMs, Map.of()).with(future);
            write();
        }
        thread.start();
    }

    /** An end that it has not heard of. */
    void tell(History.Entry job, JobEvent event, TraceEvent whole) {
        if (waiting.size() >= MOST_WAITING) {
            var unused = waiting.poll();
        }
        waiting.add(Optional.of(new End(job, event, waiting.size() < MOST_HELD ? whole : null)));
    }

    private void listen() {
        long savedAt = System.nanoTime();
        try {
            for (Optional<End> next = waiting.take(); next.isPresent() && begin(next.get()); next = waiting.take()) {
                tell(next.get());
                // One that interrupts its own thread must not keep it from hearing more.
                if (Thread.interrupted()) {
                    LOG.log(System.Logger.Level.DEBUG, "job listener " + name + " left an interrupt behind");
                }
                if (waiting.isEmpty() || System.nanoTime() - savedAt > SAVE_EVERY_NANOS) {
                    save();
                    savedAt = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "job listener " + name + " hears nothing more", e);
        }
        save();
    }

    /** Returns whether it is to be told of that; if so it counts as heard, however long it takes, unless it says that it was not. */
    private synchronized boolean begin(End end) {
        if (leaving) {
            notHeard(end); // it was taken out of what waits
        } else {
            told.put(end.id(), end.job().finishedUnixMs());
        }
        return !leaving;
    }

    /** The next start tells it. */
    private synchronized void notHeard(End end) {
        told.remove(end.id());
        if (notHeard.size() < MOST_WAITING) {
            notHeard.add(end.id());
        }
    }

    private void tell(End end) {
        TraceEvent event;
        try {
            event = end.told() != null ? end.told() : late.of(end.job(), end.event());
        } catch (IOException e) {
            notHeard(end); // if it can be read then
            LOG.log(
                    System.Logger.Level.WARNING,
                    "job listener " + name + " can't be told of the end of " + end.id(),
                    e);
            return;
        }
        try {
            if (event != null) {
                listener.jobEnded(event);
            }
        } catch (InterruptedException e) {
            notHeard(end);
            LOG.log(System.Logger.Level.DEBUG, "job listener " + name + " has not heard of " + end.id(), e);
        } catch (Throwable e) {
            // A stranger's: whatever it throws, it hears of the next.
            LOG.log(System.Logger.Level.WARNING, "job listener " + name + " failed at " + end.id(), e);
        }
    }

    private synchronized void save() {
        if (abandoned || (told.isEmpty() && !unwritten)) {
            return;
        }
        heard = heard.with(told);
        told.clear();
        write();
    }

    private void write() {
        if (!kept) {
            return;
        }
        try {
            store.saveHeard(name, heard);
            unwritten = false;
        } catch (IOException e) {
            // Heard again after a restart, rather than not at all; an interrupt may have come in the middle of it, so
            // it is tried again.
            unwritten = true;
            LOG.log(System.Logger.Level.WARNING, "what job listener " + name + " has heard can't be written: " + e);
        }
    }

    /** Tells of nothing that ends from now on. */
    void endWithWhatWaits() {
        waiting.add(Optional.empty());
    }

    /** Waits until it has told of all, but not for longer than until a time of {@link System#nanoTime}. */
    void awaitEnd(long deadlineNanos) {
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to tell of nothing more, and disturbs what it hears right now. */
    void interrupt() {
        synchronized (this) {
            leaving = true;
        }
        thread.interrupt();
    }

    /** {@return of which ends it was not told after all; from now on the state dir is somebody else's} */
    Set<JobId> leave() {
        save();
        Set<JobId> missed = new HashSet<>();
        for (Optional<End> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.ifPresent(end -> missed.add(end.id()));
        }
        synchronized (this) {
            abandoned = true;
            missed.addAll(notHeard);
        }
        return missed;
    }
}
