package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.cli.mcp.JobResources.RequestException;
import dev.tau.jobs.spi.TraceEvent;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one client is told of: the end of a job whose resource it has subscribed to, and by a log message each end, so that it need not
 * ask. The SDK's stateless server knows no subscriptions; the other one drops what comes while a client does not listen. Safe for several
 * threads.
 */
final class JobSubscriptions {
    private static final Set<String> METHODS = Set.of(
            McpSchema.METHOD_RESOURCES_SUBSCRIBE,
            McpSchema.METHOD_RESOURCES_UNSUBSCRIBE,
            McpSchema.METHOD_LOGGING_SET_LEVEL);
    /** From the least to the most severe: RFC 5424, section 6.2.1. */
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private static final int MAX_SUBSCRIPTIONS = 10_000;

    private final JobResources resources;
    private final BiConsumer<String, Object> send;
    private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
    private volatile String level = "info";

    /**
     * Nothing is subscribed to yet.
     *
     * @param resources what can be
     * @param send sends a notification: its method and its parameters
     */
    JobSubscriptions(JobResources resources, BiConsumer<String, Object> send) {
        this.resources = resources;
        this.send = send;
    }

    /** Whether a request is about being told. */
    static boolean handles(String method) {
        return METHODS.contains(method);
    }

    /** Whether its answer may take a moment, as a job has to be looked at. */
    static boolean looksAtJobs(String method) {
        return method.equals(McpSchema.METHOD_RESOURCES_SUBSCRIBE);
    }

    /** Answers a request that {@link #handles} knows. */
    JSONRPCResponse run(JSONRPCRequest request) {
        return switch (request.method()) {
            case McpSchema.METHOD_RESOURCES_SUBSCRIBE ->
                JobResources.answer(request, params -> subscribe(JobResources.uri(params)));
            case McpSchema.METHOD_RESOURCES_UNSUBSCRIBE ->
                JobResources.answer(request, params -> unsubscribe(JobResources.uri(params)));
            default -> JobResources.answer(request, params -> setLevel(params.get("level")));
        };
    }

    private Map<String, Object> subscribe(String uri) throws RequestException {
        if (subscribed.size() >= MAX_SUBSCRIPTIONS) {
            throw new RequestException(
                    ErrorCodes.INVALID_PARAMS, "no more than " + MAX_SUBSCRIPTIONS + " subscriptions at a time");
        }
        subscribed.add(uri);
        try {
            // Ended before: nobody would ever say so.
            if (resources.hasEnded(uri) && subscribed.remove(uri)) {
                updated(uri);
            }
        } catch (RequestException e) {
            subscribed.remove(uri);
            throw e;
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

    /**
     * A job has ended.
     *
     * @param now sends a notification at once
     * @return whether the client had subscribed to it; there is one end, so it has not any more
     */
    boolean ended(TraceEvent end, BiConsumer<String, Object> now) {
        String uri = JobResources.URI_PREFIX + end.jobId();
        boolean told = subscribed.remove(uri);
        try {
            if (told) {
                now.accept(McpSchema.METHOD_NOTIFICATION_RESOURCES_UPDATED, Map.of("uri", uri));
            }
            if (LEVELS.indexOf(severity(end)) >= LEVELS.indexOf(level)) {
                now.accept(McpSchema.METHOD_NOTIFICATION_MESSAGE, message(end));
            }
        } catch (RuntimeException e) {
            if (told) {
                subscribed.add(uri);
            }
            throw e;
        }
        return told;
    }

    /** The client may not have heard of a job's end, to which it had subscribed. */
    void again(String jobId) {
        subscribed.add(JobResources.URI_PREFIX + jobId);
    }

    private static String severity(TraceEvent end) {
        return end.event().equals("failed") ? "warning" : "info";
    }

    /** What a log says of an end. */
    private static Map<String, Object> message(TraceEvent end) {
        return Map.of(
                "level",
                severity(end),
                "logger",
                "tau-jobs",
                "data",
                "background job " + end.jobId() + " " + end.status() + " (" + end.reasonCode() + ")");
    }

    private void updated(String uri) {
        send.accept(McpSchema.METHOD_NOTIFICATION_RESOURCES_UPDATED, Map.of("uri", uri));
    }
}
