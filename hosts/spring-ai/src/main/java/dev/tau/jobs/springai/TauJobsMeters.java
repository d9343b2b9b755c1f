package dev.tau.jobs.springai;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Counters and gauges of the state dir: {@code tau.jobs.queued} and {@code tau.jobs.running}, {@code tau.jobs.created}, {@code
 * tau.jobs.started}, and {@code tau.jobs.ended} by outcome. They count what the directory has seen, not this process alone.
 */
final class TauJobsMeters implements MeterBinder {
    private final TauJobsTools tools;
    /** Held here, as meters hold what they read by a weak reference. */
    private final List<LastKnown> counts = new ArrayList<>();

    TauJobsMeters(TauJobsTools tools) {
        this.tools = tools;
    }

    /** The last value that could be read: a counter that is not a number for a moment would lose what it counted meanwhile. */
    private static final class LastKnown {
        private final TauJobsTools tools;
        private final String member;
        private volatile double value;

        LastKnown(TauJobsTools tools, String member) {
            this.tools = tools;
            this.member = member;
        }

        double read() {
            double now = TauJobsMeters.read(tools, member);
            if (!Double.isNaN(now)) {
                value = now;
            }
            return value;
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("tau.jobs.queued", tools, jobs -> read(jobs, "queue_depth"))
                .description("Jobs that wait")
                .register(registry);
        Gauge.builder("tau.jobs.running", tools, jobs -> read(jobs, "running_jobs"))
                .description("Jobs that run")
                .register(registry);
        counter("tau.jobs.created", "created_total").description("Jobs created").register(registry);
        counter("tau.jobs.started", "started_total")
                .description("Starts of jobs, more than one for a job that was recovered")
                .register(registry);
        for (String outcome : List.of("succeeded", "failed", "cancelled")) {
            counter("tau.jobs.ended", outcome + "_total")
                    .tag("outcome", outcome)
                    .description("Jobs that have ended")
                    .register(registry);
        }
    }

    private FunctionCounter.Builder<LastKnown> counter(String name, String member) {
        LastKnown count = new LastKnown(tools, member);
        counts.add(count);
        return FunctionCounter.builder(name, count, LastKnown::read);
    }

    /** NaN, which a gauge shows as nothing, if the state dir can't be used. */
    private static double read(TauJobsTools tools, String member) {
        return tools.call("jobs_list", Map.of("limit", 1)).content().get("health") instanceof Map<?, ?> health
                        && health.get(member) instanceof Number number
                ? number.doubleValue()
                : Double.NaN;
    }
}
