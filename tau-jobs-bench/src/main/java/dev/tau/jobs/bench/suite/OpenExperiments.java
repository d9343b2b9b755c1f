package dev.tau.jobs.bench.suite;

import static dev.tau.jobs.bench.result.Direction.LOWER;
import static dev.tau.jobs.bench.suite.Experiments.FLOOR;
import static dev.tau.jobs.bench.suite.Experiments.OURS;
import static dev.tau.jobs.bench.suite.Experiments.SQLITE;

import dev.tau.jobs.bench.host.Manifests;
import dev.tau.jobs.bench.process.OpenMain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts on a history, by its size, and with nothing of it in the page cache. */
final class OpenExperiments {
    /** Jobs that wait. */
    private static final int QUEUED = 1_000;

    private static final int FEW_ENDED = 1_000;

    /** Reading a whole history from a cold disk takes minutes. */
    private static final Duration COLD_BUDGET = Duration.ofMinutes(1);

    private final Workspace workspace;
    private final Scale scale;

    OpenExperiments(Workspace workspace) {
        this.workspace = workspace;
        this.scale = workspace.scale();
    }

    List<Experiment> all() {
        List<Experiment> experiments = new ArrayList<>();
        for (int ended : scale.openSizes()) {
            experiments.add(new Experiment(
                    String.format("open on %,d ended jobs", ended),
                    List.of(
                            open(OURS, "tau-jobs", ended),
                            new JvmContestant(
                                    workspace,
                                    FLOOR,
                                    "the same host on an empty directory",
                                    OpenMain.class,
                                    () -> List.of(OURS, workspace.fresh().toString(), "0")),
                            new JvmContestant(
                                    workspace,
                                    SQLITE,
                                    "SQLite reads all rows",
                                    OpenMain.class,
                                    () -> List.of(
                                            SQLITE,
                                            ListExperiments.database(workspace, ended)
                                                    .toString(),
                                            Integer.toString(ended)))),
                    List.of(new FigureSpec(
                            "open." + ended,
                            7,
                            String.format(
                                    "Open on %,d ended + %,d queued jobs, fresh JVM, files cached", ended, QUEUED),
                            "ms",
                            LOWER,
                            Contestant.VALUE,
                            OURS,
                            FLOOR,
                            List.of(SQLITE))),
                    2,
                    scale.rounds(),
                    Experiments.BUDGET));
        }
        if (!scale.quick()) {
            experiments.add(openCold());
        }
        return experiments;
    }

    private Experiment openCold() {
        return new Experiment(
                String.format("cold open on %,d ended jobs", scale.history()),
                List.of(
                        open(OURS, "tau-jobs", scale.history()).cold(),
                        open(FLOOR, String.format("the same on %,d ended jobs", FEW_ENDED), FEW_ENDED)
                                .cold()),
                List.of(new FigureSpec(
                        "open-cold." + scale.history(),
                        7,
                        String.format("Open on %,d ended + %,d queued jobs, files not cached", scale.history(), QUEUED),
                        "ms",
                        LOWER,
                        Contestant.VALUE,
                        OURS,
                        FLOOR,
                        List.of())),
                2,
                scale.rounds(),
                COLD_BUDGET);
    }

    private JvmContestant open(String id, String title, int ended) {
        return new JvmContestant(
                workspace,
                id,
                title,
                OpenMain.class,
                () -> List.of(OURS, stateDir(workspace, ended, QUEUED).toString(), Integer.toString(ended + QUEUED)));
    }

    /**
     * A state dir that was opened and closed once: what a first start on a directory of the original has to do is not what
     * each start costs.
     */
    static Path stateDir(Workspace workspace, int ended, int queued) throws IOException, InterruptedException {
        return workspace.shared("state dir of " + ended + " ended and " + queued + " queued jobs", directory -> {
            Manifests.write(directory, ended, queued);
            Child.run(
                    workspace,
                    List.of(),
                    OpenMain.class,
                    List.of(OURS, directory.toString(), Integer.toString(ended + queued)));
        });
    }
}
