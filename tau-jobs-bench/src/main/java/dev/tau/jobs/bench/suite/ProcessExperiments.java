package dev.tau.jobs.bench.suite;

import static dev.tau.jobs.bench.result.Direction.HIGHER;
import static dev.tau.jobs.bench.result.Direction.LOWER;
import static dev.tau.jobs.bench.suite.Experiments.FLOOR;
import static dev.tau.jobs.bench.suite.Experiments.OURS;

import dev.tau.jobs.bench.process.MemoryMain;
import dev.tau.jobs.bench.process.TrueJobsMain;
import java.util.ArrayList;
import java.util.List;

/** Many jobs, memory, and nothing to do: what whole hosts show. */
final class ProcessExperiments {
    private final Workspace workspace;
    private final Scale scale;

    ProcessExperiments(Workspace workspace) {
        this.workspace = workspace;
        this.scale = workspace.scale();
    }

    private Experiment experiment(String title, List<Contestant> contestants, List<FigureSpec> figures) {
        return new Experiment(title, contestants, figures, 2, scale.rounds(), Experiments.BUDGET);
    }

    Experiment throughput() {
        List<Contestant> contestants = new ArrayList<>();
        contestants.add(trueJobs(OURS, OURS, "tau-jobs"));
        contestants.add(trueJobs(FLOOR, "pool", "ProcessBuilder, pool of 2 threads"));
        contestants.add(new PosixSpawn(workspace));
        contestants.add(trueJobs("quartz-ram", "quartz-ram", "Quartz, in memory"));
        contestants.add(trueJobs("db-scheduler", "db-scheduler", "db-scheduler, H2"));
        List<String> peers = new ArrayList<>(List.of("posix-spawn", "quartz-ram", "db-scheduler"));
        if (!scale.quick()) {
            contestants.add(trueJobs("quartz-h2", "quartz-h2", "Quartz, H2"));
            contestants.add(trueJobs("jobrunr", "jobrunr", "JobRunr, SQLite, 100 jobs", 20, 100));
            peers.addAll(List.of("quartz-h2", "jobrunr"));
        }
        contestants.addAll(CommandQueue.throughput(workspace, scale.trueJobs()));
        peers.addAll(List.of("tsp", "nq"));
        String size = String.format("%,d x /bin/true", scale.trueJobs());
        return experiment(
                size,
                contestants,
                List.of(
                        new FigureSpec(
                                "true." + scale.trueJobs(),
                                3,
                                size + ", create to ended, 2 workers",
                                "jobs/s",
                                HIGHER,
                                Contestant.VALUE,
                                OURS,
                                FLOOR,
                                peers),
                        new FigureSpec(
                                "cpu.true." + scale.trueJobs(),
                                11,
                                "CPU of all processes a job, " + size,
                                "ms",
                                LOWER,
                                "cpu_ms",
                                OURS,
                                FLOOR,
                                peers)));
    }

    private JvmContestant trueJobs(String id, String system, String title) {
        return trueJobs(id, system, title, scale.warmupJobs(), scale.trueJobs());
    }

    /** Jobs of its own number for one that runs five a second: the others would wait for it longer than for all the rest. */
    private JvmContestant trueJobs(String id, String system, String title, int warmupJobs, int jobs) {
        return new JvmContestant(
                workspace,
                id,
                title,
                TrueJobsMain.class,
                () -> List.of(
                        system, workspace.fresh().toString(), Integer.toString(warmupJobs), Integer.toString(jobs)));
    }

    List<Experiment> memory() {
        return List.of(
                experiment(
                        String.format("heap with %,d jobs", scale.history()),
                        List.of(
                                memory(
                                        OURS,
                                        "tau-jobs",
                                        "jobs",
                                        () -> OpenExperiments.stateDir(workspace, scale.history(), 0),
                                        0),
                                memory(FLOOR, "a JVM that does nothing", "nothing", workspace::fresh, 0)),
                        List.of(heap(
                                "heap.idle." + scale.history(),
                                String.format("Heap of an idle runtime with %,d ended jobs", scale.history())))),
                experiment(
                        String.format("heap with %,d running sleeps", scale.sleeps()),
                        List.of(
                                memory(OURS, "tau-jobs", "jobs", workspace::fresh, scale.sleeps()),
                                memory(
                                        FLOOR,
                                        "as many bare ProcessBuilder processes",
                                        "processes",
                                        workspace::fresh,
                                        scale.sleeps())),
                        List.of(
                                heap(
                                        "heap.running." + scale.sleeps(),
                                        String.format("Heap with %,d running sleeps", scale.sleeps())),
                                new FigureSpec(
                                        "threads.running." + scale.sleeps(),
                                        9,
                                        String.format("Java threads with %,d running sleeps", scale.sleeps()),
                                        "threads",
                                        LOWER,
                                        "threads",
                                        OURS,
                                        FLOOR,
                                        List.of()))));
    }

    private static FigureSpec heap(String id, String title) {
        return new FigureSpec(id, 9, title, "MB", LOWER, Contestant.VALUE, OURS, FLOOR, List.of());
    }

    private JvmContestant memory(String id, String title, String what, IdleWatch.Directory where, int sleeps) {
        return new JvmContestant(
                workspace,
                id,
                title,
                MemoryMain.class,
                () -> List.of(what, where.get().toString(), Integer.toString(sleeps)));
    }

    Experiment idle() {
        IdleWatch watch = new IdleWatch(workspace);
        watch.add(OURS, "tau-jobs", () -> OpenExperiments.stateDir(workspace, scale.history(), 0));
        watch.add(IdleWatch.NOTHING, "a JVM that does nothing", workspace::fresh);
        List<String> peers = List.of("db-scheduler", "jobrunr");
        watch.add("db-scheduler", "db-scheduler, H2, no jobs", workspace::fresh);
        watch.add("jobrunr", "JobRunr, SQLite, no jobs", workspace::fresh);
        String host = String.format(" of an idle runtime with %,d ended jobs", scale.history());
        return new Experiment(
                "idle for " + scale.idleWindow().toSeconds() + " s",
                watch.contestants(),
                List.of(
                        idle("own-cpu", "CPU of what is not the JVM's own" + host, "ms/min", IdleWatch.OWN_CPU, peers),
                        idle(
                                "own-wake-ups",
                                "Wake-ups of what is not the JVM's own" + host,
                                "1/min",
                                IdleWatch.OWN_WAKE_UPS,
                                peers),
                        new FigureSpec(
                                "idle.cpu." + scale.history(),
                                10,
                                "CPU" + host + ", the JVM's own included",
                                "ms/min",
                                LOWER,
                                Contestant.VALUE,
                                OURS,
                                IdleWatch.NOTHING,
                                peers)),
                scale.idleRounds(),
                scale.idleRounds(),
                Experiments.BUDGET);
    }

    /** No floor: the JVM's own part is taken off already. */
    private FigureSpec idle(String id, String title, String unit, String value, List<String> peers) {
        return new FigureSpec("idle." + id + "." + scale.history(), 10, title, unit, LOWER, value, OURS, null, peers);
    }
}
