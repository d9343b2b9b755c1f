package dev.tau.jobs.bench.peer;

import dev.tau.jobs.bench.host.Host;
import java.nio.file.Path;
import java.util.Map;

/** The tools, as a host calls them. */
final class OurJobs implements JobSystem {
    private final Host host;
    private long expected;

    OurJobs(Path directory) {
        host = Host.open(directory, Map.of("jobs-workers", Integer.toString(WORKERS)));
    }

    @Override
    public void runAll(int jobs) throws InterruptedException {
        String last = "";
        for (int job = 0; job < jobs; job++) {
            last = host.create(Map.of("command", "/bin/true"));
        }
        host.awaitEnd(last);
        expected += jobs;
        // The other worker may be at the last but one.
        while (host.counter("succeeded_total") < expected) {
            if (host.counter("queue_depth") + host.counter("running_jobs") == 0
                    && host.counter("succeeded_total") < expected) {
                throw new IllegalStateException("not all jobs succeeded");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        host.close();
    }
}
