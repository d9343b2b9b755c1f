package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.statedir.StateDirFiles.Read;
import java.util.LinkedHashMap;
import java.util.Map;

/** state.json can be read, and its counters add up and fit the manifests. */
final class StateCheck implements Check {
    @Override
    public void run(Examined dir, Findings out) {
        Read<Snapshot> read = dir.files().counters();
        Snapshot snapshot = read.value();
        String file = dir.relative(dir.places().snapshot());
        switch (read.verdict()) {
            case GOOD -> {
                // A snapshot of a live owner lags behind its jobs.
                if (snapshot != null && !dir.owned() && dir.allCounted()) {
                    checkCounters(dir, file, snapshot, out);
                }
            }
            case INVALID ->
                out.quarantine(
                        Kind.BROKEN_STATE,
                        dir,
                        dir.places().snapshot(),
                        "It " + read.why() + "; the next start makes a new one from the manifests.");
            case NEWER ->
                out.tell(
                        Kind.NEWER_VERSION,
                        file,
                        "It " + read.why() + ".",
                        "use the newer tau-jobs; the whole directory is left as it is");
            case UNREADABLE ->
                out.tell(Kind.UNREADABLE, file, "It " + read.why() + ".", "look at the disk and at who owns the file");
            case ABSENT -> {
                // The next start makes one.
            }
        }
    }

    private static void checkCounters(Examined dir, String file, Snapshot snapshot, Findings out) {
        Map<String, Long> found = found(snapshot);
        Map<String, Long> right = right(dir, snapshot);
        Map<String, Long> wrong = new LinkedHashMap<>(right);
        wrong.entrySet().removeAll(found.entrySet());
        if (wrong.isEmpty()) {
            return;
        }
        StringBuilder what = new StringBuilder();
        wrong.forEach((name, value) -> what.append(what.isEmpty() ? "" : ", ")
                .append(name)
                .append(" is ")
                .append(found.get(name))
                .append(" instead of ")
                .append(value));
        out.mendable(
                Kind.COUNTERS,
                file,
                what.append('.').toString(),
                "--repair sets them from the manifests, as the next start does",
                () -> {
                    dir.files().replaceCounters(wrong);
                    return "set from the manifests";
                });
    }

    private static Map<String, Long> found(Snapshot snapshot) {
        Map<String, Long> found = new LinkedHashMap<>();
        found.put("queue_depth", snapshot.queueDepth());
        found.put("running_jobs", snapshot.runningJobs());
        found.put("succeeded_total", snapshot.succeededTotal());
        found.put("failed_total", snapshot.failedTotal());
        found.put("cancelled_total", snapshot.cancelledTotal());
        found.put("created_total", snapshot.createdTotal());
        return found;
    }

    /** As a start sets them: totals may remember jobs whose files were removed by hand, so they never fall. */
    private static Map<String, Long> right(Examined dir, Snapshot snapshot) {
        Map<String, Long> right = found(snapshot);
        right.put("queue_depth", count(dir, JobStatus.QUEUED));
        right.put("running_jobs", count(dir, JobStatus.RUNNING));
        Snapshot.Removed removed = snapshot.removed();
        right.merge("succeeded_total", count(dir, JobStatus.SUCCEEDED) + removed.succeeded(), Math::max);
        right.merge("failed_total", count(dir, JobStatus.FAILED) + removed.failed(), Math::max);
        right.merge("cancelled_total", count(dir, JobStatus.CANCELLED) + removed.cancelled(), Math::max);
        right.remove("created_total");
        long sum = right.values().stream().mapToLong(Long::longValue).sum();
        right.put("created_total", sum);
        return right;
    }

    private static long count(Examined dir, JobStatus status) {
        return dir.jobs().values().stream()
                .filter(job -> job.status() == status)
                .count();
    }
}
