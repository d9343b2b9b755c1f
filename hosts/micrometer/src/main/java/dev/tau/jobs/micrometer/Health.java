package dev.tau.jobs.micrometer;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The counters that each result of {@code jobs_list} has. Those of one moment serve all meters of a scrape. Safe for several threads. */
final class Health {
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ToolSet tools;
    private Map<?, ?> counters = Map.of();
    private long readAt;

    Health(ToolSet tools) {
        this.tools = tools;
        this.readAt = System.nanoTime() - KEPT_NANOS;
    }

    /** NaN if the state dir can't be used, or the tools are closed or switched off. */
    synchronized double read(String member) {
        if (System.nanoTime() - readAt >= KEPT_NANOS) {
            counters = ask();
            // Not before: a guest of a large directory may be longer at it than they are kept.
            readAt = System.nanoTime();
        }
        return counters.get(member) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private Map<?, ?> ask() {
        Object health = tools.find("jobs_list")
                .map(list ->
                        list.execute(ToolCall.of(Map.of("limit", 1))).content().get("health"))
                .orElse(null);
        return health instanceof Map<?, ?> map ? map : Map.of();
    }
}
