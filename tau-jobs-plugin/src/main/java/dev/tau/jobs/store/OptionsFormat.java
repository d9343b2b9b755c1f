package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the options of a job look in its manifest, and in results; what was not said is left out. */
public final class OptionsFormat {
    private OptionsFormat() {}

    static void write(Map<String, @Nullable Object> manifest, JobOptions options) {
        if (options.label() != null) {
            manifest.put("label", options.label());
        }
        if (options.stdin() != null) {
            manifest.put("stdin", options.stdin());
        }
        writeStart(manifest, options);
    }

    /**
     * When the job is started, and how often.
     *
     * @param map gets that
     * @param options the options
     */
    public static void writeStart(Map<String, @Nullable Object> map, JobOptions options) {
        if (options.priority() != 0) {
            map.put("priority", options.priority());
        }
        if (options.notBeforeUnixMs() != 0) {
            map.put("not_before_unix_ms", options.notBeforeUnixMs());
        }
        if (!options.after().isEmpty()) {
            map.put("after", options.after().stream().map(JobId::value).toList());
        }
        if (options.retries() != 0) {
            map.put("retries", options.retries());
        }
    }

    static JobOptions read(Fields manifest) throws InvalidFileException {
        List<JobId> after = new ArrayList<>();
        for (String id : manifest.strings("after", List.of())) {
            after.add(JobId.parse(id)
                    .orElseThrow(() -> InvalidFileException.invalid("after must hold ids: " + JobId.RULE)));
        }
        long priority = manifest.integer("priority", 0, -JobOptions.MAX_PRIORITY);
        if (priority > JobOptions.MAX_PRIORITY) {
            throw InvalidFileException.invalid("priority must be at most " + JobOptions.MAX_PRIORITY);
        }
        JobOptions options = new JobOptions(
                manifest.optionalString("label"),
                manifest.optionalString("stdin"),
                (int) priority,
                manifest.integer("not_before_unix_ms", 0, 0),
                after,
                (int) Math.min(manifest.integer("retries", 0, 0), JobOptions.MAX_RETRIES));
        return options.equals(JobOptions.NONE) ? JobOptions.NONE : options;
    }
}
