package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All jobs in memory, by id and by status, newest first: what lists and look-ups read. Safe for several threads. */
public final class JobIndex {
    private final Map<JobId, JobRecord> byId = new HashMap<>();
    private final Map<JobStatus, NavigableSet<JobRecord>> byStatus = new EnumMap<>(JobStatus.class);

    private final History history;
    private final Function<JobId, Optional<JobRecord>> manifests;

    /** An empty index. */
    public JobIndex() {
        this(History.none(), id -> Optional.empty());
    }

    /**
     * An index over a history.
     *
     * @param history jobs of which only that much is in memory
     * @param manifests reads one of them whole
     */
    public JobIndex(History history, Function<JobId, Optional<JobRecord>> manifests) {
        this.history = history;
        this.manifests = manifests;
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
        } else {
            history.remove(id);
        }
    }

    /**
     * The job of an id.
     *
     * @param id the id
     * @return null if there is none
     */
    public @Nullable JobRecord get(JobId id) {
        synchronized (this) {
            JobRecord job = byId.get(id);
            if (job != null || !history.contains(id)) {
                return job;
            }
        }
        return manifests.apply(id).orElse(null);
    }

    /**
     * How many jobs are in a state.
     *
     * @param status the state
     * @return the number
     */
    public synchronized int count(JobStatus status) {
        return in(status).size() + history.count(status);
    }

    /**
     * The newest jobs in some states.
     *
     * @param statuses which states
     * @param limit how many at the most
     * @return newest created first, ties by id
     */
    public List<JobRecord> newest(Set<JobStatus> statuses, int limit) {
        List<JobRecord> inMemory;
        List<History.Entry> older;
        synchronized (this) {
            inMemory = newestInMemory(statuses, limit);
            boolean enough = inMemory.size() == limit && limit > 0;
            long oldest = enough ? inMemory.get(limit - 1).spec().createdUnixMs() : Long.MIN_VALUE;
            older = history.newest(statuses, limit, oldest);
        }
        return older.isEmpty() ? inMemory : merge(inMemory, older, limit);
    }

    private List<JobRecord> merge(List<JobRecord> inMemory, List<History.Entry> older, int limit) {
        List<JobRecord> merged = new ArrayList<>();
        int next = 0;
        int nextOlder = 0;
        while (merged.size() < limit && (next < inMemory.size() || nextOlder < older.size())) {
            if (nextOlder == older.size()
                    || (next < inMemory.size()
                            && History.Entry.NEWEST_FIRST.compare(
                                            History.Entry.of(inMemory.get(next)), older.get(nextOlder))
                                    < 0)) {
                merged.add(inMemory.get(next++));
            } else {
                manifests.apply(older.get(nextOlder++).id()).ifPresent(merged::add);
            }
        }
        return merged;
    }

    private List<JobRecord> newestInMemory(Set<JobStatus> statuses, int limit) {
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

    /** {@return what the next start is to find without reading all manifests} */
    synchronized Summary summary(FileTime stamp, long highestNumber) {
        List<JobId> live = new ArrayList<>();
        List<JobRecord> ended = new ArrayList<>();
        byId.values().forEach(job -> {
            if (job.status().isTerminal()) {
                ended.add(job);
            } else {
                live.add(job.id());
            }
        });
        return new Summary(stamp, highestNumber, live, history.with(ended));
    }
}
