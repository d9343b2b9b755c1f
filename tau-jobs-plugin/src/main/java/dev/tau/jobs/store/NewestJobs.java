package dev.tau.jobs.store;

import dev.tau.jobs.job.JobRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The newest of some jobs, in the order of lists, replaced as a whole by each change: many threads may read it, and wait for
 * nobody; one at a time may change it.
 */
final class NewestJobs {
    private final int most;
    private volatile View view = new View(List.of(), true);

    /**
     * Jobs as they were at one moment.
     *
     * @param jobs newest created first, ties by id; none is missing between two of them
     * @param all whether there are no others
     */
    record View(List<JobRecord> jobs, boolean all) {
        View {
            jobs = List.copyOf(jobs);
        }

        List<JobRecord> first(int wanted) {
            return jobs.subList(0, Math.min(wanted, jobs.size()));
        }
    }

    /** No jobs; it will hold so many at the most. */
    NewestJobs(int most) {
        this.most = most;
    }

    View view() {
        return view;
    }

    /** Adds a job, or replaces it where it stands; there are so many now, with it. */
    void put(JobRecord job, int count) {
        List<JobRecord> jobs = new ArrayList<>(view.jobs());
        int at = find(jobs, job);
        if (at >= 0) {
            jobs.set(at, job);
        } else {
            int place = -at - 1;
            // Behind the last stand others that nobody knows here, if there are more: it may belong behind these.
            if (place == jobs.size() && count > jobs.size() + 1) {
                return;
            }
            jobs.add(place, job);
            if (jobs.size() > most) {
                jobs.remove(most);
            }
        }
        view = new View(jobs, jobs.size() == count);
    }

    /** Takes a job out, if it is among them; there are so many now, without it. */
    void remove(JobRecord job, int count) {
        List<JobRecord> jobs = new ArrayList<>(view.jobs());
        int at = find(jobs, job);
        if (at >= 0) {
            jobs.remove(at);
        }
        view = new View(jobs, jobs.size() == count);
    }

    private static int find(List<JobRecord> jobs, JobRecord job) {
        return Collections.binarySearch(jobs, job, JobRecord.NEWEST_FIRST);
    }
}
