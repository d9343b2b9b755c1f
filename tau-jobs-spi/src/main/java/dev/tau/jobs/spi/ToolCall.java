package dev.tau.jobs.spi;

import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call of a {@link Tool}: the model's arguments, and what the host knows about the call. Immutable. */
public final class ToolCall {
    private static final System.Logger LOG = System.getLogger(ToolCall.class.getName());

    /**
     * An attribute: of which trace the call is a part, as a text of the W3C's Trace Context, such as {@code
     * 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01}. The events of a job that the call creates bring it to sinks: see
     * {@link TraceTarget#traceparent()}. What is no such text is as good as none.
     *
     * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">Trace Context</a>
     */
    public static final String TRACEPARENT = "traceparent";

    private final Map<String, @Nullable Object> arguments;
    private final Map<String, Object> attributes;
    private final Consumer<String> progressListener;

    private ToolCall(
            Map<String, @Nullable Object> arguments,
            Map<String, Object> attributes,
            Consumer<String> progressListener) {
        this.arguments = arguments;
        this.attributes = attributes;
        this.progressListener = progressListener;
    }

    /**
     * A call with these arguments, no attributes, and nobody who listens to progress.
     *
     * <p>Never throws, whatever a model made up: lists and maps are copied, and what is not JSON-shaped or lies deeper
     * than 200 levels is handed on as it is, for the tool to refuse.
     *
     * @param arguments what the model gave; null is taken for an empty map, as hosts pass for a call without arguments
     * @return the call
     */
    public static ToolCall of(@Nullable Map<String, ? extends @Nullable Object> arguments) {
        return new ToolCall(
                arguments == null ? Map.of() : JsonValues.copyLeniently(arguments), Map.of(), message -> {});
    }

    /**
     * This call with the host's own facts attached, such as a user's name or {@link #TRACEPARENT}. They are never the model's.
     *
     * @param values what {@link #attributes()} answers then; copied
     * @return a new call
     */
    public ToolCall withAttributes(Map<String, Object> values) {
        return new ToolCall(arguments, Map.copyOf(values), progressListener);
    }

    /**
     * This call with somebody who hears of its progress.
     *
     * @param listener called on the tool's thread with a short sentence; what it throws is logged and survived
     * @return a new call
     */
    public ToolCall withProgress(Consumer<String> listener) {
        return new ToolCall(arguments, attributes, Objects.requireNonNull(listener, "listener"));
    }

    /** {@return the model's arguments, unmodifiable; may hold anything} */
    public Map<String, @Nullable Object> arguments() {
        return arguments;
    }

    /** {@return the host's own facts about the call, unmodifiable} */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /**
     * Tells the host how far a long call has come.
     *
     * @param message a short sentence
     */
    public void progress(String message) {
        try {
            progressListener.accept(message);
        } catch (RuntimeException e) {
            // A host whose screen is gone must not fail the tool's work.
            LOG.log(System.Logger.Level.WARNING, "a progress listener failed", e);
        }
    }
}
