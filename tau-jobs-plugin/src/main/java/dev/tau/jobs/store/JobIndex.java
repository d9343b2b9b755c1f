package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobPosition;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All jobs in memory, by id and by status, newest first: what lists and look-ups read. Safe for several threads. */
public final class JobIndex {
    private static final System.Logger LOG = System.getLogger(JobIndex.class.getName());
    /** A label stands in the manifest alone: one page reads no more of them, some 0.1 s. */
    private static final int MAX_READ = 2_000;
    /** As many as jobs_list shows at the most unless a host sets another limit, and one that tells whether there are more. */
    private static final int NEWEST = 201;
    /** Before all jobs. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Map<JobId, JobRecord> byId = new HashMap<>();
    private final Map<JobStatus, NavigableMap<JobPosition, JobRecord>> byStatus = new EnumMap<>(JobStatus.class);

    private final NewestJobs newest = new NewestJobs(NEWEST);

    private final History history;
    /** When the newest of the history was created, which gets none that are newer. */
    private final long historyEndsUnixMs;

    private final Manifests manifests;

    /** Reads jobs of which only little is in memory. */
    public interface Manifests {
        /**
         * Reads one.
         *
         * @param id the job
         * @return empty if it is not there any more
         * @throws IOException if it can't be read; it may be there
         */
        Optional<JobRecord> read(JobId id) throws IOException;
    }

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
    public JobIndex(History history, Manifests manifests) {
        this.history = history;
        this.historyEndsUnixMs = history.newest(EnumSet.allOf(JobStatus.class), 1, null, NEVER).stream()
                .mapToLong(History.Entry::createdUnixMs)
                .findFirst()
                .orElse(NEVER);
        this.manifests = manifests;
        for (JobStatus status : JobStatus.values()) {
            byStatus.put(status, new TreeMap<>());
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
            in(previous.status()).remove(JobPosition.of(previous));
        }
        in(job.status()).put(JobPosition.of(job), job);
        newest.put(job, byId.size());
    }

    /**
     * Forgets a job.
     *
     * @param id the job; need not be there
     */
    public synchronized void remove(JobId id) {
        JobRecord previous = byId.remove(id);
        if (previous != null) {
            in(previous.status()).remove(JobPosition.of(previous));
            newest.remove(previous, byId.size());
        } else {
            history.remove(id);
        }
    }

    /**
     * The job of an id.
     *
     * @param id the id
     * @return null if there is none
     * @throws IOException if its manifest can't be read
     */
    public @Nullable JobRecord get(JobId id) throws IOException {
        synchronized (this) {
            JobRecord job = byId.get(id);
            if (job != null || !history.contains(id)) {
                return job;
            }
        }
        return manifests.read(id).orElse(null);
    }

    /**
     * Whether there is a job of an id; reads nothing.
     *
     * @param id the id
     * @return also of one that ended long ago
     */
    public synchronized boolean contains(JobId id) {
        return byId.containsKey(id) || history.contains(id);
    }

    /**
     * A job that is in memory: each that has not ended is, and others may be.
     *
     * @param id its id
     * @return null if it is not
     */
    public synchronized @Nullable JobRecord inMemory(JobId id) {
        return byId.get(id);
    }

    /**
     * The state of a job; reads nothing.
     *
     * @param id its id
     * @return null if there is no such job
     */
    public synchronized @Nullable JobStatus status(JobId id) {
        JobRecord job = byId.get(id);
        return job != null ? job.status() : history.status(id);
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
     * The jobs that ended at a time or later.
     *
     * @param unixMs the time, in milliseconds since 1970-01-01 UTC
     * @return in no order
     */
    public synchronized List<History.Entry> endedSince(long unixMs) {
        List<History.Entry> ended = new ArrayList<>(history.endedSince(unixMs));
        for (JobRecord job : byId.values()) {
            if (job.status().isTerminal()) {
                History.Entry entry = History.Entry.of(job);
                if (entry.finishedUnixMs() >= unixMs) {
                    ended.add(entry);
                }
            }
        }
        return ended;
    }

    /**
     * The newest jobs in some states.
     *
     * @param statuses which states
     * @param limit how many at the most
     * @return newest created first, ties by id
     */
    public List<JobRecord> newest(Set<JobStatus> statuses, int limit) {
        return page(JobQuery.newest(statuses, limit)).jobs();
    }

    /**
     * The jobs that a query asks for. For the newest of all, if they are in memory, it waits for nobody.
     *
     * @param query the query
     * @return some or all of them, and where to go on: of those of which only little is in memory not too many are read
     */
    public JobPage page(JobQuery query) {
        // One more than wanted tells whether there are more.
        int wanted = query.limit() == Integer.MAX_VALUE ? query.limit() : query.limit() + 1;
        NewestJobs.View seen = newest.view();
        if (query.isForAll() && isBehindAll(seen, wanted)) {
            return JobPage.of(seen.first(wanted), query.limit());
        }
        int most = query.label() == null ? wanted : Math.max(wanted, MAX_READ);
        List<JobRecord> inMemory;
        List<History.Entry> older;
        synchronized (this) {
            inMemory = inMemory(query, wanted);
            boolean enough = inMemory.size() == wanted;
            long oldest = enough ? inMemory.get(wanted - 1).spec().createdUnixMs() : NEVER;
            older = history.newest(query.statuses(), most, query.start(), Math.max(oldest, query.sinceUnixMs()));
        }
        return older.isEmpty()
                ? JobPage.of(inMemory, query.limit())
                : new Merge(query, inMemory, older, older.size() == most).page();
    }

    /** Whether the history has no job that belongs among the first of the jobs in memory, and no more of these are wanted. */
    private boolean isBehindAll(NewestJobs.View seen, int wanted) {
        return seen.jobs().size() >= wanted
                ? seen.jobs().get(wanted - 1).spec().createdUnixMs() > historyEndsUnixMs
                : seen.all() && historyEndsUnixMs == NEVER;
    }

    /** Jobs in memory and jobs of the history, as one list. */
    private final class Merge {
        private final JobQuery query;
        private final Iterator<JobRecord> inMemory;
        private final Iterator<History.Entry> older;
        private final boolean olderLeft;
        private final List<JobRecord> merged = new ArrayList<>();

        Merge(JobQuery query, List<JobRecord> inMemory, List<History.Entry> older, boolean olderLeft) {
            this.query = query;
            this.inMemory = inMemory.iterator();
            this.older = older.iterator();
            this.olderLeft = olderLeft;
        }

        JobPage page() {
            JobRecord newer = next(inMemory);
            History.Entry entry = next(older);
            JobPosition looked = null;
            while (merged.size() <= query.limit() && (newer != null || entry != null)) {
                if (entry == null && olderLeft) {
                    // What is behind it in memory is behind jobs of the history, too, that nobody has looked at.
                    return new JobPage(merged, looked);
                }
                if (entry == null || (newer != null && JobPosition.of(newer).compareTo(entry.position()) < 0)) {
                    merged.add(Objects.requireNonNull(newer));
                    newer = next(inMemory);
                } else {
                    looked = entry.position();
                    read(entry.id()).filter(query::isLabelled).ifPresent(merged::add);
                    entry = next(older);
                }
            }
            return merged.size() <= query.limit() && olderLeft
                    ? new JobPage(merged, looked)
                    : JobPage.of(merged, query.limit());
        }

        /** One that can't be read is left out: the others are worth to be seen. */
        private Optional<JobRecord> read(JobId id) {
            try {
                return manifests.read(id);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the manifest of " + id + " can't be read", e);
                return Optional.empty();
            }
        }

        private static <T> @Nullable T next(Iterator<T> jobs) {
            return jobs.hasNext() ? jobs.next() : null;
        }
    }

    private List<JobRecord> inMemory(JobQuery query, int wanted) {
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
        List<JobRecord> newest = new ArrayList<>(Math.min(wanted, byId.size()));
        for (Head head = heads.poll(); head != null && newest.size() < wanted; head = heads.poll()) {
            if (query.matches(head.job().getValue())) {
                newest.add(head.job().getValue());
            }
            if (head.rest().hasNext()) {
                heads.add(new Head(head.rest().next(), head.rest()));
            }
        }
        return newest;
    }

    private NavigableMap<JobPosition, JobRecord> in(JobStatus status) {
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
