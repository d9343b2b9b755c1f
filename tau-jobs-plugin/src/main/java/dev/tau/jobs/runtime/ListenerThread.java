package dev.tau.jobs.runtime;

import dev.tau.jobs.job.HeardEnds;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.store.HeardStore;
import dev.tau.jobs.store.History;
import dev.tau.jobs.store.JobIndex;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A listener on a thread of its own: a slow one keeps neither jobs nor other listeners waiting. What it has heard is written
 * down after it has, so that no end is lost with a host that is killed.
 */
final class ListenerThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ListenerThread.class.getName());
    private static final long CLOSE_PATIENCE_MS = 5_000;
    /** While more is waiting, it is not written down each time. */
    private static final long SAVE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private record End(JobId id, long finishedUnixMs, Supplier<@Nullable TraceEvent> event) {}

    private final JobListener listener;
    private final String name;
    private final HeardStore store;
    /** Empty at the end of telling. */
    private final BlockingQueue<Optional<End>> waiting = new LinkedBlockingQueue<>();

    private final Thread thread;
    private HeardEnds heard = new HeardEnds(0, Map.of());
    private boolean abandoned;

    ListenerThread(JobListener listener, String name, HeardStore store) {
        this.listener = listener;
        this.name = name;
        this.store = store;
        this.thread = new Thread(this::listen, "tau-jobs-listener-" + name);
        this.thread.setDaemon(true);
    }

    /** Begins, with what it has missed. One that was never here before has missed nothing. */
    void start(
            JobIndex index,
            long nowUnixMs,
            Set<JobId> toldElsewhere,
            Function<History.Entry, @Nullable TraceEvent> missed) {
        Optional<HeardEnds> before = store.heard(name);
        if (before.isPresent()) {
            heard = before.get();
            List<History.Entry> ended = index.endedSince(heard.sinceUnixMs());
            Map<JobId, Long> elsewhere = new HashMap<>();
            ended.stream()
                    .filter(entry -> toldElsewhere.contains(entry.id()))
                    .forEach(entry -> elsewhere.put(entry.id(), entry.finishedUnixMs()));
            save(elsewhere);
            ended.stream()
                    .filter(entry -> !heard.contains(entry.id(), entry.finishedUnixMs()))
                    .sorted(History.Entry.ENDED_FIRST)
                    .forEach(entry -> tell(entry, () -> missed.apply(entry)));
        } else {
            Map<JobId, Long> future = new HashMap<>();
            index.endedSince(nowUnixMs).forEach(entry -> future.put(entry.id(), entry.finishedUnixMs()));
            heard = new HeardEnds(nowUnixMs, Map.of()).with(future);
            save(Map.of());
        }
        thread.start();
    }

    /** An end that it has not heard of. */
    void tell(History.Entry job, Supplier<@Nullable TraceEvent> event) {
        waiting.add(Optional.of(new End(job.id(), job.finishedUnixMs(), event)));
    }

    private void listen() {
        Map<JobId, Long> told = new HashMap<>();
        long savedAt = System.nanoTime();
        try {
            for (Optional<End> next = waiting.take(); next.isPresent(); next = waiting.take()) {
                End end = next.get();
                tell(end);
                told.put(end.id(), end.finishedUnixMs());
                if (waiting.isEmpty() || System.nanoTime() - savedAt > SAVE_EVERY_NANOS) {
                    save(told);
                    told.clear();
                    savedAt = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            // By the listener itself: it has ended its own thread.
            LOG.log(System.Logger.Level.WARNING, "job listener " + name + " was interrupted, and hears nothing more");
        }
        save(told);
    }

    @SuppressWarnings("CatchingUnchecked") // a stranger's listener may throw anything
    private void tell(End end) {
        try {
            TraceEvent event = end.event().get();
            if (event != null) {
                listener.jobEnded(event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "job listener " + name + " failed at " + end.id(), e);
        }
    }

    private synchronized void save(Map<JobId, Long> told) {
        if (abandoned) {
            return;
        }
        heard = heard.with(told);
        try {
            store.saveHeard(name, heard);
        } catch (IOException e) {
            // Heard again after a restart, rather than not at all.
            LOG.log(System.Logger.Level.WARNING, "what job listener " + name + " has heard can't be written: " + e);
        }
    }

    @Override
    public void close() {
        waiting.add(Optional.empty());
        try {
            thread.join(CLOSE_PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            // The state dir is somebody else's from now on.
            abandoned = true;
        }
    }
}
