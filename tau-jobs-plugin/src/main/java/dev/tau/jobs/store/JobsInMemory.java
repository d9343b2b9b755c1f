package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPosition;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of which all is in memory, by id, and by status in the order of lists. For one thread at a time, but for
 * {@link #newestOfAll}.
 */
final class JobsInMemory {
    /** As many as jobs_list shows at the most unless a host sets another limit, and one that tells whether there are more. */
    private static final int NEWEST = 201;

    private final Map<JobId, JobRecord> byId = new HashMap<>();
    private final Map<JobStatus, NavigableMap<JobPosition, JobRecord>> byStatus = new EnumMap<>(JobStatus.class);
    private final NewestJobs newest = new NewestJobs(NEWEST);

    JobsInMemory() {
        for (JobStatus status : JobStatus.values()) {
            byStatus.put(status, new TreeMap<>());
        }
    }

    /** Adds a job, or replaces it. */
    void put(JobRecord job) {
        JobRecord previous = byId.put(job.id(), job);
        if (previous != null) {
            in(previous.status()).remove(JobPosition.of(previous));
        }
        in(job.status()).put(JobPosition.of(job), job);
        newest.put(job, byId.size());
    }

    /** {@return whether it was there} */
    boolean remove(JobId id) {
        JobRecord previous = byId.remove(id);
        if (previous == null) {
            return false;
        }
        in(previous.status()).remove(JobPosition.of(previous));
        newest.remove(previous, byId.size());
        return true;
    }

    @Nullable
    JobRecord get(JobId id) {
        return byId.get(id);
    }

    /** {@return in no order; it changes as the jobs do} */
    Collection<JobRecord> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** {@return the newest, of whatever state, as they stood at one moment; any thread may ask} */
    NewestJobs.View newestOfAll() {
        return newest.view();
    }

    /** The first jobs of those that a query asks for, whatever its own limit. */
    List<JobRecord> first(JobQuery query, int wanted) {
        record Head(Map.Entry<JobPosition, JobRecord> job, Iterator<Map.Entry<JobPosition, JobRecord>> rest) {}
        PriorityQueue<Head> heads =
                new PriorityQueue<>((a, b) -> a.job().getKey().compareTo(b.job().getKey()));
        JobPosition start = query.start();
        for (JobStatus status : query.statuses()) {
            NavigableMap<JobPosition, JobRecord> all = in(status);
            Iterator<Map.Entry<JobPosition, JobRecord>> jobs =
                    (start == null ? all : all.tailMap(start, false)).entrySet().iterator();
            if (jobs.hasNext()) {
                heads.add(new Head(jobs.next(), jobs));
            }
        }
        List<JobRecord> first = new ArrayList<>(Math.min(wanted, byId.size()));
        for (Head head = heads.poll(); head != null && first.size() < wanted; head = heads.poll()) {
            if (query.matches(head.job().getValue())) {
                first.add(head.job().getValue());
            }
            if (head.rest().hasNext()) {
                heads.add(new Head(head.rest().next(), head.rest()));
            }
        }
        return first;
    }

    private NavigableMap<JobPosition, JobRecord> in(JobStatus status) {
        return Objects.requireNonNull(byStatus.get(status));
    }
}
