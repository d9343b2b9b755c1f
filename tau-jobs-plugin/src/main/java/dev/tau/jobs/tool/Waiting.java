package dev.tau.jobs.tool;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.runtime.JobService;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.tool.Arguments.InvalidArgumentException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code wait_ms}: a call that answers when a job has ended, or the time is up. */
final class Waiting {
    static final String ARGUMENT = "wait_ms";

    /** MCP clients give a call up after 60 s. */
    private static final long MAX_MS = 45_000;

    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
    /** How soon new output is noticed. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** By so much a wait may end too early, since clocks and timers round. */
    private static final Duration SLACK = Duration.ofMillis(50);

    private Waiting() {}

    static Map<String, Object> schema(String description) {
        return Schemas.integer(0, MAX_MS, description);
    }

    /** How long to wait; 0 if the call does not say. */
    static long ms(Arguments arguments) throws InvalidArgumentException {
        Long wait = arguments.optionalInteger(ARGUMENT, 0, MAX_MS);
        return wait == null ? 0 : wait;
    }

    /** What else than a job's end is enough. */
    interface Enough {
        boolean reached(JobRecord job) throws IOException;
    }

    /** The job when it has ended or the time is up, empty if there is none; tells the host now and then that it still waits. */
    static Optional<JobRecord> await(ToolCall call, JobService runtime, JobId id, long waitMs)
            throws InterruptedException, IOException {
        return await(call, runtime, id, waitMs, PROGRESS_EVERY, job -> false);
    }

    /** The same, but also when something else is enough, which is looked at now and then. */
    static Optional<JobRecord> await(ToolCall call, JobService runtime, JobId id, long waitMs, Enough enough)
            throws InterruptedException, IOException {
        return await(call, runtime, id, waitMs, LOOK_EVERY, enough);
    }

    private static Optional<JobRecord> await(
            ToolCall call, JobService runtime, JobId id, long waitMs, Duration every, Enough enough)
            throws InterruptedException, IOException {
        long begin = System.nanoTime();
        long deadline = begin + TimeUnit.MILLISECONDS.toNanos(waitMs);
        long progressAt = begin + PROGRESS_EVERY.toNanos();
        Optional<JobRecord> job = runtime.get(id);
        while (isLive(job) && !enough.reached(job.get())) {
            long now = System.nanoTime();
            long step = Math.min(deadline - now, every.toNanos());
            if (step <= 0) {
                break;
            }
            job = runtime.await(id, Duration.ofNanos(step));
            long then = System.nanoTime();
            if (then - now < step - SLACK.toNanos()) {
                // It has ended; or the runtime closes, and lets its waiters go.
                break;
            }
            if (then - progressAt >= 0 && then < deadline && isLive(job)) {
                call.progress("job " + id + " is still " + job.get().status().wireName());
                progressAt += PROGRESS_EVERY.toNanos();
            }
        }
        return job;
    }

    private static boolean isLive(Optional<JobRecord> job) {
        return job.isPresent() && !job.get().status().isTerminal();
    }
}
