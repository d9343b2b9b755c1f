package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPosition;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The jobs of a {@link History} in columns; what is of one job has the same position. Newest created first, ties by id.
 *
 * @param created when, unix ms
 * @param finished when, unix ms
 * @param flags how it ended, and whether it had been started
 * @param idEnds where its id ends among {@code ids}
 * @param ids all ids, one behind the other
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record HistoryColumns(long[] created, long[] finished, byte[] flags, int[] idEnds, byte[] ids) {
    private static final int STARTED = 0x80;

    HistoryColumns {
        if (finished.length != created.length
                || flags.length != created.length
                || idEnds.length != created.length
                || (created.length > 0 && idEnds[created.length - 1] != ids.length)) {
            throw new IllegalArgumentException("columns of different lengths");
        }
    }

    /** All that is kept of one job. */
    record Row(History.Entry entry, boolean started) {
        static Row of(JobRecord job) {
            return new Row(History.Entry.of(job), job.state().startedUnixMs() != null);
        }
    }

    static HistoryColumns of(List<Row> rows) {
        List<Row> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(Row::entry, History.Entry.NEWEST_FIRST));
        StringBuilder ids = new StringBuilder();
        int size = sorted.size();
        long[] created = new long[size];
        long[] finished = new long[size];
        byte[] flags = new byte[size];
        int[] idEnds = new int[size];
        for (int i = 0; i < size; i++) {
            History.Entry entry = sorted.get(i).entry();
            created[i] = entry.createdUnixMs();
            finished[i] = entry.finishedUnixMs();
            flags[i] = (byte) (code(entry.status()) | (sorted.get(i).started() ? STARTED : 0));
            ids.append(entry.id().value());
            idEnds[i] = ids.length();
        }
        byte[] bytes = ids.toString().getBytes(StandardCharsets.US_ASCII);
        return new HistoryColumns(created, finished, flags, idEnds, bytes);
    }

    private static int code(JobStatus status) {
        return switch (status) {
            case SUCCEEDED -> 1;
            case FAILED -> 2;
            case CANCELLED -> 3;
            case QUEUED, RUNNING -> throw new IllegalArgumentException("not ended: " + status);
        };
    }

    private static JobStatus status(byte flag) {
        return switch (flag & ~STARTED & 0xff) {
            case 1 -> JobStatus.SUCCEEDED;
            case 2 -> JobStatus.FAILED;
            case 3 -> JobStatus.CANCELLED;
            default -> throw new IllegalArgumentException("no state: " + flag);
        };
    }

    int size() {
        return created.length;
    }

    JobStatus status(int position) {
        return status(flags[position]);
    }

    boolean started(int position) {
        return (flags[position] & STARTED) != 0;
    }

    History.Entry entry(int position) {
        int start = idStart(position);
        String id = new String(ids, start, idEnds[position] - start, StandardCharsets.US_ASCII);
        return new History.Entry(new JobId(id), status(position), created[position], finished[position]);
    }

    Row row(int position) {
        return new Row(entry(position), started(position));
    }

    /** The position of the first job that stands behind a place. */
    int firstBehind(JobPosition place) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entry(middle).position().compareTo(place) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int idStart(int position) {
        return position == 0 ? 0 : idEnds[position - 1];
    }

    /** The hash of a job's id. */
    int hash(int position) {
        return hash(ids, idStart(position), idEnds[position]);
    }

    /** The hash of an id that may be one of these. */
    static int hash(byte[] id) {
        return hash(id, 0, id.length);
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash ^ (hash >>> 15);
    }

    boolean hasId(int position, byte[] id) {
        return Arrays.equals(ids, idStart(position), idEnds[position], id, 0, id.length);
    }
}
