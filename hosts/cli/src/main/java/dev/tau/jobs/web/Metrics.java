package dev.tau.jobs.web;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.statedir.Room;
import dev.tau.jobs.statedir.Waiting;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The state dirs as a Prometheus sees them. Counters are those of state.json; how long jobs waited and ran, and which
 * traces were lost, is counted here, since this process began to look. Names, units and labels are documented in docs/monitoring.md. Safe for use by several threads.
 */
final class Metrics implements AutoCloseable {
    private static final String DIR = "state_dir";
    /** In seconds: from a shell's start to a night. */
    private static final double[] BOUNDS = {0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14_400, 43_200};

    private final JobsFeed feed;
    private final List<Dir> dirs = new ArrayList<>();
    private final Histogram waited = Histogram.builder()
            .name("tau_jobs_wait_seconds")
            .help("From the creation of a job to its last start; of jobs that have ended")
            .labelNames(DIR)
            .classicOnly()
            .classicUpperBounds(BOUNDS)
            .build();
    private final Histogram ran = Histogram.builder()
            .name("tau_jobs_run_seconds")
            .help("From the last start of a job to its end")
            .labelNames(DIR, "outcome")
            .classicOnly()
            .classicUpperBounds(BOUNDS)
            .build();
    private long seen;

    private static final class Dir {
        private final String name;
        private final Map<JobId, JobRecord> jobs = new HashMap<>();
        private JobsFeed.@Nullable Head head;
        private @Nullable LostTraces lostTraces;

        private Dir(String name) {
            this.name = name;
        }

        private Labels labels(String... more) {
            return Labels.of(DIR, name).merge(Labels.of(more));
        }

        private Optional<Snapshot> counters() {
            return head == null ? Optional.empty() : head.counters();
        }

        private boolean isReadable() {
            return head != null && head.problem().isEmpty();
        }

        private boolean isOwned() {
            return head != null && head.owner().isPresent();
        }

        private double count(JobStatus status) {
            return jobs.values().stream().filter(job -> job.status() == status).count();
        }
    }

    Metrics(JobsFeed feed) {
        this.feed = feed;
        for (int i = 0; i < feed.size(); i++) {
            dirs.add(new Dir(feed.nameOf(i)));
        }
    }

    /** Learns what there is before anybody asks: what has ended before is not counted as if it ended now. */
    synchronized void begin() throws IOException, InterruptedException {
        takeNews();
        for (int i = 0; i < feed.size(); i++) {
            dirs.get(i).lostTraces = new LostTraces(feed.reader(i));
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (Dir dir : dirs) {
            if (dir.lostTraces != null) {
                dir.lostTraces.close();
            }
        }
    }

    private void takeNews() throws InterruptedException {
        JobsFeed.News news = feed.after(seen, Duration.ZERO);
        seen = news.version();
        news.changes().forEach(this::take);
    }

    /** What there is to tell now. */
    synchronized MetricSnapshots collect(long nowUnixMs) throws InterruptedException {
        takeNews();
        return MetricSnapshots.of(
                gauge(
                        "tau_jobs_up",
                        "1 if the state directory can be read and a live agent owns it, else 0",
                        dir -> dir.isReadable() && dir.isOwned() ? 1 : 0),
                gauge(
                        "tau_jobs_readable",
                        "1 if the state directory can be read, else 0: all else is old then",
                        dir -> dir.isReadable() ? 1 : 0),
                gauge(
                        "tau_jobs_unreadable",
                        "Jobs of which nothing is known, as their manifests can't be read",
                        dir -> dir.head == null ? 0 : dir.head.unreadable()),
                room(),
                lostTraces(),
                // Of the jobs, not of state.json: nobody keeps that true once the agent is gone.
                gauge("tau_jobs_queued", "Jobs that wait", dir -> dir.count(JobStatus.QUEUED)),
                gauge("tau_jobs_running", "Jobs that run", dir -> dir.count(JobStatus.RUNNING)),
                counter("tau_jobs_created", "Jobs created", Snapshot::createdTotal),
                counter(
                        "tau_jobs_started",
                        "Starts of jobs, more than one for a job that was recovered or retried",
                        Snapshot::startedTotal),
                ended(),
                gauge(
                        "tau_jobs_longest_wait_seconds",
                        "How long the job has waited that could have been started first, and still waits for a worker",
                        dir -> longestWaitMs(dir, nowUnixMs) / 1000.0),
                kept(),
                waited.collect(),
                ran.collect());
    }

    private void take(JobsFeed.Change change) {
        Dir dir = dirs.get(change.dir());
        boolean first = dir.head == null;
        dir.head = change.head();
        Map<JobId, JobRecord> before = change.all() ? new HashMap<>(dir.jobs) : dir.jobs;
        if (change.all()) {
            dir.jobs.clear();
        }
        // One that was removed may be there again.
        change.gone().forEach(dir.jobs::remove);
        for (JobRecord job : change.jobs()) {
            JobRecord known = before.get(job.id());
            if (!first
                    && job.status().isTerminal()
                    && (known == null || !known.status().isTerminal())) {
                observe(dir, job);
            }
            dir.jobs.put(job.id(), job);
        }
    }

    private void observe(Dir dir, JobRecord job) {
        Long started = job.state().startedUnixMs();
        Long finished = job.state().finishedUnixMs();
        if (started != null && finished != null) {
            // The clock may have jumped in between.
            waited.labelValues(dir.name)
                    .observe(Math.max(0, started - job.spec().createdUnixMs()) / 1000.0);
            ran.labelValues(dir.name, job.status().wireName()).observe(Math.max(0, finished - started) / 1000.0);
        }
    }

    private static long longestWaitMs(Dir dir, long nowUnixMs) {
        long longest = 0;
        for (JobRecord job : dir.jobs.values()) {
            if (job.status() == JobStatus.QUEUED
                    && Waiting.forOthers(job, id -> Optional.ofNullable(dir.jobs.get(id)))
                            .isEmpty()) {
                longest = Math.max(longest, nowUnixMs - Waiting.since(job));
            }
        }
        return longest;
    }

    private GaugeSnapshot gauge(String name, String help, ToDoubleFunction<Dir> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        dirs.forEach(dir -> gauge.dataPoint(point(dir.labels(), value.applyAsDouble(dir))));
        return gauge.build();
    }

    private GaugeSnapshot kept() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("tau_jobs_kept")
                .help("Jobs in the state directory, by status and reason code");
        for (Dir dir : dirs) {
            Map<Labels, Long> counts = new LinkedHashMap<>();
            dir.jobs
                    .values()
                    .forEach(job -> counts.merge(
                            dir.labels(
                                    "status",
                                    job.status().wireName(),
                                    "reason",
                                    job.state().reasonCode().wireName()),
                            1L,
                            Long::sum));
            counts.forEach((labels, count) -> gauge.dataPoint(point(labels, (double) count)));
        }
        return gauge.build();
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private CounterSnapshot counter(String name, String help, ToLongFunction<Snapshot> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        dirs.forEach(dir -> dir.counters()
                .ifPresent(counters -> counter.dataPoint(count(dir.labels(), value.applyAsLong(counters)))));
        return counter.build();
    }

    private GaugeSnapshot room() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("tau_jobs_disk_available_bytes")
                .help("Room on the disk of the state directory");
        dirs.forEach(dir -> Room.of(Path.of(dir.name))
                .ifPresent(room -> gauge.dataPoint(point(dir.labels(), (double) room.bytes()))));
        return gauge.build();
    }

    private CounterSnapshot lostTraces() {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("tau_jobs_traces_lost")
                .help("Transitions that a trace sink failed to record");
        dirs.forEach(
                dir -> counter.dataPoint(count(dir.labels(), dir.lostTraces == null ? 0 : dir.lostTraces.count())));
        return counter.build();
    }

    private CounterSnapshot ended() {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name("tau_jobs_ended").help("Jobs that have ended");
        for (Dir dir : dirs) {
            dir.counters().ifPresent(counters -> {
                counter.dataPoint(count(dir.labels("outcome", "succeeded"), counters.succeededTotal()));
                counter.dataPoint(count(dir.labels("outcome", "failed"), counters.failedTotal()));
                counter.dataPoint(count(dir.labels("outcome", "cancelled"), counters.cancelledTotal()));
            });
        }
        return counter.build();
    }

    private static CounterDataPointSnapshot count(Labels labels, long value) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }
}
