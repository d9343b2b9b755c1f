package dev.tau.jobs.tool;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.runtime.JobService.Stream;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolHints;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code jobs_status}: one job with the end of its output, on request only when it has ended. */
public final class JobsStatusTool extends JobsTool {
    private static final int MAX_PREVIEW_BYTES = 16_000;
    private static final int LOOK_BYTES = 16;
    private static final String WAIT_FOR = "wait_for";
    private static final List<String> WAITED_FOR = List.of("end", "output");
    /** JSON numbers are exact up to here in every language: RFC 8259, section 6. */
    private static final long MAX_OFFSET = (1L << 53) - 1;

    /** For ServiceLoader. */
    public JobsStatusTool() {}

    @Override
    String name() {
        return "jobs_status";
    }

    @Override
    Set<String> argumentNames() {
        return Set.of(
                "job_id",
                "output_preview_bytes",
                Waiting.ARGUMENT,
                WAIT_FOR,
                offset(Stream.STDOUT),
                offset(Stream.STDERR));
    }

    @Override
    ToolDefinition define(JobsConfig config) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("job_id", Schemas.plain("string"));
        properties.put(
                "output_preview_bytes",
                Schemas.integer(
                        1, MAX_PREVIEW_BYTES, "Last bytes of each output. Default " + DEFAULT_PREVIEW_BYTES + "."));
        properties.put(Waiting.ARGUMENT, Waiting.schema("Answer when it ends or this time is up."));
        properties.put(WAIT_FOR, Schemas.choice(WAITED_FOR, "For what wait_ms waits. Default end."));
        properties.put(
                offset(Stream.STDOUT), Schemas.natural("Return stdout from this byte on, and stdout_next_offset."));
        properties.put(offset(Stream.STDERR), Schemas.plain("integer"));
        return ToolDefinition.builder(name())
                .title("Look at a background job")
                .description("Shows a background job's state and the end of its output. With wait_ms it waits for"
                        + " the job's end: better than calling it again and again.")
                .inputSchema(Schemas.object(properties, "job_id"))
                .hints(new ToolHints(true, false, true, false))
                .build();
    }

    private static String offset(Stream stream) {
        return name(stream) + "_offset";
    }

    private static String name(Stream stream) {
        return switch (stream) {
            case STDOUT -> "stdout";
            case STDERR -> "stderr";
        };
    }

    @Override
    ToolResult run(ToolCall call, Arguments arguments, JobService runtime, Opened context)
            throws InvalidArgumentException, IOException, InterruptedException {
        JobId id = jobId(arguments);
        Long preview = arguments.optionalInteger("output_preview_bytes", 1, MAX_PREVIEW_BYTES);
        Map<Stream, Long> offsets = new EnumMap<>(Stream.class);
        for (Stream stream : Stream.values()) {
            Long offset = arguments.optionalInteger(offset(stream), 0, MAX_OFFSET);
            if (offset != null) {
                offsets.put(stream, offset);
            }
        }
        boolean forOutput = arguments.choice(WAIT_FOR, WAITED_FOR).equals("output");
        long waitMs = Waiting.ms(arguments);
        Optional<JobRecord> found = forOutput
                ? Waiting.await(call, runtime, id, waitMs, new NewOutput(runtime, offsets))
                : Waiting.await(call, runtime, id, waitMs);
        if (found.isEmpty()) {
            return notFound(id, runtime);
        }
        int bytes = preview == null ? DEFAULT_PREVIEW_BYTES : preview.intValue();
        JobRecord job = found.get();
        Map<String, @Nullable Object> payload = withOutput(job, bytes, runtime, context.config());
        payload.put("output_preview_bytes", bytes);
        for (Map.Entry<Stream, Long> wanted : offsets.entrySet()) {
            String name = name(wanted.getKey());
            OutputPart part = runtime.output(job, wanted.getKey(), wanted.getValue(), bytes);
            // Nothing twice: the part takes the preview's place.
            payload.put(name + "_preview", "");
            payload.put(name, part.text());
            payload.put(name + "_next_offset", part.nextOffset());
            if (part.droppedBytes() > 0) {
                payload.put(name + "_dropped_bytes", part.droppedBytes());
            }
        }
        return ToolResult.success(name(), "jobs_status_ok", payload);
    }

    /** Output beyond the offsets, or without any beyond what there was at first. */
    private static final class NewOutput implements Waiting.Enough {
        private final JobService runtime;
        private final Map<Stream, Long> offsets;

        NewOutput(JobService runtime, Map<Stream, Long> offsets) {
            this.runtime = runtime;
            this.offsets = new EnumMap<>(offsets);
        }

        @Override
        public boolean reached(JobRecord job) throws IOException {
            if (offsets.isEmpty()) {
                for (Stream stream : Stream.values()) {
                    offsets.put(stream, runtime.outputEnd(job, stream));
                }
            }
            return isBeyond(job, Stream.STDOUT) || isBeyond(job, Stream.STDERR);
        }

        /** Not if it is half a character, or may become a secret: nothing of that could be returned. */
        private boolean isBeyond(JobRecord job, Stream stream) throws IOException {
            Long offset = offsets.get(stream);
            return offset != null
                    && runtime.outputEnd(job, stream) > offset
                    && !runtime.output(job, stream, offset, LOOK_BYTES).text().isEmpty();
        }
    }
}
