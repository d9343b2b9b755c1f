package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.job.ReasonCode;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a job looks in its manifest: all names, types, ranges and messages of the wire format, without any JSON library.
 * {@code recoveries}, {@code process}, {@code journal_number} and the sizes of the outputs are ours; what else a manifest holds is kept.
 */
public final class ManifestFormat {
    /** The number of the change in the journal that the manifest shows. */
    private static final String NUMBER = "journal_number";

    private static final Set<String> KNOWN = Set.of(
            "schema_version",
            "job_id",
            "command",
            "args",
            "env",
            "cwd",
            "requested_timeout_ms",
            "effective_timeout_ms",
            "status",
            "reason_code",
            "created_unix_ms",
            "updated_unix_ms",
            "started_unix_ms",
            "finished_unix_ms",
            "exit_code",
            "error",
            "cancellation_requested",
            "stdout_path",
            "stderr_path",
            "trace",
            "traceparent",
            "label",
            "stdin",
            "priority",
            "not_before_unix_ms",
            "after",
            "retries",
            "attempts",
            "stdout_bytes",
            "stderr_bytes",
            "stdout_truncated",
            "stderr_truncated",
            "stdout_bytes_is_lower_bound",
            "stderr_bytes_is_lower_bound",
            "strays_ended",
            "recoveries",
            "stdout_lost",
            "stderr_lost",
            "interrupted",
            "process",
            NUMBER);

    /** By so much a manifest may grow until its job has ended: one that could not grow would never end. */
    static final int GROWTH_BYTES = 64 * 1024;

    private ManifestFormat() {}

    /** The file's content; a number of 0 is left out. */
    static byte[] encode(JobRecord job, long number, Path stdout, Path stderr, JsonCodec codec) throws IOException {
        Map<String, @Nullable Object> map = write(job, stdout, stderr);
        if (number > 0) {
            map.put(NUMBER, number);
        }
        byte[] json = codec.write(map, true);
        int limit = JsonCodec.MAX_BYTES - (isNew(job) ? GROWTH_BYTES : 0);
        if (json.length >= limit) {
            throw new UnstorableJobException("the manifest of " + job.id() + " would be over " + limit + " bytes");
        }
        return withNewline(json);
    }

    private static boolean isNew(JobRecord job) {
        return job.status() == JobStatus.QUEUED
                && job.state().recoveries() == 0
                && job.state().attempts().isEmpty();
    }

    /**
     * A file as it is written.
     *
     * @param json its content
     * @return the same, and the end of the last line
     */
    public static byte[] withNewline(byte[] json) {
        byte[] file = Arrays.copyOf(json, json.length + 1);
        file[json.length] = '\n';
        return file;
    }

    static Map<String, @Nullable Object> write(JobRecord job, Path stdout, Path stderr) {
        JobSpec spec = job.spec();
        JobState state = job.state();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("schema_version", Fields.SCHEMA_VERSION);
        map.put("job_id", spec.id().value());
        map.put("command", spec.command());
        map.put("args", spec.args());
        map.put("env", spec.env());
        map.put("cwd", spec.cwd());
        map.put("requested_timeout_ms", spec.requestedTimeoutMs());
        map.put("effective_timeout_ms", spec.effectiveTimeoutMs());
        map.put("status", state.status().wireName());
        map.put("reason_code", state.reasonCode().wireName());
        map.put("created_unix_ms", spec.createdUnixMs());
        map.put("updated_unix_ms", state.updatedUnixMs());
        map.put("started_unix_ms", state.startedUnixMs());
        map.put("finished_unix_ms", state.finishedUnixMs());
        map.put("exit_code", state.exitCode());
        map.put("error", state.error());
        map.put("cancellation_requested", state.cancellationRequested());
        map.put("stdout_path", stdout.toString());
        map.put("stderr_path", stderr.toString());
        map.put("trace", writeTrace(spec.trace()));
        if (spec.trace().traceparent() != null) {
            map.put("traceparent", spec.trace().traceparent());
        }
        OptionsFormat.write(map, spec.options());
        OutputSizes output = state.output();
        if (output != null) {
            writeStream(map, "stdout", output.stdout());
            writeStream(map, "stderr", output.stderr());
        }
        if (state.straysEnded() > 0) {
            map.put("strays_ended", state.straysEnded());
        }
        if (!state.attempts().isEmpty()) {
            map.put(
                    "attempts",
                    state.attempts().stream().map(AttemptFormat::write).toList());
        }
        if (state.recoveries() > 0) {
            map.put("recoveries", state.recoveries());
        }
        LostOutputFormat.write(map, state);
        ProcessIdentity process = state.process();
        if (process != null) {
            map.put("process", Map.of("pid", process.pid(), "start", process.start()));
        }
        map.putAll(job.unknown());
        return map;
    }

    private static void writeStream(Map<String, @Nullable Object> map, String name, OutputSizes.Stream stream) {
        map.put(name + "_bytes", stream.bytes());
        map.put(name + "_truncated", stream.truncated());
        if (stream.lowerBound()) {
            map.put(name + "_bytes_is_lower_bound", true);
        }
    }

    private static OutputSizes.@Nullable Stream readStream(Fields fields, String name) throws InvalidFileException {
        Long bytes = fields.optionalInteger(name + "_bytes", 0);
        if (bytes == null) {
            return null;
        }
        OutputSizes.Stream stream = new OutputSizes.Stream(
                bytes, fields.bool(name + "_truncated", false), fields.bool(name + "_bytes_is_lower_bound", false));
        return stream.equals(OutputSizes.Stream.EMPTY) ? OutputSizes.Stream.EMPTY : stream;
    }

    private static Map<String, @Nullable Object> writeTrace(JobTrace trace) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("channel_store_root", trace.channelStoreRoot());
        map.put("channel_transport", trace.channelTransport());
        map.put("channel_id", trace.channelId());
        map.put("session_path", trace.sessionPath());
        return map;
    }

    static JobRecord read(Map<String, @Nullable Object> map) throws InvalidFileException {
        Fields fields = new Fields(map);
        fields.checkSchemaVersion();
        return new JobRecord(readSpec(fields), readState(fields), unknown(map));
    }

    /** The number of the change that a manifest shows; 0 if it has none. */
    static long number(Map<String, @Nullable Object> map) throws InvalidFileException {
        long number = new Fields(map).integer(NUMBER, 0, 0);
        if (number > JournalEntry.MAX_NUMBER) {
            throw InvalidFileException.invalid(NUMBER + " must be at most " + JournalEntry.MAX_NUMBER);
        }
        return number;
    }

    private static JobSpec readSpec(Fields fields) throws InvalidFileException {
        String id = fields.string("job_id");
        JobId jobId = JobId.parse(id).orElseThrow(() -> InvalidFileException.invalid("job_id must be " + JobId.RULE));
        String command = fields.string("command");
        if (command.isBlank()) {
            throw InvalidFileException.invalid("command must not be blank");
        }
        Fields trace = new Fields(fields.object("trace"));
        return new JobSpec(
                jobId,
                command,
                fields.strings("args", List.of()),
                fields.stringMap("env"),
                fields.optionalString("cwd"),
                fields.integer("requested_timeout_ms", 1),
                fields.integer("effective_timeout_ms", 1),
                fields.integer("created_unix_ms", 0),
                new JobTrace(
                        trace.optionalString("channel_store_root"),
                        trace.optionalString("channel_transport"),
                        trace.optionalString("channel_id"),
                        trace.optionalString("session_path"),
                        JobTrace.traceparentOf(fields.any("traceparent")).orElse(null)),
                OptionsFormat.read(fields));
    }

    private static JobState readState(Fields fields) throws InvalidFileException {
        JobStatus status = JobStatus.ofWireName(fields.string("status"))
                .orElseThrow(() -> InvalidFileException.invalid("status is none of the five that there are"));
        ReasonCode reason = ReasonCode.ofWireName(fields.string("reason_code"))
                .orElseThrow(() -> InvalidFileException.invalid("reason_code is no lifecycle code"));
        Long exitCode = fields.optionalInteger("exit_code", Integer.MIN_VALUE);
        if (exitCode != null && exitCode > Integer.MAX_VALUE) {
            throw InvalidFileException.invalid("exit_code is out of range");
        }
        long recoveries = fields.integer("recoveries", 0, 0);
        OutputSizes.Stream stdout = readStream(fields, "stdout");
        OutputSizes.Stream stderr = readStream(fields, "stderr");
        return new JobState(
                status,
                reason,
                fields.integer("updated_unix_ms", 0),
                fields.optionalInteger("started_unix_ms", 0),
                fields.optionalInteger("finished_unix_ms", 0),
                exitCode == null ? null : exitCode.intValue(),
                fields.optionalString("error"),
                fields.bool("cancellation_requested", false),
                (int) Math.min(recoveries, Integer.MAX_VALUE - 1),
                readProcess(new Fields(fields.object("process"))),
                stdout == null || stderr == null ? null : new OutputSizes(stdout, stderr),
                (int) Math.min(fields.integer("strays_ended", 0, 0), Integer.MAX_VALUE),
                AttemptFormat.readAll(fields),
                LostOutputFormat.readLost(fields),
                LostOutputFormat.readInterrupted(fields));
    }

    private static @Nullable ProcessIdentity readProcess(Fields process) throws InvalidFileException {
        Long pid = process.optionalInteger("pid", 1);
        String start = process.optionalString("start");
        return pid == null || start == null ? null : new ProcessIdentity(pid, start);
    }

    private static Map<String, @Nullable Object> unknown(Map<String, @Nullable Object> map) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(map);
        rest.keySet().removeAll(KNOWN);
        return rest.isEmpty() ? Map.of() : Collections.unmodifiableMap(rest);
    }
}
