package dev.tau.jobs.tool;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** In which order many jobs are cancelled. */
final class CancelOrder {
    private CancelOrder() {}

    /**
     * Those that wait before those that run: else one of them would start in the place of each that is ended. Of those that wait,
     * one that waits for another comes before it: else it would fail, as that one has not succeeded.
     */
    static Set<JobId> of(Collection<JobRecord> jobs) {
        Map<JobId, JobRecord> waiting = new LinkedHashMap<>();
        jobs.stream().filter(job -> job.status() == JobStatus.QUEUED).forEach(job -> waiting.put(job.id(), job));
        Map<JobId, Integer> followers = new HashMap<>();
        waiting.values().forEach(job -> after(job).forEach(before -> followers.merge(before, 1, Integer::sum)));
        Deque<JobRecord> last = new ArrayDeque<>(waiting.values());
        last.removeIf(job -> followers.containsKey(job.id()));
        Set<JobId> order = new LinkedHashSet<>();
        for (JobRecord job = last.poll(); job != null; job = last.poll()) {
            order.add(job.id());
            for (JobId id : after(job)) {
                JobRecord before = waiting.get(id);
                if (before != null && followers.merge(id, -1, Integer::sum) == 0) {
                    last.add(before);
                }
            }
        }
        // Also those that wait for each other, as somebody has edited their manifests.
        order.addAll(waiting.keySet());
        jobs.forEach(job -> order.add(job.id()));
        return order;
    }

    private static Collection<JobId> after(JobRecord job) {
        return job.spec().options().after();
    }
}
