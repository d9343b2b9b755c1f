package dev.tau.jobs.web;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.terminal.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the page shows of a job in its tables and pictures: names and times of the wire format, and the command as one line. */
final class JobRow {
    private static final int COMMAND_LENGTH = 300;

    private JobRow() {}

    static Map<String, Object> of(JobRecord job) {
        JobState state = job.state();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", job.id().value());
        String label = job.spec().label();
        putIfKnown(row, "label", label == null ? null : Texts.printable(label));
        row.put(
                "command",
                Texts.shortened(
                        Texts.commandLine(job.spec().command(), job.spec().args()), COMMAND_LENGTH));
        row.put("status", job.status().wireName());
        row.put("reason", state.reasonCode().wireName());
        row.put("created", job.spec().createdUnixMs());
        row.put("updated", state.updatedUnixMs());
        putIfKnown(row, "started", state.startedUnixMs());
        putIfKnown(row, "finished", state.finishedUnixMs());
        putIfKnown(row, "exit", state.exitCode());
        row.put("timeout", job.spec().effectiveTimeoutMs());
        if (state.cancellationRequested()) {
            row.put("cancelling", true);
        }
        if (job.spec().options().notBeforeUnixMs() > 0) {
            row.put("not_before", job.spec().options().notBeforeUnixMs());
        }
        if (!job.spec().options().after().isEmpty()) {
            row.put(
                    "after",
                    job.spec().options().after().stream().map(JobId::value).toList());
        }
        return row;
    }

    private static void putIfKnown(Map<String, Object> row, String name, @Nullable Object value) {
        if (value != null) {
            row.put(name, value);
        }
    }
}
