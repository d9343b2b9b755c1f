package dev.tau.jobs.opentelemetry;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolCallCustomizer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells each call of which trace it is a part: a job that it creates becomes a child of the span that is current on the thread of the
 * call, unless the host has named another one by {@link ToolCall#TRACEPARENT}. Found by {@link dev.tau.jobs.spi.ToolSet}.
 */
public final class CallerTrace implements ToolCallCustomizer {

    /** What {@link dev.tau.jobs.spi.ToolSet} calls. */
    public CallerTrace() {}

    @Override
    public ToolCall customize(ToolCall call) {
        if (call.attributes().containsKey(ToolCall.TRACEPARENT)) {
            return call;
        }
        Map<String, Object> attributes = new HashMap<>(call.attributes());
        W3CTraceContextPropagator.getInstance().inject(Context.current(), attributes, (carrier, name, value) -> {
            if (carrier != null && name.equals(ToolCall.TRACEPARENT)) {
                carrier.put(name, value);
            }
        });
        return attributes.equals(call.attributes()) ? call : call.withAttributes(attributes);
    }
}
