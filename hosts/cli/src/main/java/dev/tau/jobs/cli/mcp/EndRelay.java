package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.TraceEvent;
import org.jspecify.annotations.Nullable;

/**
 * Hands the ends of jobs from the tools, which are opened with it, to the server, which is built upon them. An end waits until a client
 * listens: one that nobody has heard of counts as not heard, and is told at the next start. Safe for several threads.
 */
public final class EndRelay implements JobListener, AutoCloseable {
    /** Tells clients. */
    interface Receiver {
        /** Throws if no client could be told before the end of the server. */
        void ended(TraceEvent end) throws InterruptedException;
    }

    private @Nullable Receiver receiver;
    private boolean closed;

    /** Has nobody to tell yet. */
    public EndRelay() {}

    @Override
    public String name() {
        return "mcp";
    }

    @Override
    public void jobEnded(TraceEvent end) throws InterruptedException {
        awaitReceiver().ended(end);
    }

    private synchronized Receiver awaitReceiver() throws InterruptedException {
        while (receiver == null && !closed) {
            wait();
        }
        if (receiver == null || closed) {
            throw new InterruptedException("the server ends");
        }
        return receiver;
    }

    /** From now on somebody is told. */
    synchronized void to(Receiver somebody) {
        receiver = somebody;
        notifyAll();
    }

    /** Nobody is told of what ends from now on, or waits to be told. Before the tools are closed. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
