package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.TraceEvent;
import java.util.ArrayDeque;
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
    public synchronized void jobEnded(TraceEvent end) {
        if (receiver == null) {
            if (waiting.size() == MAX_WAITING) {
                waiting.remove();
            }
            waiting.add(end);
        } else {
            receiver.accept(end);
        }
    }

    /** From now on somebody is told. */
    synchronized void to(Consumer<TraceEvent> consumer) {
        receiver = consumer;
        waiting.forEach(consumer);
        waiting.clear();
    }
}
