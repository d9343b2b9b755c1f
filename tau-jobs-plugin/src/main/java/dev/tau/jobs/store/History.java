package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPosition;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.store.HistoryColumns.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that ended long ago, with what lists and retention need of each, in some 45 bytes; all else is in its manifest. Newest
 * created first, ties by id. Jobs can be taken out, not added. Safe for several threads.
 */
public final class History {
    /** Positions and times are packed into one number where they are sorted. */
    static final int MAX_JOBS = 1 << 22;

    private static final int NONE = -1;

    /**
     * A job of a history.
     *
     * @param id which
     * @param status in which state it ended
     * @param createdUnixMs when it was created
     * @param finishedUnixMs when it ended, or what its manifest knows of that
     */
    public record Entry(JobId id, JobStatus status, long createdUnixMs, long finishedUnixMs) {
        /** As of a list of jobs. */
        static final Comparator<Entry> NEWEST_FIRST = Comparator.comparing(Entry::position);

        /** Those that ended first come first. */
        public static final Comparator<Entry> ENDED_FIRST =
                Comparator.comparingLong(Entry::finishedUnixMs).thenComparing(Entry::id);

        /**
         * Where the job stands in lists.
         *
         * @return its position
         */
        public JobPosition position() {
            return new JobPosition(createdUnixMs, id);
        }

        /**
         * What a history keeps of a job.
         *
         * @param job one that has ended
         * @return the entry
         */
        public static Entry of(JobRecord job) {
            Long finished = job.state().finishedUnixMs();
            return new Entry(
                    job.id(),
                    job.status(),
                    job.spec().createdUnixMs(),
                    finished == null ? job.state().updatedUnixMs() : finished);
        }
    }

    private final HistoryColumns columns;
    private final BitSet removed = new BitSet();
    private final Map<JobStatus, Integer> counts = new EnumMap<>(JobStatus.class);
    private long started;
    /** Positions by the hash of their ids, made when somebody looks one up. */
    private int @Nullable [] byId;
    /** Positions by the time of their ends, made when somebody asks who ended first. */
    private int @Nullable [] byEnd;

    private int firstEnd;

    History(HistoryColumns columns) {
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            counts.merge(columns.status(i), 1, Integer::sum);
            started += columns.started(i) ? 1 : 0;
        }
    }

    /** {@return one without jobs} */
    public static History none() {
        return of(List.of());
    }

    /** What is to be kept of jobs that have ended. */
    static History of(Collection<JobRecord> ended) {
        return new History(HistoryColumns.of(ended.stream().map(Row::of).toList()));
    }

    /** A history with more jobs, none of which is in this one. */
    synchronized History with(Collection<JobRecord> ended) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (!removed.get(i)) {
                rows.add(columns.row(i));
            }
        }
        ended.forEach(job -> rows.add(Row.of(job)));
        return new History(HistoryColumns.of(rows));
    }

    HistoryColumns columns() {
        return columns;
    }

    /** {@return how many jobs are in it} */
    public synchronized int size() {
        return columns.size() - removed.cardinality();
    }

    /**
     * How many of its jobs ended in a state.
     *
     * @param status the state
     * @return the number
     */
    public synchronized int count(JobStatus status) {
        return counts.getOrDefault(status, 0);
    }

    /** {@return how many of its jobs had been started} */
    public synchronized long started() {
        return started;
    }

    /** Whether a job is in it. */
    synchronized boolean contains(JobId id) {
        return positionOf(id) != NONE;
    }

    /** Null if it is not here. */
    synchronized @Nullable JobStatus status(JobId id) {
        int position = positionOf(id);
        return position == NONE ? null : columns.status(position);
    }

    /** Takes a job out; returns whether it was there. */
    synchronized boolean remove(JobId id) {
        int position = positionOf(id);
        if (position == NONE) {
            return false;
        }
        removed.set(position);
        counts.merge(columns.status(position), -1, Integer::sum);
        started -= columns.started(position) ? 1 : 0;
        return true;
    }

    /** {@return the newest of some states that stand behind a place and were created at some time or after it, newest first} */
    synchronized List<Entry> newest(Set<JobStatus> statuses, int limit, @Nullable JobPosition after, long notBefore) {
        List<Entry> newest = new ArrayList<>();
        if (statuses.stream().allMatch(status -> count(status) == 0)) {
            return newest;
        }
        for (int i = after == null ? 0 : columns.firstBehind(after);
                i < columns.size() && newest.size() < limit && columns.created()[i] >= notBefore;
                i++) {
            if (statuses.contains(columns.status(i)) && !removed.get(i)) {
                newest.add(columns.entry(i));
            }
        }
        return newest;
    }

    /** {@return those that ended at a time or later, in no order} */
    synchronized List<Entry> endedSince(long unixMs) {
        List<Entry> ended = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.finished()[i] >= unixMs && !removed.get(i)) {
                ended.add(columns.entry(i));
            }
        }
        return ended;
    }

    /**
     * The jobs that ended before all others of it.
     *
     * @param limit how many at the most
     * @return those that ended first come first
     */
    public synchronized List<Entry> endedFirst(int limit) {
        int[] order = byEnd;
        if (order == null) {
            order = sortByEnd();
            byEnd = order;
        }
        while (firstEnd < order.length && removed.get(order[firstEnd])) {
            firstEnd++;
        }
        List<Entry> first = new ArrayList<>();
        for (int i = firstEnd; i < order.length && first.size() < limit; i++) {
            if (!removed.get(order[i])) {
                first.add(columns.entry(order[i]));
            }
        }
        return first;
    }

    private int[] sortByEnd() {
        long[] keys = new long[columns.size()];
        for (int i = 0; i < keys.length; i++) {
            // Times beyond 41 bits, the year 2039, would not fit: they count as that late.
            long finished = Math.max(0, Math.min(columns.finished()[i], Long.MAX_VALUE / MAX_JOBS));
            keys[i] = finished * MAX_JOBS + i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) (keys[i] % MAX_JOBS);
        }
        return order;
    }

    private int positionOf(JobId id) {
        int[] table = byId;
        if (table == null) {
            table = hashIds();
            byId = table;
        }
        byte[] wanted = id.value().getBytes(StandardCharsets.US_ASCII);
        for (int slot = HistoryColumns.hash(wanted) & (table.length - 1);
                table[slot] != NONE;
                slot = (slot + 1) & (table.length - 1)) {
            int position = table[slot];
            if (columns.hasId(position, wanted)) {
                return removed.get(position) ? NONE : position;
            }
        }
        return NONE;
    }

    private int[] hashIds() {
        int[] table = new int[Integer.highestOneBit(Math.max(1, columns.size())) * 4];
        Arrays.fill(table, NONE);
        for (int position = 0; position < columns.size(); position++) {
            int slot = columns.hash(position) & (table.length - 1);
            while (table[slot] != NONE) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = position;
        }
        return table;
    }
}
