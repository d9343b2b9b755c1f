package dev.tau.jobs.micrometer;

import dev.tau.jobs.spi.ToolSet;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Counters and gauges of a state directory: {@code tau.jobs.queued}, {@code tau.jobs.running}, {@code tau.jobs.created}, {@code
 * tau.jobs.started} and {@code tau.jobs.ended} by outcome, counted from when this was made on, whichever process runs the jobs.
 * {@code tau.jobs.store.sync} and {@code tau.jobs.traces.lost} are of all runtimes of this JVM, without
 * these tags, once in a registry. All names are in
 * docs/monitoring.md; what jobs take is timed by {@link MeterTraceSink}. Safe for several threads.
 */
public final class TauJobsMeters implements MeterBinder, AutoCloseable {
    /** Meters hold what they read by weak references. */
    private static final Set<TauJobsMeters> OPEN = ConcurrentHashMap.newKeySet();

    private final Health health;
    private final Tags tags;
    private final Map<String, Counted> counts = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> removals = new ConcurrentLinkedQueue<>();

    /**
     * For the directory of some tools, the only one of its registry.
     *
     * @param tools the open tools, which the host closes
     */
    public TauJobsMeters(ToolSet tools) {
        this(tools, List.of());
    }

    /**
     * For the directory of some tools. A registry takes each name and tags once: for several directories in one JVM, the tags have
     * to tell them apart.
     *
     * @param tools the open tools, which the host closes
     * @param tags of each meter, such as {@code state_dir}
     */
    public TauJobsMeters(ToolSet tools, Iterable<Tag> tags) {
        this.health = new Health(tools);
        this.tags = Tags.of(tags);
        for (String member : List.of("created", "started", "succeeded", "failed", "cancelled")) {
            Counted count = new Counted();
            count.upTo(health.read(member + "_total"));
            counts.put(member, count);
        }
    }

    /** Registers the meters; they are read until {@link #close}. */
    @Override
    public void bindTo(MeterRegistry registry) {
        OPEN.add(this);
        bind(
                registry,
                Gauge.builder("tau.jobs.queued", this, meters -> meters.health.read("queue_depth"))
                        .description("Jobs that wait")
                        .tags(tags)
                        .register(registry));
        bind(
                registry,
                Gauge.builder("tau.jobs.running", this, meters -> meters.health.read("running_jobs"))
                        .description("Jobs that run")
                        .tags(tags)
                        .register(registry));
        bindCounter(registry, "tau.jobs.created", "created", Tags.empty(), "Jobs created");
        bindCounter(
                registry,
                "tau.jobs.started",
                "started",
                Tags.empty(),
                "Starts of jobs, more than one for a job that was recovered or retried");
        for (String outcome : List.of("succeeded", "failed", "cancelled")) {
            bindCounter(registry, "tau.jobs.ended", outcome, Tags.of("outcome", outcome), "Jobs that have ended");
        }
        JvmMeters.bind(registry, this);
        removals.add(() -> JvmMeters.unbind(registry, this));
    }

    private void bindCounter(MeterRegistry registry, String name, String member, Tags more, String description) {
        bind(
                registry,
                FunctionCounter.builder(name, this, meters -> meters.count(member))
                        .description(description)
                        .tags(tags.and(more))
                        .register(registry));
    }

    private void bind(MeterRegistry registry, Meter meter) {
        removals.add(() -> registry.remove(meter));
    }

    private double count(String member) {
        Counted count = counts.getOrDefault(member, new Counted());
        return count.upTo(health.read(member + "_total"));
    }

    /** Takes the meters out of their registries. Calling it again does nothing. */
    @Override
    public void close() {
        for (Runnable removal = removals.poll(); removal != null; removal = removals.poll()) {
            removal.run();
        }
        OPEN.remove(this);
    }
}
