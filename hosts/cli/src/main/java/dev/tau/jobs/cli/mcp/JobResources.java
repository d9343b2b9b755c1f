package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Each job as a resource {@code tau-jobs://jobs/<job_id>}: its manifest and the end of its outputs. In place of the SDK's
 * resources, of which a server has a fixed list. Safe for several threads.
 */
final class JobResources {
    static final String URI_PREFIX = "tau-jobs://jobs/";
    private static final String URI_TEMPLATE = URI_PREFIX + "{job_id}";

    private static final Set<String> METHODS = Set.of(
            McpSchema.METHOD_RESOURCES_LIST,
            McpSchema.METHOD_RESOURCES_READ,
            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST);

    private static final long PAGE = 50;
    private static final int OUTPUT_BYTES = 16_000;

    private final Tool list;
    private final Tool status;

    private JobResources(Tool list, Tool status) {
        this.list = list;
        this.status = status;
    }

    /** The resources of the jobs that tools show; empty if these are other tools. */
    static Optional<JobResources> of(ToolSet tools) {
        return tools.find("jobs_list")
                .flatMap(list -> tools.find("jobs_status").map(status -> new JobResources(list, status)));
    }

    /** Whether a request is for these resources. */
    static boolean handles(String method) {
        return METHODS.contains(method);
    }

    /** A request that can't be fulfilled. */
    static final class RequestException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        RequestException(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    /** Does what a request asks for, and makes an answer of it. */
    interface Action {
        Map<String, Object> run(Map<?, ?> params) throws RequestException;
    }

    static JSONRPCResponse answer(JSONRPCRequest request, Action action) {
        Map<?, ?> params = request.params() instanceof Map<?, ?> map ? map : Map.of();
        try {
            return JSONRPCResponse.result(request.id(), action.run(params));
        } catch (RequestException e) {
            return JSONRPCResponse.error(request.id(), new JSONRPCError(e.code, e.getMessage()));
        }
    }

    /** Answers a request that {@link #handles} knows. */
    JSONRPCResponse run(JSONRPCRequest request) {
        return switch (request.method()) {
            case McpSchema.METHOD_RESOURCES_LIST -> answer(request, this::list);
            case McpSchema.METHOD_RESOURCES_READ -> answer(request, params -> read(uri(params)));
            default -> answer(request, params -> templates());
        };
    }

    private static Map<String, Object> templates() {
        return Map.of(
                "resourceTemplates",
                List.of(Map.of(
                        "uriTemplate",
                        URI_TEMPLATE,
                        "name",
                        "job",
                        "title",
                        "Background job",
                        "description",
                        "A job's state, and the end of its standard output and standard error.")));
    }

    private Map<String, Object> list(Map<?, ?> params) throws RequestException {
        Map<String, Object> arguments = new LinkedHashMap<>(Map.of("limit", Math.min(PAGE, maxLimit())));
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

    /** What the host lets a list have at the most. */
    private long maxLimit() {
        return list.definition().inputSchema().get("properties") instanceof Map<?, ?> properties
                        && properties.get("limit") instanceof Map<?, ?> limit
                        && limit.get("maximum") instanceof Number maximum
                ? maximum.longValue()
                : PAGE;
    }

    private Map<String, Object> read(String uri) throws RequestException {
        for (String output : List.of("stdout", "stderr")) {
            String end = "/" + output;
            if (uri.endsWith(end)) {
                ToolResult result = statusOf(uri.substring(0, uri.length() - end.length()));
                return Map.of("contents", List.of(text(uri, result.content().get(output + "_preview"))));
            }
        }
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

    /** Whether the job of a resource has ended. */
    boolean hasEnded(String uri) throws RequestException {
        return statusOf(uri).content().get("job") instanceof Map<?, ?> job && job.get("finished_unix_ms") != null;
    }

    static String uri(Map<?, ?> params) throws RequestException {
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
            String error = String.valueOf(result.content().get("error"));
            throw switch (result.reasonCode()) {
                case "jobs_invalid_arguments" ->
                    new RequestException(
                            ErrorCodes.RESOURCE_NOT_FOUND, "a uri must be " + URI_PREFIX + "<job_id>, but is " + uri);
                case "job_not_found" -> new RequestException(ErrorCodes.RESOURCE_NOT_FOUND, error);
                default -> new RequestException(ErrorCodes.INTERNAL_ERROR, error);
            };
        }
        return result;
    }

    private static Map<String, @Nullable Object> content(Tool tool, Map<String, Object> arguments)
            throws RequestException {
        ToolResult result = tool.execute(ToolCall.of(arguments));
        if (result.isError()) {
            boolean invalid = result.reasonCode().equals("jobs_invalid_arguments");
            throw new RequestException(
                    invalid ? ErrorCodes.INVALID_PARAMS : ErrorCodes.INTERNAL_ERROR,
                    String.valueOf(result.content().get("error")));
        }
        return result.content();
    }
}
