package dev.tau.jobs.statedir;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line of the event log.
 *
 * @param timestampUnixMs when it happened, in milliseconds since 1970-01-01 UTC
 * @param jobId to which job
 * @param members all of the line, those of other versions too
 */
public record LoggedEvent(long timestampUnixMs, JobId jobId, Map<String, @Nullable Object> members) {

    static Optional<LoggedEvent> of(Map<String, @Nullable Object> members) {
        if (members.get("timestamp_unix_ms") instanceof Number time && members.get("job_id") instanceof String id) {
            return JobId.parse(id).map(job -> new LoggedEvent(time.longValue(), job, members));
        }
        return Optional.empty();
    }

    /** {@return whether it says that a trace sink has failed to record another one} */
    public boolean isTraceError() {
        return text("event").equals(JobEvent.Kind.TRACE_ERROR.wireName());
    }

    /**
     * One of its texts.
     *
     * @param name event, status, reason_code or detail
     * @return empty if it has none of that name
     */
    public String text(String name) {
        return members.get(name) instanceof String text ? text : "";
    }
}
