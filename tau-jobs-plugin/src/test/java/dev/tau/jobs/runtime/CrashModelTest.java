package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.process.ProcessTree;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.FileJobStore;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore.Found;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.trace.TraceFanout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * Any sequence of create, start, cancel, finish and crash against the real file store: after each reopen, what was
 * acknowledged is there, what ran is queued again in its old place, and the counters add up.
 */
class CrashModelTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000));

    /** What is done next; each picks the job by the number of the step. */
    enum Step {
        CREATE,
        CREATE_ANOTHER,
        START,
        CANCEL,
        FINISH,
        CRASH
    }

    /** A runtime without workers: the test is the worker. */
    private static final class Host {
        final FileJobStore store;
        final JobIndex index = new JobIndex();
        final RuntimeHealth health;
        final JobLedger ledger;
        final List<JobId> queue;
        final SnapshotWriter snapshots;
        final Housekeeper housekeeper = new Housekeeper();

        final Path dir;

        Host(Path dir) throws IOException {
            this.dir = dir;
            store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 2_000, 3);
            Found found = store.load();
            assertThat(found.problems()).isEmpty();
            found.jobs().forEach(index::put);
            health = new RuntimeHealth(CLOCK, found);
            TraceFanout traces = new TraceFanout(ToolContext.builder().build());
            snapshots = new SnapshotWriter(store, health, housekeeper, found.snapshot());
            JobsConfig config = JobsConfig.from(ToolContext.builder().build());
            Retention retention =
                    new Retention(config, CLOCK, store, index, found.history(), health, snapshots, housekeeper);
            ledger = new JobLedger(store, index, health, snapshots, housekeeper, CLOCK, traces);
            ledger.onEnd((job, event) -> retention.ended(job));
            queue = Recovery.run(
                            store,
                            index,
                            ledger,
                            health,
                            new ProcessTree(ProcessTable.ofPlatform()),
                            Duration.ZERO,
                            1_000)
                    .stream()
                    .map(JobRecord::id)
                    .toList();
        }
    }

    @Property
    void nothing_acknowledged_is_lost(@ForAll @Size(max = 25) List<Step> steps) throws IOException {
        Path dir = Files.createTempDirectory("crash-model");
        List<Host> hosts = new ArrayList<>();
        try {
            run(dir, steps, hosts);
        } finally {
            // Only now: a host that was killed must not write its last snapshot when it dies.
            for (Host host : hosts) {
                host.housekeeper.close();
                host.store.close();
            }
            try (Stream<Path> all = Files.walk(dir)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void run(Path dir, List<Step> steps, List<Host> hosts) throws IOException {
        Map<JobId, JobStatus> model = new LinkedHashMap<>();
        Host host = new Host(Files.createDirectory(dir.resolve("first")));
        hosts.add(host);
        for (int i = 0; i < steps.size(); i++) {
            switch (steps.get(i)) {
                case CREATE, CREATE_ANOTHER -> {
                    JobId id = JobId.generate(1_000, i);
                    JobSpec spec = new JobSpec(
                            id,
                            "true",
                            List.of(),
                            Map.of("A", "b"),
                            null,
                            10,
                            10,
                            1_000,
                            JobTrace.NONE,
                            JobOptions.NONE);
                    assertThat(host.ledger.create(JobRecord.created(spec))).isEmpty();
                    model.put(id, JobStatus.QUEUED);
                }
                case START -> apply(host, model, i, JobStatus.QUEUED, new Happening.Started(), JobStatus.RUNNING);
                case CANCEL ->
                    apply(host, model, i, JobStatus.QUEUED, new Happening.CancelRequested(), JobStatus.CANCELLED);
                case FINISH ->
                    apply(
                            host,
                            model,
                            i,
                            JobStatus.RUNNING,
                            new Happening.Exited(i % 2),
                            i % 2 == 0 ? JobStatus.SUCCEEDED : JobStatus.FAILED);
                case CRASH -> {
                    // What a kill leaves is what the files hold at that moment: a close would write more.
                    host = new Host(copy(host.dir, dir.resolve("after-" + i)));
                    hosts.add(host);
                    model.replaceAll((id, status) -> status == JobStatus.RUNNING ? JobStatus.QUEUED : status);
                    List<JobId> waiting = new ArrayList<>();
                    model.forEach((id, status) -> {
                        if (status == JobStatus.QUEUED) {
                            waiting.add(id);
                        }
                    });
                    assertThat(host.queue).containsExactlyElementsOf(waiting);
                }
            }
            check(host, model);
        }
    }

    /**
     * As of one moment, though the housekeeper goes on: it writes manifests, and then forgets the oldest segment of the journal. So the
     * journal is copied before the manifests, its newest segment first: what is gone from it by then they show.
     */
    private static Path copy(Path from, Path to) throws IOException {
        Path journal = Files.createDirectories(new StateDir(to).journal());
        copyFiles(new StateDir(from).journal(), journal);
        copyFiles(from.resolve("jobs"), Files.createDirectory(to.resolve("jobs")));
        copyFiles(from, to);
        return to;
    }

    /** The last name first. One that is gone meanwhile is gone after a kill, too. */
    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.list(from)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                try {
                    if (Files.isRegularFile(file)) {
                        Files.copy(file, to.resolve(from.relativize(file)));
                    }
                } catch (NoSuchFileException e) {
                    assertThat(file).doesNotExist();
                }
            }
        }
    }

    private static void apply(
            Host host, Map<JobId, JobStatus> model, int seed, JobStatus from, Happening happening, JobStatus to)
            throws IOException {
        List<JobId> candidates = model.entrySet().stream()
                .filter(entry -> entry.getValue() == from)
                .map(Map.Entry::getKey)
                .toList();
        if (!candidates.isEmpty()) {
            JobId id = candidates.get(seed % candidates.size());
            host.ledger.apply(id, happening);
            model.put(id, to);
        }
    }

    private static void check(Host host, Map<JobId, JobStatus> model) {
        model.forEach((id, status) -> {
            JobRecord job = host.index.inMemory(id);
            assertThat(job).isNotNull().extracting(JobRecord::status).isEqualTo(status);
        });
        Snapshot counters = host.health.snapshot();
        assertThat(counters.createdTotal())
                .isEqualTo(model.size())
                .isEqualTo(counters.queueDepth()
                        + counters.runningJobs()
                        + counters.succeededTotal()
                        + counters.failedTotal()
                        + counters.cancelledTotal());
    }
}
