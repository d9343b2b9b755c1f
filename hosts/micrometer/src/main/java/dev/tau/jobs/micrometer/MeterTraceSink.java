package dev.tau.jobs.micrometer;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Times jobs, and counts transitions by their reason, in {@link Metrics#globalRegistry}: {@code tau.jobs.wait} from the creation of a
 * job to its last start and {@code tau.jobs.run} from that to its end, both when it ends, and {@code tau.jobs.transitions}. It
 * is not enabled where there is no Micrometer.
 */
public final class MeterTraceSink implements TraceSink {
    private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled");

    /** For ServiceLoader. */
    public MeterTraceSink() {}

    @Override
    public String name() {
        return "micrometer";
    }

    @Override
    public void open(ToolContext context) {
        // The registry is there, or nothing is.
    }

    @Override
    public boolean isEnabled() {
        try {
            Class.forName("io.micrometer.core.instrument.Metrics", false, MeterTraceSink.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public void emit(TraceEvent event) {
        Meters.record(event);
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    /** Apart, as Micrometer's classes may not be there. */
    private static final class Meters {
        /** As the histograms of {@code tau-jobs serve}, in seconds: what agents start takes milliseconds or hours. */
        private static final Duration[] BUCKETS = DoubleStream.of(
                        0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 43_200)
                .mapToObj(seconds -> Duration.ofMillis((long) (seconds * 1_000)))
                .toArray(Duration[]::new);

        static void record(TraceEvent event) {
            Counter.builder("tau.jobs.transitions")
                    .description("What happened to jobs, by reason code")
                    .tags("event", event.event(), "reason", event.reasonCode())
                    .register(Metrics.globalRegistry)
                    .increment();
            Long started = event.startedUnixMs();
            if (started != null && ENDS.contains(event.status())) {
                Timer.builder("tau.jobs.wait")
                        .description("From the creation of a job to its last start")
                        .serviceLevelObjectives(BUCKETS)
                        .register(Metrics.globalRegistry)
                        .record(between(event.createdUnixMs(), started));
                Timer.builder("tau.jobs.run")
                        .description("From the last start of a job to its end")
                        .tag("outcome", event.status())
                        .serviceLevelObjectives(BUCKETS)
                        .register(Metrics.globalRegistry)
                        .record(between(started, event.timestampUnixMs()));
            }
        }

        /** A clock may jump; a timer ignores what is negative. */
        private static Duration between(long fromUnixMs, long toUnixMs) {
            return Duration.ofMillis(Math.max(0, toUnixMs - fromUnixMs));
        }
    }
}
