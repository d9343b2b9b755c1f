package dev.tau.jobs.bench.peer;

import java.nio.file.Path;

/** Something that runs jobs with two workers: ours, a bare pool, or a peer. */
public interface JobSystem extends AutoCloseable {
    /** How many jobs run at once. */
    int WORKERS = 2;

    /**
     * Runs {@code /bin/true} so often, from handing in the first to the end of the last.
     *
     * @param jobs how often
     * @throws Exception if one of them did not succeed
     */
    void runAll(int jobs) throws Exception;

    /**
     * Starts one on an empty directory.
     *
     * @param id tau-jobs, pool, quartz-ram, quartz-h2, db-scheduler or jobrunr
     * @param directory for its files
     * @return running, with nothing to do
     * @throws Exception if it does not start
     */
    static JobSystem open(String id, Path directory) throws Exception {
        return switch (id) {
            case "tau-jobs" -> new OurJobs(directory);
            case "pool" -> new ProcessPool(directory);
            case "quartz-ram" -> QuartzJobs.inMemory(directory);
            case "quartz-h2" -> QuartzJobs.inH2(directory);
            case "db-scheduler" -> DbSchedulerJobs.open(directory);
            case "jobrunr" -> new JobRunrJobs(directory);
            default -> throw new IllegalArgumentException("no job system " + id);
        };
    }
}
