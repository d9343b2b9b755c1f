package dev.tau.jobs.bench.suite;

import static dev.tau.jobs.bench.result.Direction.HIGHER;
import static dev.tau.jobs.bench.result.Direction.LOWER;

import dev.tau.jobs.bench.jmh.CancelBenchmark;
import dev.tau.jobs.bench.jmh.CreateBenchmark;
import dev.tau.jobs.bench.jmh.EndToEndBenchmark;
import dev.tau.jobs.bench.jmh.StatusBenchmark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The experiments that JMH measures, and the order of all of them. */
final class Experiments {
    static final String OURS = "tau-jobs";
    static final String SQLITE = "sqlite";
    static final String FLOOR = "floor";

    /** A figure whose turns take longer than that in all gets fewer rounds. */
    static final Duration BUDGET = Duration.ofMinutes(4);

    private final Workspace workspace;
    private final Scale scale;

    private Experiments(Workspace workspace) {
        this.workspace = workspace;
        this.scale = workspace.scale();
    }

    /** All of them, by target. */
    static List<Experiment> all(Workspace workspace) {
        Experiments jmh = new Experiments(workspace);
        ProcessExperiments processes = new ProcessExperiments(workspace);
        List<Experiment> all = new ArrayList<>();
        all.add(jmh.createByOne());
        all.add(jmh.createByMany(8));
        all.add(jmh.createByMany(32));
        all.add(processes.throughput());
        all.add(jmh.endToEnd());
        all.addAll(new ListExperiments(workspace).all());
        all.add(jmh.status());
        all.add(jmh.statusOfLargeOutputs());
        all.addAll(new OpenExperiments(workspace).all());
        all.add(jmh.cancel());
        all.addAll(processes.memory());
        all.add(processes.idle());
        return all;
    }

    private Experiment createByOne() {
        return experiment(
                "durable create, 1 thread",
                List.of(
                        jmh(OURS, "tau-jobs", CreateBenchmark.class, "jobsCreate"),
                        jmh(FLOOR, "append + force of one line", CreateBenchmark.class, "floorAppendForce"),
                        jmh(SQLITE, "SQLite, WAL, FULL", CreateBenchmark.class, "sqliteInsert")),
                List.of(
                        new FigureSpec(
                                "create.1-thread",
                                1,
                                "Durable create, 1 thread, workers busy",
                                "creates/s",
                                HIGHER,
                                Contestant.VALUE,
                                OURS,
                                FLOOR,
                                List.of(SQLITE)),
                        allocated("create", 1, "jobs_create")));
    }

    private Experiment createByMany(int threads) {
        return experiment(
                "durable create, " + threads + " threads",
                List.of(
                        jmh(OURS, "tau-jobs", CreateBenchmark.class, "jobsCreate")
                                .threads(threads),
                        jmh(FLOOR, "log with group commit", CreateBenchmark.class, "floorGroupCommit")
                                .threads(threads),
                        jmh(SQLITE, "SQLite, WAL, FULL", CreateBenchmark.class, "sqliteInsert")
                                .threads(threads)),
                List.of(new FigureSpec(
                        "create." + threads + "-threads",
                        2,
                        "Durable create, " + threads + " threads",
                        "creates/s",
                        HIGHER,
                        Contestant.VALUE,
                        OURS,
                        FLOOR,
                        List.of(SQLITE))));
    }

    private Experiment endToEnd() {
        List<Contestant> contestants = new ArrayList<>(List.of(
                jmh(OURS, "tau-jobs", EndToEndBenchmark.class, "createAndAwait"),
                jmh(FLOOR, "ProcessBuilder start + wait", EndToEndBenchmark.class, "floorProcessBuilder")));
        List<String> peers = new ArrayList<>();
        if (!scale.quick()) {
            peer(contestants, peers, "quartz-ram", "Quartz, in memory");
            peer(contestants, peers, "db-scheduler", "db-scheduler, H2");
            peer(contestants, peers, "jobrunr", "JobRunr, SQLite");
            contestants.addAll(CommandQueue.latency(workspace));
            peers.addAll(List.of("tsp", "nq"));
        }
        return experiment(
                "one /bin/true on an idle runtime",
                contestants,
                List.of(new FigureSpec(
                        "true.one",
                        4,
                        "One /bin/true, idle, create to ended (p50)",
                        "µs",
                        LOWER,
                        Contestant.VALUE,
                        OURS,
                        FLOOR,
                        List.copyOf(peers))));
    }

    private void peer(List<Contestant> contestants, List<String> peers, String id, String title) {
        contestants.add(jmh(id, title, EndToEndBenchmark.class, "peer").parameter("peer", id));
        peers.add(id);
    }

    private Experiment status() {
        return experiment(
                "status of a small job",
                List.of(
                        jmh(OURS, "tau-jobs", StatusBenchmark.class, "jobsStatus"),
                        jmh(FLOOR, "read + parse of one manifest", StatusBenchmark.class, "floorReadManifest"),
                        jmh(SQLITE, "SQLite, by primary key", StatusBenchmark.class, "sqliteById")),
                List.of(
                        new FigureSpec(
                                "status.small",
                                6,
                                "jobs_status of a job without output",
                                "µs",
                                LOWER,
                                Contestant.VALUE,
                                OURS,
                                FLOOR,
                                List.of(SQLITE)),
                        allocated("status", 6, "jobs_status of a job without output")));
    }

    private Experiment statusOfLargeOutputs() {
        return experiment(
                "status of a job with two outputs of 1 GB",
                List.of(
                        jmh(OURS, "tau-jobs", StatusBenchmark.class, "jobsStatusLargeOutputs"),
                        jmh(FLOOR, "open + read of both tails", StatusBenchmark.class, "floorReadTails")),
                List.of(new FigureSpec(
                        "status.1gb",
                        6,
                        "jobs_status with 2,000 byte previews of two 1 GB logs",
                        "µs",
                        LOWER,
                        Contestant.VALUE,
                        OURS,
                        FLOOR,
                        List.of())));
    }

    private Experiment cancel() {
        return experiment(
                "cancel of a running sleep",
                List.of(
                        jmh(OURS, "tau-jobs", CancelBenchmark.class, "jobsCancel"),
                        jmh(FLOOR, "Process.destroy + wait", CancelBenchmark.class, "floorDestroy")),
                List.of(new FigureSpec(
                        "cancel.sleep",
                        8,
                        "Cancel of a running sleep 300, call to ended and process gone (p50)",
                        "µs",
                        LOWER,
                        Contestant.VALUE,
                        OURS,
                        FLOOR,
                        List.of())));
    }

    static FigureSpec allocated(String id, int target, String call) {
        return allocated(id, target, call, OURS);
    }

    /** Bytes are the same on every machine: there is no floor. */
    static FigureSpec allocated(String id, int target, String call, String ours) {
        return new FigureSpec(
                "allocated." + id,
                target,
                "Allocated by one " + call,
                "bytes",
                LOWER,
                JmhContestant.ALLOCATED,
                ours,
                null,
                List.of());
    }

    private JmhContestant jmh(String id, String title, Class<?> benchmark, String method) {
        return new JmhContestant(workspace, id, title, benchmark, method);
    }

    private Experiment experiment(String title, List<? extends Contestant> contestants, List<FigureSpec> figures) {
        return new Experiment(title, List.copyOf(contestants), figures, 2, scale.rounds(), BUDGET);
    }
}
