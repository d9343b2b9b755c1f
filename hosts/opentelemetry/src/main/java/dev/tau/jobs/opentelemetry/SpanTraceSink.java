package dev.tau.jobs.opentelemetry;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import dev.tau.jobs.spi.TraceTarget;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes each job a span of the {@link GlobalOpenTelemetry}, from its creation to its end, with its transitions as events: a child
 * of the span that {@link ToolCall#TRACEPARENT} told of, else a trace of its own. Names and attributes are in docs/monitoring.md;
 * arguments, environment and outputs are not among them.
 *
 * <p>A span is exported when its job has ended. Those of jobs that have not when the host closes the tools end then, with the
 * status that the job has and {@code tau.jobs.unfinished}; what the next host does with the job is another span, of the same parent.
 */
public final class SpanTraceSink implements TraceSink {
    private static final AttributeKey<String> ID = stringKey("tau.jobs.id");
    private static final AttributeKey<String> STATUS = stringKey("tau.jobs.status");
    private static final AttributeKey<String> REASON = stringKey("tau.jobs.reason");
    private static final AttributeKey<String> DETAIL = stringKey("tau.jobs.detail");
    /** As in OpenTelemetry's semantic conventions for processes and errors. */
    private static final AttributeKey<String> PROGRAM = stringKey("process.executable.name");

    private static final AttributeKey<Long> EXIT_CODE = longKey("process.exit.code");
    private static final AttributeKey<String> ERROR = stringKey("error.type");

    private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled");
    /** A name of a span is for few distinct values, and for people. */
    private static final int MAX_NAME = 80;

    /** Of a job whose end was not told, as its sinks were too slow, the span would stay for ever. */
    private static final int MAX_SPANS = 20_000;

    /** Of a span that ends with its host, not with its job. */
    private static final AttributeKey<Boolean> UNFINISHED = booleanKey("tau.jobs.unfinished");

    /** The oldest first; one that is removed unended is never exported. */
    private final Map<String, Span> spans = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Span> eldest) {
            return size() > MAX_SPANS;
        }
    };

    private boolean closed;

    /** For ServiceLoader. */
    public SpanTraceSink() {}

    @Override
    public String name() {
        return "opentelemetry";
    }

    @Override
    public void open(ToolContext context) {
        // The host may set up its telemetry later: it is asked for when there is something to tell.
    }

    @Override
    public synchronized void emit(TraceEvent event) {
        if (closed || !Telemetry.isSet()) {
            return;
        }
        Span span = spans.computeIfAbsent(event.jobId(), id -> begin(GlobalOpenTelemetry.get(), event));
        span.setAttribute(STATUS, event.status());
        span.setAttribute(REASON, event.reasonCode());
        if (ENDS.contains(event.status())) {
            end(span, event);
            spans.remove(event.jobId());
        } else if (!event.event().equals("created")) {
            span.addEvent(
                    event.event(),
                    Attributes.of(REASON, event.reasonCode(), DETAIL, event.detail()),
                    time(event),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** A clock may be set back; a span ends behind its beginning. */
    private static long time(TraceEvent event) {
        return Math.max(event.createdUnixMs(), event.timestampUnixMs());
    }

    private static Span begin(OpenTelemetry telemetry, TraceEvent event) {
        String program = programOf(event.command());
        return telemetry
                .getTracer("dev.tau.jobs")
                .spanBuilder("job " + program)
                .setParent(parentOf(event.target()))
                .setStartTimestamp(event.createdUnixMs(), TimeUnit.MILLISECONDS)
                .setAttribute(ID, event.jobId())
                .setAttribute(PROGRAM, program)
                .startSpan();
    }

    /** Of a text as {@link TraceTarget#traceparent()} promises it: two digits, and the ids of a trace and of a span. */
    private static Context parentOf(TraceTarget target) {
        String parent = target.traceparent();
        String[] parts = parent == null ? new String[0] : parent.split("-", 4);
        if (parts.length < 4) {
            return Context.root();
        }
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        parts[1], parts[2], TraceFlags.fromHex(parts[3], 0), TraceState.getDefault())));
    }

    private static String programOf(String command) {
        String name = command.substring(command.lastIndexOf('/') + 1);
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }

    private static void end(Span span, TraceEvent event) {
        Integer exitCode = event.exitCode();
        if (exitCode != null) {
            span.setAttribute(EXIT_CODE, exitCode.longValue());
        }
        if (event.status().equals("failed")) {
            span.setAttribute(ERROR, event.reasonCode());
            span.setStatus(StatusCode.ERROR, event.detail());
        }
        span.end(time(event), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void close() {
        closed = true;
        spans.values().forEach(span -> span.setAttribute(UNFINISHED, true).end());
        spans.clear();
    }
}
