package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.TraceEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Queue;

/**
 * One client of an HTTP server, a session of MCP: told of ends while it listens, in their order, by one thread at a time. Safe for several
 * threads.
 */
final class HttpClient {
    private static final int MAX_UNSENT = 1_000;

    private record Notification(String method, Object params) {}

    private record Told(long number, String jobId, long atNanos) {}

    private final String session;
    private final HttpClients all;
    private final JobSubscriptions subscriptions;
    private final Queue<Notification> unsent = new ArrayDeque<>();
    /** Of what it was told on a stream that may have been gone by then, and nobody had noticed. */
    private final Deque<Told> unsure = new ArrayDeque<>();

    private long nextEnd;
    /** How many streams it has opened: the last one is the one that it listens on. */
    private int streams;

    private boolean listening;
    private boolean telling;

    HttpClient(String session, JobResources resources, HttpClients all, long nextEnd) {
        this.session = session;
        this.all = all;
        this.nextEnd = nextEnd;
        this.subscriptions = new JobSubscriptions(resources, this::add);
    }

    /** {@return what it has asked to be told of} */
    JobSubscriptions subscriptions() {
        return subscriptions;
    }

    private synchronized void add(String method, Object params) {
        if (unsent.size() == MAX_UNSENT) {
            unsent.remove();
        }
        unsent.add(new Notification(method, params));
        tellSoon();
    }

    /**
     * It has opened a listening stream.
     *
     * @return which one, to say that it has ended
     */
    synchronized int listens() {
        if (listening) {
            leaves(streams); // without a word
        }
        listening = true;
        tellSoon();
        return ++streams;
    }

    /** One of its streams has ended. What went to it in the last moments may never have arrived, and is told once more. */
    synchronized void leaves(int stream) {
        if (stream == streams && listening) {
            listening = false;
            forgetSureOnes();
            if (!unsure.isEmpty()) {
                nextEnd = Math.min(nextEnd, unsure.getFirst().number());
                unsure.clear();
            }
        }
    }

    /** A stream that takes nothing ends after a while: what it was told before that has arrived. */
    private void forgetSureOnes() {
        long now = System.nanoTime();
        while (!unsure.isEmpty()
                && (now - unsure.getFirst().atNanos() > McpHttpServer.IDLE.toNanos()
                        || unsure.size() > HttpClients.MAX_ENDS)) {
            subscriptions.forget(unsure.removeFirst().jobId());
        }
    }

    /** Somebody has something to tell. */
    synchronized void tellSoon() {
        if (listening && !telling) {
            telling = true;
            all.run(this::tell);
        }
    }

    private void tell() {
        for (Optional<Notification> next = next(); next.isPresent(); next = next()) {
            all.send(session, next.get().method(), next.get().params());
        }
    }

    /** What is to be sent now; empty if there is nothing, or nobody who listens. */
    private Optional<Notification> next() {
        while (true) {
            TraceEvent end;
            synchronized (this) {
                if (listening && !unsent.isEmpty()) {
                    return Optional.of(unsent.remove());
                }
                // What was sent of the one before is written by now.
                if (nextEnd > 0 && listening) {
                    all.wasTold(nextEnd - 1);
                }
                Optional<HttpClients.Numbered> found = listening ? all.end(nextEnd) : Optional.empty();
                if (found.isEmpty()) {
                    telling = false;
                    return Optional.empty();
                }
                end = found.get().end();
                nextEnd = found.get().number() + 1;
                forgetSureOnes();
                unsure.add(new Told(found.get().number(), end.jobId(), System.nanoTime()));
            }
            subscriptions.ended(end);
        }
    }
}
