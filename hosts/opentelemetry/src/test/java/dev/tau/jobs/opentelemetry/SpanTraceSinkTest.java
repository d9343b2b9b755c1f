package dev.tau.jobs.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceTarget;
import dev.tau.jobs.testing.MarkdownPage;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sink as ServiceLoader finds it, beside the plugin and the SDK. */
@Timeout(120)
class SpanTraceSinkTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();

    @TempDir
    Path root;

    @BeforeEach
    void set() {
        GlobalOpenTelemetry.resetForTest();
        GlobalOpenTelemetry.set(telemetry);
    }

    @AfterEach
    void reset() {
        GlobalOpenTelemetry.resetForTest();
        telemetry.close();
    }

    private ToolSet open(String... settings) {
        ToolContext.Builder context =
                ToolContext.builder().workingDirectory(root).setting("no-session", "true");
        for (int i = 0; i < settings.length; i += 2) {
            context.setting(settings[i], settings[i + 1]);
        }
        return ToolSet.load(context.build());
    }

    private static ToolResult call(ToolSet tools, String tool, ToolCall call) {
        ToolResult result = tools.find(tool).orElseThrow().execute(call);
        assertThat(result.isError()).as(result.json()).isFalse();
        return result;
    }

    private static String idOf(ToolResult result) {
        Map<?, ?> job = (Map<?, ?>) Objects.requireNonNull(result.content().get("job"));
        return (String) Objects.requireNonNull(job.get("job_id"));
    }

    private static String create(ToolSet tools, @Nullable String traceparent, Object... arguments) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            map.put((String) arguments[i], arguments[i + 1]);
        }
        ToolCall call = ToolCall.of(map);
        ToolResult result = call(
                tools,
                "jobs_create",
                traceparent == null ? call : call.withAttributes(Map.of(ToolCall.TRACEPARENT, traceparent)));
        return idOf(result);
    }

    /** Closes the tools first: then all has been exported. */
    private SpanData spanOf(String job) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> job.equals(text(span, "tau.jobs.id")))
                .reduce((one, two) -> {
                    throw new AssertionError("two spans of " + job);
                })
                .orElseThrow();
    }

    private static @Nullable String text(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private static @Nullable Long number(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.longKey(name));
    }

    private static List<String> events(SpanData span) {
        return span.getEvents().stream().map(EventData::getName).toList();
    }

    @Test
    void the_page_shows_what_is_run_here_and_beside() {
        MarkdownPage.of(Path.of("../../docs/monitoring.md"))
                .assertJavaIsIn(
                        Path.of("src/test/java/dev/tau/jobs/opentelemetry/SpanTraceSinkTest.java"),
                        Path.of("../micrometer/src/test/java/dev/tau/jobs/micrometer/TauJobsMetersTest.java"));
    }

    @Test
    void a_job_is_a_child_of_the_span_that_created_it() {
        Tracer tracer = telemetry.getTracer("test");
        Span turn = tracer.spanBuilder("a turn of the agent").startSpan();
        String job;
        String other;
        try (ToolSet tools = open()) {
            try (Scope current = turn.makeCurrent()) {
                assertThat(current).isNotNull();
                job = create(tools, null, "command", "/bin/true", "wait_ms", 20_000);
                // A host that knows better is believed.
                other = create(tools, PARENT, "command", "/bin/true", "wait_ms", 20_000);
            }
            turn.end();
        }

        SpanData span = spanOf(job);
        assertThat(span.getTraceId()).isEqualTo(turn.getSpanContext().getTraceId());
        assertThat(span.getParentSpanId()).isEqualTo(turn.getSpanContext().getSpanId());
        assertThat(span.getName()).isEqualTo("job true");
        assertThat(events(span)).containsExactly("started");
        assertThat(text(span, "tau.jobs.status")).isEqualTo("succeeded");
        assertThat(number(span, "process.exit.code")).isZero();
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(spanOf(other).getParentSpanId()).isEqualTo("b7ad6b7169203331");
        long started = span.getEvents().get(0).getEpochNanos();
        assertThat(started).isBetween(span.getStartEpochNanos(), span.getEndEpochNanos());
    }

    @Test
    void a_failure_is_an_error_and_each_try_an_event() {
        String job;
        String refused;
        try (ToolSet tools = open()) {
            job = create(
                    tools, PARENT, "command", "sh", "args", List.of("-c", "exit 3"), "retries", 1, "wait_ms", 20_000);
            refused = create(tools, "00-0-0-00", "command", "no-such-program", "wait_ms", 20_000);
        }

        SpanData span = spanOf(job);
        assertThat(span.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(events(span)).containsExactly("started", "failed", "started");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(text(span, "error.type")).isEqualTo("job_non_zero_exit");
        assertThat(number(span, "process.exit.code")).isEqualTo(3);
        // What is no traceparent is as good as none.
        SpanData alone = spanOf(refused);
        assertThat(alone.getParentSpanContext().isValid()).isFalse();
        assertThat(text(alone, "error.type")).isEqualTo("job_spawn_failed");
    }

    @Test
    void a_job_that_outlives_its_host_goes_on_in_the_same_trace() {
        String running;
        try (ToolSet tools = open("jobs-workers", "1", "jobs-kill-grace-ms", "0")) {
            running = create(tools, PARENT, "command", "sh", "args", List.of("-c", "exec sleep 300"));
            call(tools, "jobs_status", ToolCall.of(Map.of("job_id", running, "wait_ms", 200)));
        }
        SpanData before = spanOf(running);
        assertThat(text(before, "tau.jobs.status")).isIn("running", "queued");
        assertThat(before.getAttributes().get(AttributeKey.booleanKey("tau.jobs.unfinished")))
                .isTrue();
        exporter.reset();

        try (ToolSet tools = open("jobs-workers", "1", "jobs-kill-grace-ms", "0")) {
            call(tools, "jobs_cancel", ToolCall.of(Map.of("job_id", running)));
            call(tools, "jobs_status", ToolCall.of(Map.of("job_id", running, "wait_ms", 20_000)));
        }
        SpanData after = spanOf(running);
        assertThat(after.getTraceId()).isEqualTo(before.getTraceId());
        assertThat(after.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(after.getSpanId()).isNotEqualTo(before.getSpanId());
        assertThat(after.getStartEpochNanos()).as("its creation").isEqualTo(before.getStartEpochNanos());
        assertThat(text(after, "tau.jobs.status")).isEqualTo("cancelled");
        assertThat(after.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void telemetry_that_is_set_later_hears_of_what_comes_then() {
        GlobalOpenTelemetry.resetForTest();
        try (SpanTraceSink sink = new SpanTraceSink()) {
            sink.open(ToolContext.builder().build());
            sink.emit(event("created", "queued", 1_000));
            // The host can still do it.
            GlobalOpenTelemetry.set(telemetry);
            sink.emit(event("started", "running", 2_000));
            sink.emit(event("succeeded", "succeeded", 3_000));
        }
        SpanData span = spanOf("job-1");
        assertThat(span.getStartEpochNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1_000));
        assertThat(span.getEndEpochNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(3_000));
        assertThat(span.getName()).hasSizeLessThan(100).startsWith("job xxx");
    }

    @Test
    void a_clock_that_is_set_back_makes_no_span_of_a_negative_length() {
        try (SpanTraceSink sink = new SpanTraceSink()) {
            sink.emit(event("started", "running", 500));
            sink.emit(event("failed", "failed", 400));
        }
        SpanData span = spanOf("job-1");
        assertThat(span.getEndEpochNanos()).isEqualTo(span.getStartEpochNanos());
        assertThat(span.getEvents())
                .allSatisfy(event -> assertThat(event.getEpochNanos()).isEqualTo(span.getStartEpochNanos()));
    }

    /** The end of a job is not told if its sinks are too slow. */
    @Test
    void spans_of_jobs_that_never_end_do_not_pile_up() {
        try (SpanTraceSink sink = new SpanTraceSink()) {
            for (int i = 0; i < 30_000; i++) {
                sink.emit(TraceEvent.builder("job-" + i, "created", 1_000)
                        .outcome("queued", "job_queued", "")
                        .build());
            }
        }
        assertThat(exporter.getFinishedSpanItems()).hasSize(20_000);
        assertThat(spanOf("job-29999")).isNotNull();
    }

    @Test
    void what_comes_after_close_is_harmless() {
        SpanTraceSink sink = new SpanTraceSink();
        sink.open(ToolContext.builder().build());
        sink.close();
        sink.close();
        sink.emit(event("created", "queued", 1_000));
        sink.emit(event("succeeded", "succeeded", 2_000));
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    private static TraceEvent event(String event, String status, long unixMs) {
        return TraceEvent.builder("job-1", event, unixMs)
                .times(1_000, null)
                .outcome(status, "job_" + status, "background job " + status)
                .command("/" + "x".repeat(1_000_000), List.of())
                .target(TraceTarget.none())
                .build();
    }
}
