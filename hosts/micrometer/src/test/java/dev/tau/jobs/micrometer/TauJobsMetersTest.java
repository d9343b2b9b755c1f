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
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
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
            run(tools, "true");
            // What was before is not counted: a registry that sends what has come to it would send it at each start.
            meters = new TauJobsMeters(tools);
            meters.bindTo(registry);
            run(tools, "true");
            run(tools, "true");
            run(tools, "false");
            run(tools, "no-such-program");

            await().until(() -> count("tau.jobs.created") == 4);
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
        assertThat(succeeded.count()).isEqualTo(3);
        assertThat(registry.get("tau.jobs.run").tag("outcome", "failed").timer().count())
                .isEqualTo(2);
        assertThat(registry.get("tau.jobs.wait").timer().count()).isEqualTo(5);
        assertThat(transitions("failed", "job_spawn_failed")).isEqualTo(1);
        assertThat(transitions("failed", "job_non_zero_exit")).isEqualTo(1);
        assertThat(transitions("created", "job_queued")).isEqualTo(5);
        // A closed tool answers no number; a counter that went back would count all again.
        await().until(() -> Double.isNaN(registry.get("tau.jobs.queued").gauge().value()));
        assertThat(count("tau.jobs.created")).isEqualTo(4);
        double syncs = registry.get("tau.jobs.store.sync").functionTimer().count();
        assertThat(syncs).isPositive();
        meters.close();
        meters.close();
        assertThat(registry.find("tau.jobs.created").functionCounter()).isNull();
        assertThat(registry.find("tau.jobs.queued").gauge()).isNull();
        assertThat(registry.find("tau.jobs.run").timer()).as("the sink's stay").isNotNull();
    }

    @Test
    void meters_are_read_also_when_nobody_holds_them() {
        try (ToolSet tools = ToolSet.load(context())) {
            new TauJobsMeters(tools).bindTo(registry);
            WeakReference<Object> garbage = new WeakReference<>(new Object());
            await().until(() -> {
                System.gc();
                return garbage.get() == null;
            });
            run(tools, "true");
            await().until(() -> count("tau.jobs.created") == 1);
            assertThat(registry.get("tau.jobs.queued").gauge().value()).isZero();
        }
    }

    @Test
    void tags_tell_two_directories_apart() throws Exception {
        ToolContext other = ToolContext.builder()
                .workingDirectory(Files.createDirectory(root.resolve("other")))
                .setting("no-session", "true")
                .build();
        try (ToolSet tools = ToolSet.load(context());
                ToolSet others = ToolSet.load(other);
                TauJobsMeters meters = new TauJobsMeters(tools, Tags.of("state_dir", "one"));
                TauJobsMeters more = new TauJobsMeters(others, Tags.of("state_dir", "two"))) {
            meters.bindTo(registry);
            more.bindTo(registry);
            run(others, "true");
            await().until(() -> count("tau.jobs.created", "state_dir", "two") == 1);
            assertThat(count("tau.jobs.created", "state_dir", "one")).isZero();
            // Of the whole JVM, and so no directory's.
            for (String name : List.of("tau.jobs.store.sync", "tau.jobs.traces.lost")) {
                assertThat(registry.find(name).meters())
                        .singleElement()
                        .satisfies(meter -> assertThat(meter.getId().getTags()).isEmpty());
            }
            meters.close();
            assertThat(registry.find("tau.jobs.store.sync").meters()).hasSize(1);
            more.close();
            assertThat(registry.getMeters())
                    .noneMatch(meter -> meter.getId().getName().startsWith("tau.jobs.store")
                            || meter.getId().getName().startsWith("tau.jobs.traces"));
        }
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
            new TauJobsMeters(tools).bindTo(registry);
            run(tools, "true");
            await().atMost(Duration.ofSeconds(30)).until(() -> count("tau.jobs.traces.lost") >= 3);
        }
    }

    @Test
    void the_page_names_the_meters_that_there_are() throws Exception {
        ToolContext context = context();
        try (ToolSet tools = ToolSet.load(context);
                TauJobsMeters meters = new TauJobsMeters(tools)) {
            meters.bindTo(Metrics.globalRegistry);
            // The agent of the page.
            run(tools, "true");
            // Sinks hear of an end a moment later.
            await().untilAsserted(this::assertNamed);
        }
    }

    private void assertNamed() throws Exception {
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
    void without_Micrometer_the_sink_is_not_enabled() throws Exception {
        URL[] ours = {location(MeterTraceSink.class), location(TraceSink.class)};
        try (URLClassLoader alone = new URLClassLoader(ours, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> alone.loadClass(Metrics.class.getName()))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> type = alone.loadClass(MeterTraceSink.class.getName());
            Object sink = type.getConstructor().newInstance();
            call(sink, "open", alone.loadClass(ToolContext.class.getName()));
            assertThat(call(sink, "isEnabled")).isEqualTo(false);
            call(sink, "close");
        }
        try (MeterTraceSink sink = new MeterTraceSink()) {
            assertThat(sink.isEnabled()).isTrue();
        }
    }

    private static @Nullable Object call(Object sink, String method, Class<?>... parameters) throws Exception {
        return sink.getClass().getMethod(method, parameters).invoke(sink, new Object[parameters.length]);
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
