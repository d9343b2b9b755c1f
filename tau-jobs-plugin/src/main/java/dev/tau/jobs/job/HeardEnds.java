package dev.tau.jobs.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which ends a listener has heard of: all before a time, and some of those from then on. Immutable.
 *
 * @param sinceUnixMs all that ended before it are heard, in milliseconds since 1970-01-01 UTC
 * @param later of those that ended then or later, the heard ones, and when they ended, in milliseconds since 1970-01-01 UTC
 */
public record HeardEnds(long sinceUnixMs, Map<JobId, Long> later) {
    /** So many are told apart by their ids: more than end within any jump of a clock that is no fault. */
    private static final int MAX_LATER = 2_000;

    /** Copies the map. */
    public HeardEnds {
        later = Collections.unmodifiableMap(new LinkedHashMap<>(later));
    }

    /**
     * Whether an end was heard.
     *
     * @param id the job
     * @param finishedUnixMs when it ended
     * @return whether it was
     */
    public boolean contains(JobId id, long finishedUnixMs) {
        return finishedUnixMs < sinceUnixMs || later.containsKey(id);
    }

    /**
     * The same and more.
     *
     * @param heard ends that are heard now, and when they were
     * @return what is heard then
     */
    public HeardEnds with(Map<JobId, Long> heard) {
        Map<JobId, Long> all = new LinkedHashMap<>(later);
        all.putAll(heard);
        if (all.size() <= MAX_LATER) {
            return new HeardEnds(sinceUnixMs, all);
        }
        long[] times = all.values().stream().mapToLong(Long::longValue).sorted().toArray();
        long since = times[times.length - MAX_LATER / 2];
        // With all that ended in that very millisecond.
        all.values().removeIf(finished -> finished < since);
        return new HeardEnds(since, all);
    }
}
