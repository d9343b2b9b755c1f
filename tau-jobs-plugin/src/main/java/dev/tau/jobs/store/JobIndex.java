package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All jobs in memory, by id and by status, newest first: what lists and look-ups read. Safe for several threads. */
public final class JobIndex {
    /** Before all jobs. */
    private static final long NEVER = Long.MIN_VALUE;

    private final JobsInMemory jobs = new JobsInMemory();

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
    }

    /**
     * Adds a job, or replaces it.
     *
     * @param job the job as it is now
     */
    public synchronized void put(JobRecord job) {
        jobs.put(job);
    }

    /**
     * Forgets a job.
     *
     * @param id the job; need not be there
     */
    public synchronized void remove(JobId id) {
        if (!jobs.remove(id)) {
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
            JobRecord job = jobs.get(id);
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
        return jobs.get(id) != null || history.contains(id);
    }

    /**
     * A job that is in memory: each that has not ended is, and others may be.
     *
     * @param id its id
     * @return null if it is not
     */
    public synchronized @Nullable JobRecord inMemory(JobId id) {
        return jobs.get(id);
    }

    /**
     * The state of a job; reads nothing.
     *
     * @param id its id
     * @return null if there is no such job
     */
    public synchronized @Nullable JobStatus status(JobId id) {
        JobRecord job = jobs.get(id);
        return job != null ? job.status() : history.status(id);
    }

    /**
     * The jobs that ended at a time or later.
     *
     * @param unixMs the time, in milliseconds since 1970-01-01 UTC
     * @return in no order
     */
    public synchronized List<History.Entry> endedSince(long unixMs) {
        List<History.Entry> ended = new ArrayList<>(history.endedSince(unixMs));
        for (JobRecord job : jobs.all()) {
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
        int wanted = PageMerge.wanted(query);
        NewestJobs.View newest = jobs.newestOfAll();
        if (query.isForAll() && isBehindAll(newest, wanted)) {
            return JobPage.of(newest.first(wanted), query.limit());
        }
        List<JobRecord> inMemory;
        List<History.Entry> older;
        synchronized (this) {
            inMemory = jobs.first(query, wanted);
            boolean enough = inMemory.size() == wanted;
            long oldest = enough ? inMemory.get(wanted - 1).spec().createdUnixMs() : NEVER;
            older = history.newest(
                    query.statuses(),
                    PageMerge.mostOfHistory(query),
                    query.start(),
                    Math.max(oldest, query.sinceUnixMs()));
        }
        return older.isEmpty()
                ? JobPage.of(inMemory, query.limit())
                : new PageMerge(query, manifests, inMemory, older).page();
    }

    /** Whether the history has no job that belongs among the first of the jobs in memory, and no more of these are wanted. */
    private boolean isBehindAll(NewestJobs.View newest, int wanted) {
        return newest.jobs().size() >= wanted
                ? newest.jobs().get(wanted - 1).spec().createdUnixMs() > historyEndsUnixMs
                : newest.all() && historyEndsUnixMs == NEVER;
    }

    /** {@return what the next start is to find without reading all manifests} */
    synchronized Summary summary(FileTime stamp, long highestNumber) {
        List<JobId> live = new ArrayList<>();
        List<JobRecord> ended = new ArrayList<>();
        jobs.all().forEach(job -> {
            if (job.status().isTerminal()) {
                ended.add(job);
            } else {
                live.add(job.id());
            }
        });
        return new Summary(stamp, highestNumber, live, history.with(ended));
    }
}
