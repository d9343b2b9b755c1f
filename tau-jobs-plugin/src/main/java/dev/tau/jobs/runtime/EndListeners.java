package dev.tau.jobs.runtime;

import dev.tau.jobs.config.Services;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.store.HeardStore;
import dev.tau.jobs.store.History;
import dev.tau.jobs.store.JobIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells the host's listeners of each end once. Without listeners it does nothing, and has no thread. */
final class EndListeners implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EndListeners.class.getName());

    /** Whoever gives in to an interrupt does so within that time. */
    private static final Duration INTERRUPT_PATIENCE = Duration.ofSeconds(1);
    /** For all of them together. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /** Finds a job as it is now. */
    interface Jobs {
        /** Null if it is gone. */
        @Nullable
        JobRecord get(JobId id) throws IOException;
    }

    private final Jobs jobs;
    private final Function<JobRecord, List<Path>> outputs;
    private final List<ListenerThread> listeners = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /**
     * The listeners of a host.
     *
     * @param context names some, and the class loader that finds the others
     * @param store remembers what they have heard
     * @param jobs finds those of whose ends they are told late
     * @param outputs where a job's output is
     */
    EndListeners(ToolContext context, HeardStore store, Jobs jobs, Function<JobRecord, List<Path>> outputs) {
        this.jobs = jobs;
        this.outputs = outputs;
        Services<JobListener> found =
                Services.find(context.classLoader(), loader -> ServiceLoader.load(JobListener.class, loader));
        found.problems()
                .forEach(problem -> LOG.log(System.Logger.Level.WARNING, "a job listener can't be loaded: " + problem));
        context.jobListeners().forEach(listener -> add(listener, store));
        found.services().forEach(listener -> add(listener, store));
    }

    private void add(JobListener listener, HeardStore store) {
        try {
            String name = String.valueOf(listener.name());
            if (name.isBlank() || !names.add(name)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "left out: a job listener needs a name of its own: \"" + name + "\"");
            } else {
                listeners.add(new ListenerThread(listener, name, store, this::late));
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "a job listener can't tell its name, and is left out", e);
        }
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    /**
     * Begins, with the ends that the listeners have missed. To be called before any job of this runtime can end.
     *
     * @param told jobs of whose ends they were told as a guest's
     */
    void start(JobIndex index, long nowUnixMs, Set<JobId> told) {
        for (ListenerThread listener : listeners) {
            listener.start(index, nowUnixMs, told);
        }
    }

    /** What a listener is told that was not there at the end, or is far behind. */
    private @Nullable TraceEvent late(History.Entry entry, @Nullable JobEvent event) throws IOException {
        JobRecord job = jobs.get(entry.id());
        if (job == null || !job.status().isTerminal()) {
            return event == null ? null : TraceEvents.withoutJob(event);
        }
        JobEvent end = event == null ? JobEvent.ended(job, entry.finishedUnixMs()) : event;
        return TraceEvents.of(job, end, outputs.apply(job));
    }

    /** A job has ended, durably. */
    void ended(JobRecord job, JobEvent event) {
        if (!listeners.isEmpty()) {
            TraceEvent end = TraceEvents.of(job, event, outputs.apply(job));
            History.Entry entry = History.Entry.of(job);
            listeners.forEach(listener -> listener.tell(entry, event, end));
        }
    }

    /** Tells what there is still to tell; what a slow listener does not hear now, it hears at the next start. */
    @Override
    public void close() {
        var unused = close(CLOSE_PATIENCE);
    }

    /**
     * The same, with a patience of one's own.
     *
     * @return of which ends not all of them have heard
     */
    Set<JobId> close(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        listeners.forEach(ListenerThread::endWithWhatWaits);
        listeners.forEach(listener -> listener.awaitEnd(deadline));
        listeners.forEach(ListenerThread::interrupt);
        long interrupted = System.nanoTime() + INTERRUPT_PATIENCE.toNanos();
        listeners.forEach(listener -> listener.awaitEnd(interrupted));
        Set<JobId> missed = new HashSet<>();
        listeners.forEach(listener -> missed.addAll(listener.leave()));
        return missed;
    }
}
