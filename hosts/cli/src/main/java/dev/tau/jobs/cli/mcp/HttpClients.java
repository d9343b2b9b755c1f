package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.TraceEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The clients of an HTTP server that are told of the ends of jobs. One whose listening stream is gone is told when it listens again; one
 * that does not read keeps no other waiting. Safe for several threads.
 */
final class HttpClients implements EndRelay.Receiver, AutoCloseable {
    /** Sends a notification to the listening stream of a session, and returns when it is written; throws if it can't be. */
    interface Sender {
        void send(String session, String method, Object params);
    }

    /** The oldest of more is as good as gone: sessions that are out of use are the SDK's to end. */
    private static final int MAX_CLIENTS = 10_000;
    /** Of so many ends a client is told that comes back. */
    static final int MAX_ENDS = 1_000;

    /** An end that may have to be told once more. */
    static final class Ended {
        private final long number;
        private final TraceEvent event;
        /** When somebody was told of it first, of {@link System#nanoTime}; null before. */
        private @Nullable Long toldAt;

        private Ended(long number, TraceEvent event) {
            this.number = number;
            this.event = event;
        }

        /** {@return which one it is, counted from 0} */
        long number() {
            return number;
        }

        TraceEvent event() {
            return event;
        }
    }

    private final JobResources resources;
    private final Sender sender;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "mcp-teller");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, HttpClient> clients = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HttpClient> eldest) {
            return size() > MAX_CLIENTS;
        }
    };
    /** The newest ones. */
    private final Deque<Ended> ends = new ArrayDeque<>();

    private long count;
    private boolean closed;

    /**
     * There are no clients yet.
     *
     * @param resources what clients subscribe to
     * @param sender writes to them
     */
    HttpClients(JobResources resources, Sender sender) {
        this.resources = resources;
        this.sender = sender;
    }

    /**
     * A client has greeted. It is told of what nobody was told of before; and of what was told a moment ago, as the one that was told may
     * have been killed, and be the same agent.
     */
    synchronized void add(String session) {
        long next = ends.stream()
                .filter(end -> end.toldAt == null || isRecent(end.toldAt))
                .mapToLong(Ended::number)
                .findFirst()
                .orElse(count);
        clients.put(session, new HttpClient(session, resources, this, next));
    }

    /** Whether what went to a stream at that time may be lost: one that takes nothing ends after a while. */
    static boolean isRecent(long atNanos) {
        return System.nanoTime() - atNanos < McpHttpServer.IDLE.toNanos();
    }

    /** {@return the client of a session; empty if there is none} */
    synchronized Optional<HttpClient> find(@Nullable String session) {
        return session == null ? Optional.empty() : Optional.ofNullable(clients.get(session));
    }

    /** A session has ended. */
    void remove(String session) {
        HttpClient client;
        synchronized (this) {
            client = clients.remove(session);
        }
        if (client != null) {
            client.end();
        }
    }

    @Override
    public void ended(TraceEvent event) throws InterruptedException {
        Ended end;
        List<HttpClient> all;
        synchronized (this) {
            end = new Ended(count++, event);
            ends.add(end);
            if (ends.size() > MAX_ENDS) {
                ends.remove();
            }
            all = new ArrayList<>(clients.values());
        }
        all.forEach(HttpClient::tellSoon);
        awaitTold(end);
    }

    private synchronized void awaitTold(Ended end) throws InterruptedException {
        while (end.toldAt == null && !closed) {
            wait();
        }
        if (end.toldAt == null) {
            throw new InterruptedException("no client listens");
        }
    }

    /** The end of that number, or the next one that is kept; empty if there is none yet, or nobody is told any more. */
    synchronized Optional<Ended> end(long number) {
        return closed
                ? Optional.empty()
                : ends.stream().filter(end -> end.number >= number).findFirst();
    }

    /** A client has been told of an end. */
    synchronized void wasTold(Ended end) {
        if (end.toldAt == null) {
            end.toldAt = System.nanoTime();
        }
        notifyAll();
    }

    void send(String session, String method, Object params) {
        sender.send(session, method, params);
    }

    /** Does something on a thread of its own; not once nobody is told any more. */
    synchronized void run(Runnable task) {
        if (!closed) {
            threads.execute(task);
        }
    }

    /** Tells nobody any more. */
    @Override
    public synchronized void close() {
        closed = true;
        threads.shutdown();
        notifyAll();
    }
}
