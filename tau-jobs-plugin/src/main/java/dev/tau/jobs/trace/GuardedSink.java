package dev.tau.jobs.trace;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceSink;
import dev.tau.jobs.spi.TraceTarget;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A sink on a thread of its own, given up when it hangs. Called from one thread at a time. */
final class GuardedSink {
    /** What a sink is asked to do. */
    interface Call {
        void run(TraceSink sink) throws Exception;
    }

    private static final System.Logger LOG = System.getLogger(GuardedSink.class.getName());

    private final TraceSink sink;
    private final String name;
    private final Duration patience;
    private final ExecutorService thread;
    private volatile boolean enabled = true;
    /** Why it is not asked any more. */
    private @Nullable String givenUp;

    GuardedSink(TraceSink sink, String name, Duration patience) {
        this.sink = sink;
        this.name = name;
        this.patience = patience;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, "tau-jobs-trace-" + name);
            created.setDaemon(true);
            return created;
        });
    }

    /** Opens it; one that can't be opened fails each event, so that nobody takes its traces for complete. */
    void open(ToolContext context) {
        try {
            String failure = call(delegate -> {
                delegate.open(context);
                enabled = delegate.isEnabled();
            });
            if (failure != null) {
                LOG.log(System.Logger.Level.WARNING, "a trace sink can't be opened: " + failure);
                givenUp = failure + " (at open)";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            givenUp = name + ": the opening was interrupted";
        }
    }

    /** Whether it is to be told of what is for a target; strangers that have anything to do are always told. */
    boolean records(TraceTarget target) {
        return enabled && (!(sink instanceof Selective selective) || selective.records(target));
    }

    /** Null when all went well, else what went wrong. */
    @Nullable
    String call(Call call) throws InterruptedException {
        if (givenUp != null) {
            return givenUp;
        }
        Future<?> now = thread.submit(() -> {
            call.run(sink);
            return null;
        });
        try {
            now.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (TimeoutException e) {
            // For good: its one thread may never come back. The interrupt is a chance for it to end.
            givenUp = name + ": was given up because it hung";
            thread.shutdownNow();
            return name + ": gave up after " + patience.toMillis() + " ms";
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return name + ": " + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        }
    }

    void close() {
        thread.shutdown();
    }
}
