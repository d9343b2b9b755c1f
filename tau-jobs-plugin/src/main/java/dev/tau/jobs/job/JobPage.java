package dev.tau.jobs.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of jobs.
 *
 * @param jobs newest created first, ties by id
 * @param next where to go on; null if nothing is left. A page may be shorter than asked for, and have more behind it.
 */
public record JobPage(List<JobRecord> jobs, @Nullable JobPosition next) {
    /** Copies the list. */
    public JobPage {
        jobs = List.copyOf(jobs);
    }

    /**
     * The page of a list of which one job more than wanted is known, if there is one more.
     *
     * @param jobs as of a list
     * @param limit how many are wanted
     * @return the page
     */
    public static JobPage of(List<JobRecord> jobs, int limit) {
        return jobs.size() <= limit
                ? new JobPage(jobs, null)
                : new JobPage(jobs.subList(0, limit), limit == 0 ? null : JobPosition.of(jobs.get(limit - 1)));
    }
}
