package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceTarget;
import java.nio.file.Path;
import java.util.List;

/** Turns our events into the ones that sinks see, which hold nothing of the job's environment. */
final class TraceEvents {
    private TraceEvents() {}

    static TraceEvent of(JobRecord job, JobEvent event, List<Path> outputs) {
        return TraceEvent.builder(job.id().value(), event.kind().wireName(), event.timestampUnixMs())
                .times(job.spec().createdUnixMs(), job.state().startedUnixMs())
                .outcome(event.status().wireName(), event.reasonCode().wireName(), event.detail())
                .command(job.spec().command(), job.spec().args())
                .exitCode(job.state().exitCode())
                .output(outputs.get(0).toString(), outputs.get(1).toString())
                .target(target(job.spec().trace()))
                .build();
    }

    /** Of a job that is gone by now: without all that only its manifest said. */
    static TraceEvent withoutJob(JobEvent event) {
        return TraceEvent.builder(event.jobId().value(), event.kind().wireName(), event.timestampUnixMs())
                .outcome(event.status().wireName(), event.reasonCode().wireName(), event.detail())
                .build();
    }

    private static TraceTarget target(JobTrace trace) {
        TraceTarget target = TraceTarget.none();
        String root = trace.channelStoreRoot();
        String transport = trace.channelTransport();
        String id = trace.channelId();
        if (root != null && transport != null && id != null) {
            target = target.withChannel(root, transport, id);
        }
        String session = trace.sessionPath();
        if (session != null) {
            target = target.withSession(session);
        }
        return trace.traceparent() == null ? target : target.withTraceparent(trace.traceparent());
    }
}
