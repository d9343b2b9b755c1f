package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.TraceEvent;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Each job as a resource {@code tau-jobs://jobs/<job_id>}: its manifest and the end of its outputs, to be read and subscribed
 * to. A client that subscribes is told of the job's end, and every client by a log message, so that none has to ask. In place
 * of the SDK's resources, of which a stateless server has a fixed list and no subscriptions. Safe for several threads.
 */
final class JobResources {
    static final String URI_PREFIX = "tau-jobs://jobs/";

    private static final Set<String> METHODS = Set.of(
            McpSchema.METHOD_RESOURCES_LIST,
            McpSchema.METHOD_RESOURCES_READ,
            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST,
            McpSchema.METHOD_RESOURCES_SUBSCRIBE,
            McpSchema.METHOD_RESOURCES_UNSUBSCRIBE,
            McpSchema.METHOD_LOGGING_SET_LEVEL);
    /** From the least to the most severe: RFC 5424, section 6.2.1. */
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private static final int PAGE = 50;
    private static final int MAX_SUBSCRIPTIONS = 10_000;
    private static final int MAX_EARLY = 1_000;
    private static final int OUTPUT_BYTES = 16_000;

    private final Tool list;
    private final Tool status;
    private final BiConsumer<String, Object> send;
    private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
    /** What is to be said once the client has said that it listens; null from then on. */
    private @Nullable Queue<Runnable> early = new ArrayDeque<>();

    private volatile String level = "info";

    /**
     * Resources of the jobs that two tools show.
     *
     * @param list {@code jobs_list}
     * @param status {@code jobs_status}
     * @param send sends a notification: its method and its parameters
     */
    JobResources(Tool list, Tool status, BiConsumer<String, Object> send) {
        this.list = list;
        this.status = status;
        this.send = send;
    }

    /** Whether a request is for these resources. */
    static boolean handles(String method) {
        return METHODS.contains(method);
    }

    /** A request that can't be fulfilled. */
    private static final class RequestException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        RequestException(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    /** Answers a request. */
    JSONRPCResponse run(JSONRPCRequest request) {
        Map<?, ?> params = request.params() instanceof Map<?, ?> map ? map : Map.of();
        try {
            return JSONRPCResponse.result(request.id(), answer(request.method(), params));
        } catch (RequestException e) {
            return JSONRPCResponse.error(request.id(), new JSONRPCError(e.code, e.getMessage()));
        }
    }

    private Map<String, Object> answer(String method, Map<?, ?> params) throws RequestException {
        return switch (method) {
            case McpSchema.METHOD_RESOURCES_LIST -> list(params);
            case McpSchema.METHOD_RESOURCES_READ -> read(uri(params));
            case McpSchema.METHOD_RESOURCES_TEMPLATES_LIST ->
                Map.of(
                        "resourceTemplates",
                        List.of(Map.of(
                                "uriTemplate",
                                URI_PREFIX + "{job_id}",
                                "name",
                                "job",
                                "title",
                                "Background job",
                                "description",
                                "A job's state, and the end of its standard output and standard error.")));
            case McpSchema.METHOD_RESOURCES_SUBSCRIBE -> subscribe(uri(params));
            case McpSchema.METHOD_RESOURCES_UNSUBSCRIBE -> unsubscribe(uri(params));
            case McpSchema.METHOD_LOGGING_SET_LEVEL -> setLevel(params.get("level"));
            default -> throw new RequestException(ErrorCodes.METHOD_NOT_FOUND, "Method not found: " + method);
        };
    }

    private Map<String, Object> list(Map<?, ?> params) throws RequestException {
        Map<String, Object> arguments = new LinkedHashMap<>(Map.of("limit", PAGE));
        if (params.get("cursor") != null) {
            arguments.put("cursor", params.get("cursor"));
        }
        Map<String, @Nullable Object> page = content(list, arguments);
        List<Map<String, Object>> resources = new ArrayList<>();
        for (Object each : (List<?>) page.getOrDefault("jobs", List.of())) {
            Map<?, ?> job = (Map<?, ?>) each;
            Object label = job.get("label");
            resources.add(Map.of(
                    "uri",
                    URI_PREFIX + job.get("job_id"),
                    "name",
                    String.valueOf(job.get("job_id")),
                    "title",
                    String.valueOf(label == null ? job.get("command") : label),
                    "description",
                    job.get("status") + " (" + job.get("reason_code") + ")",
                    "mimeType",
                    "application/json"));
        }
        Map<String, Object> result = new LinkedHashMap<>(Map.of("resources", resources));
        Object next = page.get("next_cursor");
        if (next != null) {
            result.put("nextCursor", next);
        }
        return result;
    }

    private Map<String, Object> read(String uri) throws RequestException {
        ToolResult result = statusOf(uri);
        Map<String, @Nullable Object> found = result.content();
        return Map.of(
                "contents",
                List.of(
                        Map.of("uri", uri, "mimeType", "application/json", "text", result.json()),
                        text(uri + "/stdout", found.get("stdout_preview")),
                        text(uri + "/stderr", found.get("stderr_preview"))));
    }

    private static Map<String, Object> text(String uri, @Nullable Object preview) {
        return Map.of("uri", uri, "mimeType", "text/plain", "text", preview == null ? "" : preview);
    }

    private Map<String, Object> subscribe(String uri) throws RequestException {
        if (subscribed.size() >= MAX_SUBSCRIPTIONS) {
            throw new RequestException(
                    ErrorCodes.INVALID_PARAMS, "no more than " + MAX_SUBSCRIPTIONS + " subscriptions at a time");
        }
        subscribed.add(uri);
        ToolResult now;
        try {
            now = statusOf(uri);
        } catch (RequestException e) {
            subscribed.remove(uri);
            throw e;
        }
        if (now.content().get("job") instanceof Map<?, ?> job && job.get("finished_unix_ms") != null) {
            // It has ended before: nobody would ever say so.
            updated(uri);
        }
        return Map.of();
    }

    private Map<String, Object> unsubscribe(String uri) {
        subscribed.remove(uri);
        return Map.of();
    }

    private Map<String, Object> setLevel(@Nullable Object wanted) throws RequestException {
        if (!(wanted instanceof String name) || !LEVELS.contains(name)) {
            throw new RequestException(ErrorCodes.INVALID_PARAMS, "level must be one of " + String.join(", ", LEVELS));
        }
        level = name;
        return Map.of();
    }

    private static String uri(Map<?, ?> params) throws RequestException {
        if (!(params.get("uri") instanceof String uri)) {
            throw new RequestException(ErrorCodes.INVALID_PARAMS, "uri must be a string");
        }
        return uri;
    }

    private ToolResult statusOf(String uri) throws RequestException {
        if (!uri.startsWith(URI_PREFIX)) {
            throw new RequestException(ErrorCodes.RESOURCE_NOT_FOUND, "a uri must be " + URI_PREFIX + "<job_id>");
        }
        ToolResult result = status.execute(ToolCall.of(
                Map.of("job_id", uri.substring(URI_PREFIX.length()), "output_preview_bytes", OUTPUT_BYTES)));
        if (result.isError()) {
            throw new RequestException(
                    ErrorCodes.RESOURCE_NOT_FOUND,
                    String.valueOf(result.content().get("error")));
        }
        return result;
    }

    private static Map<String, @Nullable Object> content(Tool tool, Map<String, Object> arguments)
            throws RequestException {
        ToolResult result = tool.execute(ToolCall.of(arguments));
        if (result.isError()) {
            throw new RequestException(
                    ErrorCodes.INVALID_PARAMS, String.valueOf(result.content().get("error")));
        }
        return result.content();
    }

    /** The client listens from now on. */
    void initialized() {
        Queue<Runnable> waiting;
        synchronized (this) {
            waiting = early;
            early = null;
        }
        if (waiting != null) {
            waiting.forEach(Runnable::run);
        }
    }

    /** A job has ended. */
    void ended(TraceEvent end) {
        Runnable tell = () -> tell(end);
        synchronized (this) {
            if (early != null) {
                if (early.size() == MAX_EARLY) {
                    early.remove();
                }
                early.add(tell);
                return;
            }
        }
        tell.run();
    }

    private void tell(TraceEvent end) {
        String uri = URI_PREFIX + end.jobId();
        if (subscribed.contains(uri)) {
            updated(uri);
        }
        String severity = end.event().equals("failed") ? "warning" : "info";
        if (LEVELS.indexOf(severity) >= LEVELS.indexOf(level)) {
            send.accept(
                    McpSchema.METHOD_NOTIFICATION_MESSAGE,
                    Map.of(
                            "level",
                            severity,
                            "logger",
                            "tau-jobs",
                            "data",
                            "background job " + end.jobId() + " " + end.status() + " (" + end.reasonCode() + ")"));
        }
    }

    private void updated(String uri) {
        send.accept(McpSchema.METHOD_NOTIFICATION_RESOURCES_UPDATED, Map.of("uri", uri));
    }
}
