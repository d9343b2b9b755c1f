package dev.tau.jobs.bench.suite;

import static dev.tau.jobs.bench.result.Direction.LOWER;

import dev.tau.jobs.bench.host.Manifests;
import dev.tau.jobs.bench.jmh.ListBenchmark;
import dev.tau.jobs.bench.peer.SqliteJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists of the newest 20, by the number of jobs, and at the size of the history by status. */
final class ListExperiments {
    private static final String ANY = "any";

    /** From here on only one status is measured, and only where there is room for so many files. */
    private static final int HUGE = 1_000_000;

    private static final long BYTES_PER_JOB = 5_000;
    private static final long MEMORY_OF_HUGE = 8L << 30;
    private static final Duration BUDGET_OF_HUGE = Duration.ofMinutes(2);

    private final Workspace workspace;
    private final Scale scale;

    ListExperiments(Workspace workspace) {
        this.workspace = workspace;
        this.scale = workspace.scale();
    }

    List<Experiment> all() {
        return scale.listSizes().stream().map(this::ofSize).toList();
    }

    private Experiment ofSize(int jobs) {
        List<String> statuses = new ArrayList<>(List.of(ANY));
        if (jobs == scale.history()) {
            statuses.addAll(scale.listFilters());
        }
        List<Contestant> contestants = new ArrayList<>();
        List<FigureSpec> figures = new ArrayList<>();
        for (String status : statuses) {
            String id = status.equals(ANY) ? Experiments.OURS : Experiments.OURS + "-" + status;
            contestants.add(ours(id, jobs, status));
            figures.add(new FigureSpec(
                    "list." + jobs + (status.equals(ANY) ? "" : "." + status),
                    5,
                    String.format("List newest 20 of %,d, %s", jobs, status.equals(ANY) ? "no filter" : status),
                    "µs",
                    LOWER,
                    Contestant.VALUE,
                    id,
                    Experiments.FLOOR,
                    status.equals(ANY) ? List.of(Experiments.SQLITE) : List.of()));
        }
        if (jobs == scale.history()) {
            figures.add(Experiments.allocated("list", 5, "jobs_list of 20"));
        }
        contestants.add(new JmhContestant(
                        workspace, Experiments.FLOOR, "20 look-ups in a HashMap", ListBenchmark.class, "floorHashMap")
                .parameter("jobs", Integer.toString(jobs)));
        contestants.add(new JmhContestant(
                        workspace, Experiments.SQLITE, "SQLite, indexed", ListBenchmark.class, "sqliteNewest")
                .property(
                        ListBenchmark.DATABASE, () -> database(workspace, jobs).toString()));
        boolean huge = jobs >= HUGE;
        return new Experiment(
                String.format("list of %,d jobs", jobs),
                contestants,
                figures,
                huge ? 1 : 2,
                scale.rounds(),
                huge ? BUDGET_OF_HUGE : Experiments.BUDGET);
    }

    private JmhContestant ours(String id, int jobs, String status) {
        String title = "tau-jobs" + (status.equals(ANY) ? "" : ", " + status);
        JmhContestant ours = new JmhContestant(workspace, id, title, ListBenchmark.class, "jobsList")
                .parameter("status", status)
                .property(
                        ListBenchmark.STATE_DIR,
                        () -> workspace
                                .shared(
                                        "state dir to list, " + jobs + " jobs",
                                        directory -> Manifests.write(directory, jobs, ListBenchmark.QUEUED))
                                .toString());
        return jobs >= HUGE ? ours.heap("4g").absent(noRoom(jobs)) : ours;
    }

    private Optional<String> noRoom(int jobs) {
        try {
            long free = Files.getFileStore(workspace.root()).getUsableSpace();
            if (free < 2 * BYTES_PER_JOB * jobs) {
                return Optional.of(String.format("%,d jobs need %,d bytes of disk", jobs, 2 * BYTES_PER_JOB * jobs));
            }
        } catch (IOException e) {
            return Optional.of("the free space is not known: " + e.getMessage());
        }
        return Machine.memory() < MEMORY_OF_HUGE ? Optional.of("needs 8 GB of memory") : Optional.empty();
    }

    /** As many jobs as {@link Manifests#write} makes of the same number. */
    static Path database(Workspace workspace, int jobs) throws IOException, InterruptedException {
        return workspace
                .shared("database of " + jobs + " jobs", directory -> {
                    try (SqliteJobs database = SqliteJobs.open(directory.resolve("jobs.db"))) {
                        database.fill(jobs);
                    } catch (SQLException e) {
                        throw new IOException(e);
                    }
                })
                .resolve("jobs.db");
    }
}
