package dev.tau.jobs.trace;

import static java.util.Objects.requireNonNull;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import dev.tau.jobs.spi.TraceTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Appends each event to the log of the job's channel; a job that names no channel leaves no trace here. */
public final class ChannelStoreSink implements TraceSink, Selective {
    private @Nullable TracePlaces places;
    private @Nullable JsonLines lines;

    /** For ServiceLoader. */
    public ChannelStoreSink() {}

    @Override
    public String name() {
        return "channel-store";
    }

    @Override
    public void open(ToolContext context) {
        places = new TracePlaces(context);
        lines = new JsonLines(context);
    }

    @Override
    public boolean records(TraceTarget target) {
        return target.channelStoreRoot() != null && target.channelTransport() != null && target.channelId() != null;
    }

    @Override
    public void emit(TraceEvent event) throws IOException {
        TraceTarget target = event.target();
        String root = target.channelStoreRoot();
        String transport = target.channelTransport();
        String id = target.channelId();
        if (root == null || transport == null || id == null) {
            return;
        }
        Path directory = requireNonNull(places, "not open").channel(root, safeName(transport), safeName(id));
        Path schema = directory.resolve("schema.json");
        // Empty: made by one that found no room to write it.
        if (!Files.exists(schema) || Files.size(schema) == 0) {
            writeSchema(schema, transport, id);
        }
        lines().locked(directory.resolve("log.jsonl"), log -> lines().append(log, line(event), false));
    }

    private void writeSchema(Path file, String transport, String id) throws IOException {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("schema_version", 1);
        schema.put("transport", transport);
        schema.put("channel_id", id);
        lines().locked(file, channel -> {
            if (channel.size() == 0) {
                lines().append(channel, schema, true);
            }
        });
    }

    private JsonLines lines() {
        return requireNonNull(lines, "not open");
    }

    private static Map<String, @Nullable Object> line(TraceEvent event) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("job_id", event.jobId());
        payload.put("event", event.event());
        payload.put("status", event.status());
        payload.put("reason_code", event.reasonCode());
        payload.put("detail", event.detail());
        payload.put("command", event.command());
        payload.put("args", event.args());
        payload.put("exit_code", event.exitCode());
        payload.put("stdout_path", event.stdoutPath());
        payload.put("stderr_path", event.stderrPath());
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("timestamp_unix_ms", event.timestampUnixMs());
        line.put("direction", "runtime");
        line.put("event_key", "background-job:" + event.jobId());
        line.put("source", "background_job_runtime");
        line.put("payload", payload);
        return line;
    }

    /** A name made safe for a path, by the wire format's rule. */
    static String safeName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^_+|_+$", "");
        return safe.isEmpty() || safe.equals(".") || safe.equals("..") ? "channel" : safe;
    }

    @Override
    public void close() {}
}
