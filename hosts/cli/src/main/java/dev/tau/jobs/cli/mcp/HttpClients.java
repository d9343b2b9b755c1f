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
    /** Sends a notification to the listening stream of a session; returns when it is written, or can't be. */
    interface Sender {
        void send(String session, String method, Object params);
    }

    /** The oldest of more is as good as gone: sessions that are out of use are the SDK's to end. */
    private static final int MAX_CLIENTS = 10_000;
    /** Of so many ends a client is told that comes back. */
    static final int MAX_ENDS = 1_000;

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
    /** The newest ends; the first one has the number {@link #firstEnd}. */
    private final Deque<TraceEvent> ends = new ArrayDeque<>();

    private long firstEnd;
    /** How many ends somebody was told of: all before this number. */
    private long told;

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

    /** A client has greeted. It is told of what nobody was told of before. */
    synchronized void add(String session) {
        clients.put(session, new HttpClient(session, resources, this, told));
    }

    /** {@return the client of a session; empty if there is none} */
    synchronized Optional<HttpClient> find(@Nullable String session) {
        return session == null ? Optional.empty() : Optional.ofNullable(clients.get(session));
    }

    /** A session has ended. */
    synchronized void remove(String session) {
        clients.remove(session);
    }

    @Override
    public void ended(TraceEvent end) throws InterruptedException {
        long number;
        List<HttpClient> all;
        synchronized (this) {
            ends.add(end);
            number = firstEnd + ends.size() - 1;
            if (ends.size() > MAX_ENDS) {
                ends.remove();
                firstEnd++;
            }
            all = new ArrayList<>(clients.values());
        }
        all.forEach(HttpClient::tellSoon);
        awaitTold(number);
    }

    private synchronized void awaitTold(long number) throws InterruptedException {
        while (told <= number && !closed) {
            wait();
        }
        if (told <= number) {
            throw new InterruptedException("no client listens");
        }
    }

    /** An end, or a later one if that is kept no more; empty if there is none yet. */
    synchronized Optional<Numbered> end(long number) {
        long wanted = Math.max(number, firstEnd);
        return ends.stream().skip(wanted - firstEnd).findFirst().map(end -> new Numbered(wanted, end));
    }

    /** An end, and which one it is. */
    record Numbered(long number, TraceEvent end) {}

    /** A client has been told of an end. */
    synchronized void wasTold(long number) {
        told = Math.max(told, number + 1);
        notifyAll();
    }

    void send(String session, String method, Object params) {
        sender.send(session, method, params);
    }

    void run(Runnable task) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        threads.execute(task);
    }

    /** Tells nobody any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        threads.shutdown();
    }
}
