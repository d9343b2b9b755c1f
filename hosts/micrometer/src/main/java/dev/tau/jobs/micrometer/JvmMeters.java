package dev.tau.jobs.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

/** The meters of all runtimes of this JVM: once in a registry, however many directories have meters in it. Safe for several threads. */
final class JvmMeters {
    /** What a registry's meters read, which they hold by weak references alone, and for whom they are there. */
    private record Bound(Runtimes runtimes, Set<TauJobsMeters> users) {}

    private static final Map<MeterRegistry, Bound> REGISTRIES = new WeakHashMap<>();

    private JvmMeters() {}

    /** Somebody's meters are in a registry. */
    static synchronized void bind(MeterRegistry registry, TauJobsMeters user) {
        Bound bound = REGISTRIES.computeIfAbsent(registry, key -> new Bound(new Runtimes(), new HashSet<>()));
        bound.users().add(user);
        // What is there already stays.
        all(registry, bound.runtimes());
    }

    /** They are no longer. */
    static synchronized void unbind(MeterRegistry registry, TauJobsMeters user) {
        Bound bound = REGISTRIES.get(registry);
        if (bound != null && bound.users().remove(user) && bound.users().isEmpty()) {
            all(registry, bound.runtimes()).forEach(registry::remove);
            REGISTRIES.remove(registry);
        }
    }

    private static List<Meter> all(MeterRegistry registry, Runtimes all) {
        return List.of(
                FunctionTimer.builder(
                                "tau.jobs.store.sync",
                                all,
                                runtimes -> (long) runtimes.sum("StoreSyncCount"),
                                runtimes -> runtimes.sum("StoreSyncSeconds"),
                                TimeUnit.SECONDS)
                        .description("What changes of state directories wait for until they are durable")
                        .register(registry),
                FunctionCounter.builder("tau.jobs.traces.lost", all, runtimes -> runtimes.sum("LostTraceEvents"))
                        .description("Transitions that a trace sink failed to record")
                        .register(registry));
    }
}
