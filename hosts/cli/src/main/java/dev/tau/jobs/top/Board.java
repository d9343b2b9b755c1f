package dev.tau.jobs.top;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.statedir.StateDirWatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/** What there is to show of some state dirs: what runs, then what waits, in the order in which it is started, then what has ended. */
final class Board {
    /** Of those that have ended; who looks for older ones lists them. */
    static final int MOST_ENDED = 1000;

    private static final Comparator<Row> RUNNING =
            Comparator.comparingLong((Row row) -> started(row.job())).thenComparing(Row::job, JobRecord.OLDEST_FIRST);
    private static final Comparator<Row> READY = Comparator.comparingInt(
                    (Row row) -> -row.job().spec().options().priority())
            .thenComparing(Row::job, JobRecord.OLDEST_FIRST);
    private static final Comparator<Row> ENDED_LAST_FIRST =
            Comparator.comparingLong((Row row) -> -finished(row.job())).thenComparing(Row::job, JobRecord.NEWEST_FIRST);

    private Board() {}

    static List<Row> rows(List<StateDirWatch> dirs, String filter, long nowMs) {
        List<Row> running = new ArrayList<>();
        List<Row> queued = new ArrayList<>();
        PriorityQueue<Row> ended = new PriorityQueue<>(ENDED_LAST_FIRST.reversed());
        String wanted = filter.toLowerCase(Locale.ROOT);
        for (StateDirWatch dir : dirs) {
            for (JobRecord job : dir.jobs()) {
                if (!matches(job, wanted)) {
                    continue;
                }
                Row row = new Row(dir, job);
                if (job.status() == JobStatus.RUNNING) {
                    running.add(row);
                } else if (job.status() == JobStatus.QUEUED) {
                    queued.add(row);
                } else {
                    ended.add(row);
                    if (ended.size() > MOST_ENDED) {
                        ended.remove();
                    }
                }
            }
        }
        running.sort(RUNNING);
        // What is to wait for something else than a worker is not started in its turn.
        queued.sort(Comparator.comparing((Row row) -> row.isHeldBack(nowMs)).thenComparing(READY));
        List<Row> last = new ArrayList<>(ended);
        last.sort(ENDED_LAST_FIRST);
        List<Row> rows = new ArrayList<>(running);
        rows.addAll(queued);
        rows.addAll(last);
        return rows;
    }

    private static boolean matches(JobRecord job, String wanted) {
        return wanted.isEmpty()
                || contains(job.id().value(), wanted)
                || contains(job.status().wireName(), wanted)
                || contains(job.state().reasonCode().wireName(), wanted)
                || contains(JobLine.called(job), wanted);
    }

    private static boolean contains(String text, String wanted) {
        return text.toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static long started(JobRecord job) {
        Long started = job.state().startedUnixMs();
        return started == null ? 0 : started;
    }

    private static long finished(JobRecord job) {
        Long finished = job.state().finishedUnixMs();
        return finished == null ? 0 : finished;
    }
}
