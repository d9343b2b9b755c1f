package dev.tau.jobs.opentelemetry;

import dev.tau.jobs.spi.ToolCall;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;

/** Tells a call of which trace it is a part. */
public final class CallerTrace {
    private CallerTrace() {}

    /**
     * A call as a part of the trace of the thread that asks: a job that it creates becomes a child of the current span.
     *
     * @param call the call
     * @return the same call with {@link ToolCall#TRACEPARENT} beside its attributes; the call itself if there is no current span
     */
    public static ToolCall attach(ToolCall call) {
        Map<String, Object> attributes = new HashMap<>(call.attributes());
        W3CTraceContextPropagator.getInstance().inject(Context.current(), attributes, (carrier, name, value) -> {
            if (carrier != null && name.equals(ToolCall.TRACEPARENT)) {
                carrier.put(name, value);
            }
        });
        return attributes.equals(call.attributes()) ? call : call.withAttributes(attributes);
    }
}
