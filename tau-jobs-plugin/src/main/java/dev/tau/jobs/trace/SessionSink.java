package dev.tau.jobs.trace;

import static java.util.Objects.requireNonNull;

import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import dev.tau.jobs.spi.TraceTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Appends each event to the agent's session, as an entry behind the last one; the agent may write there, too. */
public final class SessionSink implements TraceSink, Selective {
    private static final int FIRST_LOOK_BYTES = 1 << 14;

    private @Nullable TracePlaces places;
    private @Nullable JsonLines lines;

    /** For ServiceLoader. */
    public SessionSink() {}

    @Override
    public String name() {
        return "session";
    }

    @Override
    public void open(ToolContext context) {
        places = new TracePlaces(context);
        lines = new JsonLines(context);
    }

    @Override
    public boolean records(TraceTarget target) {
        return target.sessionPath() != null;
    }

    @Override
    public void emit(TraceEvent event) throws IOException {
        String session = event.target().sessionPath();
        if (session == null) {
            return;
        }
        lines().locked(requireNonNull(places, "not open").session(session), channel -> {
            if (channel.size() == 0) {
                Map<String, @Nullable Object> meta = new LinkedHashMap<>();
                meta.put("record_type", "meta");
                meta.put("schema_version", 1);
                lines().append(channel, meta, false);
            }
            lines().append(channel, entry(event, lastEntryId(channel)), false);
        });
    }

    private JsonLines lines() {
        return requireNonNull(lines, "not open");
    }

    private static Map<String, @Nullable Object> entry(TraceEvent event, @Nullable Long parent) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("type", "text");
        content.put("text", "background job " + event.jobId() + " " + event.status() + " (" + event.reasonCode() + ")");
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", List.of(content));
        message.put("is_error", false);
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("record_type", "entry");
        entry.put("id", parent == null ? 1 : parent + 1);
        entry.put("parent_id", parent);
        entry.put("message", message);
        return entry;
    }

    /**
     * Looks back from the end until it finds an entry that parses; torn lines are passed over. A model may name any file as a
     * session: further back than one line may be long it looks in none.
     */
    private @Nullable Long lastEntryId(FileChannel channel) throws IOException {
        long size = channel.size();
        for (long look = FIRST_LOOK_BYTES; ; look *= 4) {
            long from = Math.max(0, size - look);
            String[] lines = read(channel, from, size).split("\n", -1);
            // The first one may be cut, unless it begins the file.
            for (int i = lines.length - 1; i >= (from == 0 ? 0 : 1); i--) {
                Long id = entryId(lines[i]);
                if (id != null) {
                    return id;
                }
            }
            if (from == 0) {
                checkMeta(lines[0]);
                return null;
            }
            if (look == FIRST_LOOK_BYTES) {
                checkMeta(read(channel, 0, FIRST_LOOK_BYTES).split("\n", 2)[0]);
            } else if (look > JsonCodec.MAX_BYTES) {
                throw new IOException("the session file has no entry in its last " + look + " bytes");
            }
        }
    }

    private static String read(FileChannel channel, long from, long to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {}
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    private @Nullable Long entryId(String line) {
        try {
            Map<String, @Nullable Object> entry = lines().read(line);
            return "entry".equals(entry.get("record_type")) && entry.get("id") instanceof Number id
                    ? id.longValue()
                    : null;
        } catch (InvalidJsonException e) {
            return null;
        }
    }

    private void checkMeta(String line) throws IOException {
        try {
            if ("meta".equals(lines().read(line).get("record_type"))) {
                return;
            }
        } catch (InvalidJsonException e) {
            throw new IOException("the session file is no session: its first line " + e.getMessage(), e);
        }
        throw new IOException("the session file is no session: its first line is no meta record");
    }

    @Override
    public void close() {}
}
