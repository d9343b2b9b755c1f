package dev.tau.jobs.micrometer;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolSet;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Counters and gauges of a state directory: {@code tau.jobs.queued}, {@code tau.jobs.running}, {@code tau.jobs.created}, {@code
 * tau.jobs.started} and {@code tau.jobs.ended} by outcome count what the directory has seen, not this process alone. {@code
 * tau.jobs.store.sync} and {@code tau.jobs.traces.lost} are of the runtimes of this JVM. All names are in docs/monitoring.md; what
 * jobs take is timed by {@link MeterTraceSink}.
 *
 * <p>Meters hold what they read by weak references: the host keeps this as long as the meters are to be read.
 */
public final class TauJobsMeters implements MeterBinder {
    private static final Runtimes RUNTIMES = new Runtimes();

    private final ToolSet tools;
    private final List<LastKnown> counts = new ArrayList<>();

    /**
     * For the directory of some tools.
     *
     * @param tools the open tools, which the host closes
     */
    public TauJobsMeters(ToolSet tools) {
        this.tools = tools;
    }

    /** The last value that could be read: a counter that is not a number for a moment would lose what it counted meanwhile. */
    private static final class LastKnown {
        private final DoubleSupplier source;
        private volatile double value;

        LastKnown(DoubleSupplier source) {
            this.source = source;
        }

        double read() {
            double now = source.getAsDouble();
            if (!Double.isNaN(now)) {
                value = now;
            }
            return value;
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("tau.jobs.queued", this, meters -> meters.health("queue_depth"))
                .description("Jobs that wait")
                .register(registry);
        Gauge.builder("tau.jobs.running", this, meters -> meters.health("running_jobs"))
                .description("Jobs that run")
                .register(registry);
        counter("tau.jobs.created", "created_total").description("Jobs created").register(registry);
        counter("tau.jobs.started", "started_total")
                .description("Starts of jobs, more than one for a job that was recovered or retried")
                .register(registry);
        for (String outcome : List.of("succeeded", "failed", "cancelled")) {
            counter("tau.jobs.ended", outcome + "_total")
                    .tag("outcome", outcome)
                    .description("Jobs that have ended")
                    .register(registry);
        }
        FunctionTimer.builder(
                        "tau.jobs.store.sync",
                        RUNTIMES,
                        runtimes -> (long) runtimes.sum("StoreSyncCount"),
                        runtimes -> runtimes.sum("StoreSyncSeconds"),
                        TimeUnit.SECONDS)
                .description("What changes of the state directory wait for until they are durable")
                .register(registry);
        FunctionCounter.builder("tau.jobs.traces.lost", RUNTIMES, runtimes -> runtimes.sum("LostTraceEvents"))
                .description("Transitions that a trace sink failed to record")
                .register(registry);
    }

    private FunctionCounter.Builder<LastKnown> counter(String name, String member) {
        LastKnown count = new LastKnown(() -> health(member));
        counts.add(count);
        return FunctionCounter.builder(name, count, LastKnown::read);
    }

    /** NaN, which a gauge shows as nothing, if the state dir can't be used. */
    private double health(String member) {
        return tools.find("jobs_list").map(list -> number(list, member)).orElse(Double.NaN);
    }

    private static double number(Tool list, String member) {
        return list.execute(ToolCall.of(Map.of("limit", 1))).content().get("health") instanceof Map<?, ?> health
                        && health.get(member) instanceof Number number
                ? number.doubleValue()
                : Double.NaN;
    }
}
