package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.cli.mcp.HttpClients.Ended;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One client of an HTTP server, a session of MCP: told of ends while it listens, in their order, by one thread at a time. Safe for several
 * threads.
 */
final class HttpClient {
    private static final System.Logger LOG = System.getLogger(HttpClient.class.getName());
    private static final int MAX_UNSENT = 1_000;

    private record Notification(String method, Object params) {}

    /** An end that it was told of on a stream that may have been gone by then, and nobody had noticed. */
    private record Told(Ended end, boolean subscribed, long atNanos) {}

    private final String session;
    private final HttpClients all;
    private final JobSubscriptions subscriptions;
    /** What is not about an end of now. */
    private final Deque<Notification> unsent = new ArrayDeque<>();

    private final Deque<Told> unsure = new ArrayDeque<>();

    private long nextEnd;
    /** How many streams it has opened: the last one is the one that it listens on. */
    private int streams;

    private boolean listening;
    private Runnable endStream = () -> {};
    private boolean ended;
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
     * @param endStream ends it
     * @return which one, to say that it has ended
     */
    synchronized int listens(Runnable endStream) {
        leaves(streams); // without a word
        streams++;
        if (ended) {
            complete(endStream);
            return streams;
        }
        listening = true;
        this.endStream = endStream;
        tellSoon();
        return streams;
    }

    /** One of its streams has ended. What went to it in the last moments may never have arrived, and is told once more. */
    synchronized void leaves(int stream) {
        if (stream != streams || !listening) {
            return;
        }
        listening = false;
        unsure.removeIf(told -> !HttpClients.isRecent(told.atNanos()));
        if (!unsure.isEmpty()) {
            nextEnd = Math.min(nextEnd, unsure.getFirst().end().number());
            unsure.stream()
                    .filter(Told::subscribed)
                    .forEach(told -> subscriptions.again(told.end().event().jobId()));
            unsure.clear();
        }
    }

    /** Its session has ended: there is nothing more to listen to. */
    void end() {
        Runnable end;
        synchronized (this) {
            ended = true;
            end = listening ? endStream : () -> {};
        }
        complete(end);
    }

    private void complete(Runnable end) {
        try {
            end.run();
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "the stream of session " + session + " has ended already", e);
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
        boolean more = true;
        while (more) {
            int stream = stream();
            try {
                more = tellNext(stream);
            } catch (RuntimeException e) {
                // The stream is gone, and that it is may be known a moment later by another way.
                LOG.log(System.Logger.Level.DEBUG, "session " + session + " can't be told", e);
                failed(stream);
                return;
            }
        }
    }

    private synchronized int stream() {
        return streams;
    }

    private synchronized void failed(int stream) {
        leaves(stream);
        telling = false;
        tellSoon();
    }

    /** Returns whether there was anything to tell, and somebody who listens. */
    private boolean tellNext(int stream) {
        Notification notification;
        Ended end;
        synchronized (this) {
            notification = listening ? unsent.peek() : null;
            end = listening && notification == null ? all.end(nextEnd).orElse(null) : null;
            if (notification == null && end == null) {
                telling = false;
                return false;
            }
        }
        if (notification != null) {
            all.send(session, notification.method(), notification.params());
            sent(notification);
        } else if (end != null) {
            tell(end, stream);
        }
        return true;
    }

    private synchronized void sent(Notification notification) {
        unsent.removeFirstOccurrence(notification);
    }

    private void tell(Ended end, int stream) {
        boolean subscribed = subscriptions.ended(end.event(), (method, params) -> all.send(session, method, params));
        if (isTold(end, subscribed, stream)) {
            all.wasTold(end);
        }
    }

    /** If the stream has ended meanwhile, it is told once more. */
    private synchronized boolean isTold(Ended end, boolean subscribed, int stream) {
        if (stream != streams || !listening) {
            if (subscribed) {
                subscriptions.again(end.event().jobId());
            }
            return false;
        }
        nextEnd = end.number() + 1;
        while (unsure.size() >= HttpClients.MAX_ENDS
                || (!unsure.isEmpty() && !HttpClients.isRecent(unsure.getFirst().atNanos()))) {
            unsure.removeFirst();
        }
        unsure.add(new Told(end, subscribed, System.nanoTime()));
        return true;
    }
}
