package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.TraceEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the ends of jobs from the tools, which are opened with it, to the server, which is built upon them: those too that come
 * before a client listens, as far as they are not very many. Safe for several threads.
 */
public final class EndRelay implements JobListener {
    private static final int MAX_WAITING = 1_000;

    private final Queue<TraceEvent> waiting = new ArrayDeque<>();
    private @Nullable Consumer<TraceEvent> receiver;

    /** Has nobody to tell yet. */
    public EndRelay() {}

    @Override
    public String name() {
        return "mcp";
    }

    @Override
    public void jobEnded(TraceEvent end) {
        Consumer<TraceEvent> told = receiverOrKeep(end);
        if (told != null) {
            told.accept(end);
        }
    }

    private synchronized @Nullable Consumer<TraceEvent> receiverOrKeep(TraceEvent end) {
        if (receiver == null) {
            if (waiting.size() == MAX_WAITING) {
                waiting.remove();
            }
            waiting.add(end);
        }
        return receiver;
    }

    /** From now on somebody is told; never under our lock, as a client that does not read may hold that up. */
    void to(Consumer<TraceEvent> consumer) {
        List<TraceEvent> before;
        synchronized (this) {
            receiver = consumer;
            before = List.copyOf(waiting);
            waiting.clear();
        }
        before.forEach(consumer);
    }
}
