package dev.tau.jobs.store;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Lifecycle;
import dev.tau.jobs.job.Transition.Applied;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs to fill a store with. */
public final class Jobs {
    private Jobs() {}

    static JobRecord queued(String id, long createdUnixMs) {
        return JobRecord.created(new JobSpec(
                new JobId(id),
                "true",
                List.of("a"),
                Map.of("K", "v"),
                null,
                10,
                10,
                createdUnixMs,
                JobTrace.NONE,
                JobOptions.NONE));
    }

    static JobRecord after(JobRecord job, Happening... happenings) {
        JobRecord next = job;
        for (Happening happening : happenings) {
            next = ((Applied) Lifecycle.apply(next, happening, next.spec().createdUnixMs() + 1)).job();
        }
        return next;
    }

    static JobRecord running(String id, long createdUnixMs) {
        return after(queued(id, createdUnixMs), new Happening.Started());
    }

    public static JobRecord succeeded(String id, long createdUnixMs) {
        return after(running(id, createdUnixMs), new Happening.Exited(0));
    }

    static JobRecord withArgument(JobRecord job, String argument) {
        return with(job, List.of(argument), job.spec().options());
    }

    static JobRecord labelled(JobRecord job, @Nullable String label) {
        return with(job, job.spec().args(), new JobOptions(label, null, 0, 0, List.of(), 0));
    }

    private static JobRecord with(JobRecord job, List<String> args, JobOptions options) {
        JobSpec spec = job.spec();
        JobSpec changed = new JobSpec(
                spec.id(),
                spec.command(),
                args,
                spec.env(),
                spec.cwd(),
                spec.requestedTimeoutMs(),
                spec.effectiveTimeoutMs(),
                spec.createdUnixMs(),
                spec.trace(),
                options);
        return new JobRecord(changed, job.state(), job.unknown());
    }
}
