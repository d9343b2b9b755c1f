package dev.tau.jobs.trace;

import dev.tau.jobs.config.Services;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Gives every event to every sink, on one thread, so that the events of a job stay in order. What the sinks of one event
 * say of their failures is joined and reported once.
 */
public final class TraceFanout implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TraceFanout.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Beyond it events are dropped and counted as failed: a slow sink must not fill the memory. */
    private static final int MAX_WAITING = 10_000;

    private final List<GuardedSink> sinks = new ArrayList<>();
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    /** Nobody hears until {@link #start} has named who does; no event comes before that. */
    private volatile BiConsumer<TraceEvent, String> onFailure = (event, messages) -> {};

    private final Thread dispatcher;
    private volatile boolean closing;

    /**
     * Finds and opens the sinks of the class path.
     *
     * @param context what they are opened with
     */
    public TraceFanout(ToolContext context) {
        this.dispatcher = new Thread(this::dispatchAll, "tau-jobs-trace");
        this.dispatcher.setDaemon(true);
        Services<TraceSink> found =
                Services.find(context.classLoader(), loader -> ServiceLoader.load(TraceSink.class, loader));
        found.problems()
                .forEach(problem -> LOG.log(System.Logger.Level.WARNING, "a trace sink can't be loaded: " + problem));
        for (TraceSink sink : found.services()) {
            GuardedSink guarded = new GuardedSink(sink, nameOf(sink), PATIENCE);
            guarded.open(context);
            sinks.add(guarded);
        }
    }

    /**
     * Starts to deliver.
     *
     * @param failures hears of an event and of what the sinks that failed to take it said
     */
    public void start(BiConsumer<TraceEvent, String> failures) {
        onFailure = failures;
        dispatcher.start();
    }

    private static String nameOf(TraceSink sink) {
        try {
            return String.valueOf(sink.name());
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "a trace sink can't tell its name", e);
            return sink.getClass().getName();
        }
    }

    /**
     * Hands an event over; returns at once.
     *
     * @param event the event
     */
    public void emit(TraceEvent event) {
        if (sinks.stream().noneMatch(sink -> sink.records(event.target()))) {
            return;
        }
        if (!waiting.offer(() -> deliver(event))) {
            onFailure.accept(event, "dropped: " + MAX_WAITING + " events wait for slow sinks");
        }
    }

    private void dispatchAll() {
        while (!closing || !waiting.isEmpty()) {
            try {
                waiting.take().run();
            } catch (InterruptedException e) {
                // Not ours, who closes wakes it by an event. All later ones would be lost.
                LOG.log(System.Logger.Level.DEBUG, "was interrupted, and goes on", e);
            }
        }
    }

    private void deliver(TraceEvent event) {
        List<String> failures = callAll(sink -> sink.records(event.target()), sink -> sink.emit(event));
        if (!failures.isEmpty()) {
            onFailure.accept(event, String.join(" | ", failures));
        }
    }

    private List<String> callAll(Predicate<GuardedSink> wanted, GuardedSink.Call call) {
        List<String> failures = new ArrayList<>();
        for (GuardedSink sink : sinks) {
            if (!wanted.test(sink)) {
                continue;
            }
            try {
                String failure = sink.call(call);
                if (failure != null) {
                    failures.add(failure);
                }
            } catch (InterruptedException e) {
                failures.add("interrupted");
            } catch (RejectedExecutionException e) {
                failures.add("given up");
            }
        }
        return failures;
    }

    /** Delivers what waits, flushes and closes the sinks; gives up on what hangs. */
    @Override
    public void close() {
        closing = true;
        if (!waiting.offer(() -> {})) {
            LOG.log(System.Logger.Level.DEBUG, "the dispatcher has enough to wake up by");
        }
        try {
            dispatcher.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (String failure : callAll(sink -> true, TraceSink::flush)) {
            LOG.log(System.Logger.Level.WARNING, "a trace sink could not be flushed: " + failure);
        }
        for (String failure : callAll(sink -> true, TraceSink::close)) {
            LOG.log(System.Logger.Level.WARNING, "a trace sink could not be closed: " + failure);
        }
        sinks.forEach(GuardedSink::close);
    }
}
