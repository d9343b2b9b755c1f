package dev.tau.jobs.top;

import dev.tau.jobs.job.JobStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How fast the jobs that run write. */
final class Rates {
    private record Sample(long bytes, long nanos, double perSecond) {}

    private Map<Row.Name, Sample> samples = new HashMap<>();

    /** Measures anew; those that are not among them are forgotten. */
    void measure(Collection<Row> rows, long nowNanos) {
        Map<Row.Name, Sample> next = new HashMap<>();
        for (Row row : rows) {
            if (row.job().status() == JobStatus.RUNNING) {
                Sample before = samples.get(row.name());
                long bytes = row.dir().reader().outputs().bytes(row.job());
                double rate = before == null || nowNanos <= before.nanos
                        ? 0
                        : Math.max(0, bytes - before.bytes) * 1e9 / (nowNanos - before.nanos);
                next.put(row.name(), new Sample(bytes, nowNanos, rate));
            }
        }
        samples = next;
    }

    /** In bytes a second; null if nothing is known yet. */
    @Nullable
    Double of(Row row) {
        Sample sample = samples.get(row.name());
        return sample == null ? null : sample.perSecond;
    }
}
