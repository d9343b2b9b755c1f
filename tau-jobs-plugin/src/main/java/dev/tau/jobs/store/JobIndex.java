package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All jobs in memory, by id and by status, newest first: what lists and look-ups read. Safe for several threads. */
public final class JobIndex {
    private final Map<JobId, JobRecord> byId = new HashMap<>();
    private final Map<JobStatus, NavigableSet<JobRecord>> byStatus = new EnumMap<>(JobStatus.class);

    /** An empty index. */
    public JobIndex() {
        for (JobStatus status : JobStatus.values()) {
            byStatus.put(status, new TreeSet<>(JobRecord.NEWEST_FIRST));
        }
    }

    /**
     * Adds a job, or replaces it.
     *
     * @param job the job as it is now
     */
    public synchronized void put(JobRecord job) {
        JobRecord previous = byId.put(job.id(), job);
        if (previous != null) {
            in(previous.status()).remove(previous);
        }
        in(job.status()).add(job);
    }

    /**
     * Forgets a job.
     *
     * @param id the job; need not be there
     */
    public synchronized void remove(JobId id) {
        JobRecord previous = byId.remove(id);
        if (previous != null) {
            in(previous.status()).remove(previous);
        }
    }

    /**
     * The job of an id.
     *
     * @param id the id
     * @return null if there is none
     */
    public synchronized @Nullable JobRecord get(JobId id) {
        return byId.get(id);
    }

    /**
     * How many jobs are in a state.
     *
     * @param status the state
     * @return the number
     */
    public synchronized int count(JobStatus status) {
        return in(status).size();
    }

    /**
     * The newest jobs in some states.
     *
     * @param statuses which states
     * @param limit how many at the most
     * @return newest created first, ties by id
     */
    public synchronized List<JobRecord> newest(Set<JobStatus> statuses, int limit) {
        record Head(JobRecord job, Iterator<JobRecord> rest) {}
        PriorityQueue<Head> heads = new PriorityQueue<>((a, b) -> JobRecord.NEWEST_FIRST.compare(a.job(), b.job()));
        for (JobStatus status : statuses) {
            Iterator<JobRecord> jobs = in(status).iterator();
            if (jobs.hasNext()) {
                heads.add(new Head(jobs.next(), jobs));
            }
        }
        List<JobRecord> newest = new ArrayList<>(Math.min(limit, byId.size()));
        for (Head head = heads.poll(); head != null && newest.size() < limit; head = heads.poll()) {
            newest.add(head.job());
            if (head.rest().hasNext()) {
                heads.add(new Head(head.rest().next(), head.rest()));
            }
        }
        return newest;
    }

    private NavigableSet<JobRecord> in(JobStatus status) {
        return Objects.requireNonNull(byStatus.get(status));
    }
}
