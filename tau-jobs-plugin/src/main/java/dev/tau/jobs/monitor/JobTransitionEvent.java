package dev.tau.jobs.monitor;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobRecord;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A line of the event log in a flight recording. Its names are documented in docs/monitoring.md. */
@Name("dev.tau.jobs.JobTransition")
@Label("Job Transition")
@Category("tau-jobs")
@Description("What happened to a background job, as its line in events.jsonl says")
@StackTrace(false)
final class JobTransitionEvent extends Event {
    @Label("Job")
    @Nullable
    String jobId;

    @Label("Event")
    @Nullable
    String event;

    @Label("Status")
    @Description("The state that it led to")
    @Nullable
    String status;

    @Label("Reason Code")
    @Nullable
    String reasonCode;

    @Label("Waited")
    @Description("From the creation to the start; 0 unless it has just been started for the first time")
    @Timespan(Timespan.MILLISECONDS)
    long waited;

    @Label("Ran")
    @Description("From the last start to the end; 0 unless it has just ended")
    @Timespan(Timespan.MILLISECONDS)
    long ran;

    void fill(JobRecord job, JobEvent line) {
        jobId = job.id().value();
        event = line.kind().wireName();
        status = line.status().wireName();
        reasonCode = line.reasonCode().wireName();
        Long started = job.state().startedUnixMs();
        Long finished = job.state().finishedUnixMs();
        boolean first = job.state().recoveries() == 0 && job.state().attempts().isEmpty();
        if (line.kind() == JobEvent.Kind.STARTED && started != null && first) {
            waited = started - job.spec().createdUnixMs();
        }
        if (line.status().isTerminal() && started != null && finished != null) {
            ran = finished - started;
        }
    }
}
