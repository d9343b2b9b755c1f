package dev.tau.jobs.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link Tool} answered: a JSON object with {@code tool}, {@code reason_code} and a payload. Immutable. */
public final class ToolResult {
    private final boolean error;
    private final String reasonCode;
    private final Map<String, @Nullable Object> content;

    private ToolResult(boolean error, String reasonCode, Map<String, @Nullable Object> content) {
        this.error = error;
        this.reasonCode = reasonCode;
        this.content = content;
    }

    /**
     * A result that says the call did what it was for.
     *
     * @param tool the tool's name
     * @param reasonCode a stable code for programs, such as {@code jobs_list_ok}
     * @param payload what else the content holds, in this order; copied
     * @return the result
     * @throws IllegalArgumentException if a value is not JSON-shaped
     */
    public static ToolResult success(String tool, String reasonCode, Map<String, ? extends @Nullable Object> payload) {
        Map<String, @Nullable Object> content = head(tool, reasonCode);
        content.putAll(payload);
        return new ToolResult(false, reasonCode, JsonValues.freezeMap(content));
    }

    /**
     * A result that says why the call did not do what it was for.
     *
     * @param tool the tool's name
     * @param reasonCode a stable code for programs, such as {@code jobs_invalid_arguments}
     * @param message one sentence that names the argument and the rule, or what failed
     * @param payload what else the content holds, in this order; copied
     * @return the result
     * @throws IllegalArgumentException if a value is not JSON-shaped
     */
    public static ToolResult error(
            String tool, String reasonCode, String message, Map<String, ? extends @Nullable Object> payload) {
        Map<String, @Nullable Object> content = head(tool, reasonCode);
        content.put("error", message);
        content.putAll(payload);
        return new ToolResult(true, reasonCode, JsonValues.freezeMap(content));
    }

    private static Map<String, @Nullable Object> head(String tool, String reasonCode) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("tool", tool);
        content.put("reason_code", reasonCode);
        return content;
    }

    /** {@return whether the call failed; hosts that have an error flag set it from this} */
    public boolean isError() {
        return error;
    }

    /** {@return the stable code for programs} */
    public String reasonCode() {
        return reasonCode;
    }

    /** {@return the whole result, deeply immutable} */
    public Map<String, @Nullable Object> content() {
        return content;
    }

    /** {@return {@link #content()} as one line of JSON, for hosts that pass text} */
    public String json() {
        return JsonValues.toJson(content);
    }

    @Override
    public String toString() {
        return "ToolResult[" + reasonCode + "]";
    }
}
