package dev.tau.jobs.store;

import dev.tau.jobs.job.Attempt;
import dev.tau.jobs.job.ReasonCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the attempts of a job look in its manifest, and in results. */
public final class AttemptFormat {
    private AttemptFormat() {}

    /**
     * One attempt.
     *
     * @param attempt the attempt
     * @return its members
     */
    public static Map<String, @Nullable Object> write(Attempt attempt) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("reason_code", attempt.reasonCode().wireName());
        map.put("exit_code", attempt.exitCode());
        map.put("started_unix_ms", attempt.startedUnixMs());
        map.put("finished_unix_ms", attempt.finishedUnixMs());
        map.put("stdout_end", attempt.stdoutEnd());
        map.put("stderr_end", attempt.stderrEnd());
        return map;
    }

    static List<Attempt> readAll(Fields manifest) throws InvalidFileException {
        List<Attempt> attempts = new ArrayList<>();
        for (Map<String, @Nullable Object> each : manifest.objects("attempts")) {
            Fields fields = new Fields(each);
            Long exitCode = fields.optionalInteger("exit_code", Integer.MIN_VALUE);
            attempts.add(new Attempt(
                    ReasonCode.ofWireName(fields.string("reason_code"))
                            .orElseThrow(() -> InvalidFileException.invalid("reason_code is no lifecycle code")),
                    exitCode == null ? null : (int) Math.min(exitCode, Integer.MAX_VALUE),
                    fields.integer("started_unix_ms", 0),
                    fields.integer("finished_unix_ms", 0),
                    fields.integer("stdout_end", 0),
                    fields.integer("stderr_end", 0)));
        }
        return attempts;
    }
}
