package dev.tau.jobs.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Binder and sink beside the plugin: the sink as ServiceLoader finds it. */
@Timeout(120)
class TauJobsMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private static final Path PAGE = Path.of("../../docs/monitoring.md");

    @TempDir
    Path root;

    @BeforeEach
    void add() {
        Metrics.addRegistry(registry);
    }

    @AfterEach
    void remove() {
        Metrics.removeRegistry(registry);
        List.copyOf(Metrics.globalRegistry.getMeters()).forEach(Metrics.globalRegistry::remove);
    }

    private ToolContext context() {
        return ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .build();
    }

    private static ToolResult run(ToolSet tools, String command) {
        return tools.find("jobs_create")
                .orElseThrow()
                .execute(ToolCall.of(Map.of("command", command, "wait_ms", 20_000)));
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void jobs_are_counted_and_timed() {
        TauJobsMeters meters;
        try (ToolSet tools = ToolSet.load(context())) {
            meters = new TauJobsMeters(tools);
            meters.bindTo(registry);
            run(tools, "true");
            run(tools, "true");
            run(tools, "false");
            run(tools, "no-such-program");

            assertThat(count("tau.jobs.created")).isEqualTo(4);
            // Also what could not be started was taken by a worker.
            assertThat(count("tau.jobs.started")).isEqualTo(4);
            assertThat(count("tau.jobs.ended", "outcome", "succeeded")).isEqualTo(2);
            assertThat(count("tau.jobs.ended", "outcome", "failed")).isEqualTo(2);
            assertThat(registry.get("tau.jobs.queued").gauge().value()).isZero();
            assertThat(registry.get("tau.jobs.running").gauge().value()).isZero();
            // A runtime is an MBean a second after it was opened.
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            registry.get("tau.jobs.store.sync").functionTimer().count() > 0);
            assertThat(registry.get("tau.jobs.store.sync").functionTimer().totalTime(TimeUnit.SECONDS))
                    .isPositive();
            assertThat(count("tau.jobs.traces.lost")).isZero();
        }
        // Closed: the sink has heard of all.
        Timer succeeded =
                registry.get("tau.jobs.run").tag("outcome", "succeeded").timer();
        assertThat(succeeded.count()).isEqualTo(2);
        assertThat(registry.get("tau.jobs.run").tag("outcome", "failed").timer().count())
                .isEqualTo(2);
        assertThat(registry.get("tau.jobs.wait").timer().count()).isEqualTo(4);
        assertThat(transitions("failed", "job_spawn_failed")).isEqualTo(1);
        assertThat(transitions("failed", "job_non_zero_exit")).isEqualTo(1);
        assertThat(transitions("created", "job_queued")).isEqualTo(4);
        // A closed tool answers no number; a counter that went back would count all again.
        assertThat(count("tau.jobs.created")).isEqualTo(4);
        assertThat(registry.get("tau.jobs.queued").gauge().value()).isNaN();
        assertThat(meters).isNotNull();
    }

    private double transitions(String event, String reason) {
        return registry.get("tau.jobs.transitions")
                .tags("event", event, "reason", reason)
                .counter()
                .count();
    }

    @Test
    void what_jobs_take_falls_into_the_buckets_of_serve() {
        MeterTraceSink sink = new MeterTraceSink();
        sink.open(context());
        sink.emit(end(1_000, 3_000L, 3_040));
        // The clock was turned back meanwhile.
        sink.emit(end(9_000, 3_000L, 2_000));
        // Cancelled before its start: it has waited for nothing.
        sink.emit(end(1_000, null, 2_000));
        sink.close();
        sink.emit(end(1_000, 3_000L, 3_040));

        Timer waited = registry.get("tau.jobs.wait").timer();
        assertThat(waited.count()).isEqualTo(2);
        assertThat(waited.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(2_000);
        Timer ran = registry.get("tau.jobs.run").timer();
        assertThat(ran.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
        CountAtBucket[] buckets = ran.takeSnapshot().histogramCounts();
        assertThat(Arrays.stream(buckets).map(bucket -> bucket.bucket(TimeUnit.SECONDS) + " " + (long) bucket.count()))
                .startsWith("0.01 1", "0.05 2", "0.1 2")
                .endsWith("43200.0 2");
    }

    private static TraceEvent end(long createdUnixMs, @Nullable Long started, long unixMs) {
        return TraceEvent.builder("job-1", "succeeded", unixMs)
                .times(createdUnixMs, started)
                .outcome("succeeded", "job_succeeded", "background job succeeded")
                .build();
    }

    @Test
    void a_trace_that_a_sink_loses_is_counted() throws Exception {
        // The session's file is a directory: nothing can be appended to it.
        Path session = Files.createDirectory(root.resolve("session.jsonl"));
        try (ToolSet tools = ToolSet.load(ToolContext.builder()
                .workingDirectory(root)
                .setting("session", session.toString())
                .build())) {
            TauJobsMeters meters = new TauJobsMeters(tools);
            meters.bindTo(registry);
            run(tools, "true");
            await().atMost(Duration.ofSeconds(30)).until(() -> count("tau.jobs.traces.lost") >= 3);
            assertThat(meters).isNotNull();
        }
    }

    @Test
    void the_page_names_the_meters_that_there_are() throws Exception {
        ToolContext context = context();
        try (ToolSet tools = ToolSet.load(context)) {
            new TauJobsMeters(tools).bindTo(Metrics.globalRegistry);
            // The agent of the page.
            run(tools, "true");
        }
        Set<String> documented = new TreeSet<>();
        Matcher name = Pattern.compile("\\| `(tau\\.jobs\\.[a-z.]+)` \\|").matcher(Files.readString(PAGE));
        while (name.find()) {
            documented.add(name.group(1));
        }
        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        // The simple registry shows the buckets as gauges.
                        .filter(meter -> !meter.endsWith(".histogram"))
                        .distinct())
                .hasSize(10)
                .containsExactlyInAnyOrderElementsOf(documented);
    }

    /** As in an application of Spring that has no actuator. */
    @Test
    void without_Micrometer_the_sink_is_silent() throws Exception {
        URL[] ours = {location(MeterTraceSink.class), location(TraceSink.class)};
        try (URLClassLoader alone = new URLClassLoader(ours, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> alone.loadClass(Metrics.class.getName()))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> type = alone.loadClass(MeterTraceSink.class.getName());
            Object sink = type.getConstructor().newInstance();
            call(sink, "open", alone.loadClass(ToolContext.class.getName()));
            // Any event will do: it is not looked at.
            call(sink, "emit", alone.loadClass(TraceEvent.class.getName()));
            call(sink, "close");
        }
    }

    private static void call(Object sink, String method, Class<?>... parameters) throws Exception {
        sink.getClass().getMethod(method, parameters).invoke(sink, new Object[parameters.length]);
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
