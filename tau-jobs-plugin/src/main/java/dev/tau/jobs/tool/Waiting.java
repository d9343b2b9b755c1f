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

    /** The job when it has ended or the time is up, empty if there is none; tells the host now and then that it still waits. */
    static Optional<JobRecord> await(ToolCall call, JobService runtime, JobId id, long waitMs)
            throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        Optional<JobRecord> job = runtime.get(id);
        while (isLive(job)) {
            long begin = System.nanoTime();
            long left = deadline - begin;
            if (left <= 0) {
                break;
            }
            long step = Math.min(left, PROGRESS_EVERY.toNanos());
            job = runtime.await(id, Duration.ofNanos(step));
            if (System.nanoTime() - begin < step - SLACK.toNanos()) {
                // It has ended; or the runtime closes, and lets its waiters go.
                break;
            }
            if (left > step && isLive(job)) {
                call.progress("job " + id + " is still " + job.get().status().wireName());
            }
        }
        return job;
    }

    private static boolean isLive(Optional<JobRecord> job) {
        return job.isPresent() && !job.get().status().isTerminal();
    }
}
