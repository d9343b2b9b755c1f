package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of jobs, and their manifests do not show yet: of each job the last change. A change whose caller waits for its
 * sync is taken back if that fails; one that nobody waits for is appended again, as it has been told to be so. Safe for several threads.
 */
final class WantedManifests {
    /** Each sync that fails costs a segment of the journal. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

    private final Map<JobId, Wanted> wanted = new ConcurrentHashMap<>();
    private final Function<JobId, Object> locks;
    private volatile long syncFailedAt = System.nanoTime() - PAUSE_AFTER_FAILURE.toNanos();

    /**
     * What a manifest is to be.
     *
     * @param content null if neither it nor the job's outputs are to be there
     * @param number of the change
     * @param position where the journal says so; null if that is on disk for good
     * @param awaited whether somebody waits for its sync, and takes it back if that fails
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity alone
    record Wanted(byte @Nullable [] content, long number, JournalSegment.@Nullable Position position, boolean awaited) {
        /** One that the journal on disk says for good. */
        static Wanted sure(byte @Nullable [] content) {
            return new Wanted(content, 0, null, false);
        }
    }

    /**
     * Nothing yet.
     *
     * @param locks the lock of each job, with which its manifest is written
     */
    WantedManifests(Function<JobId, Object> locks) {
        this.locks = locks;
    }

    /** Something that is to be written, until somebody does. */
    final class Change {
        private final JobId id;
        private final Wanted now;
        private final @Nullable Wanted before;

        private Change(JobId id, Wanted now) {
            this.id = id;
            this.now = now;
            this.before = wanted.put(id, now);
        }

        /** It is not sure to have happened. If somebody has written it already, it stays. */
        void takeBack() {
            synchronized (locks.apply(id)) {
                wanted.computeIfPresent(id, (key, latest) -> latest.equals(now) ? before : latest);
            }
        }
    }

    /**
     * Appends changes to the journal, and remembers what the manifests are to be then: in one step, so that whoever learns
     * from the journal what a segment names learns from here what is to be written.
     *
     * @return where they were appended, and what to take back if they can't be synced
     */
    Appended append(Journal journal, List<JournalEntry> changes) throws IOException {
        synchronized (journal) {
            JournalSegment.Position position = journal.append(changes);
            return new Appended(
                    position,
                    changes.stream()
                            .map(change -> new Change(
                                    change.id(), new Wanted(change.manifest(), change.number(), position, true)))
                            .toList());
        }
    }

    /** Appends a change whose sync nobody waits for: it is synced before it is written. */
    void appendSoon(Journal journal, JournalEntry change) throws IOException {
        synchronized (journal) {
            JournalSegment.Position position = journal.append(List.of(change));
            wanted.put(change.id(), new Wanted(change.manifest(), change.number(), position, false));
        }
    }

    /**
     * Changes that are in the journal.
     *
     * @param position where
     * @param changes what they change
     */
    record Appended(JournalSegment.Position position, List<Change> changes) {}

    /** Says what a manifest is to be, as the journal on disk says for good. */
    void put(JobId id, byte @Nullable [] content) {
        wanted.put(id, Wanted.sure(content));
    }

    /** The same, unless something else is wanted already. */
    void putIfAbsent(JobId id, byte[] content) {
        wanted.putIfAbsent(id, Wanted.sure(content));
    }

    /** It was written. What somebody has wanted since stays. */
    void written(JobId id, Wanted now) {
        wanted.remove(id, now);
    }

    boolean isEmpty() {
        return wanted.isEmpty();
    }

    Set<JobId> ids() {
        return wanted.keySet();
    }

    /** What is wanted of a job, once the journal is sure to say so; null if nothing is. */
    @Nullable
    Wanted synced(JobId id) throws IOException {
        Wanted now = wanted.get(id);
        JournalSegment.Position position = now == null ? null : now.position();
        if (now == null || position == null) {
            return now;
        }
        if (position.isLost()) {
            if (now.awaited() || System.nanoTime() - syncFailedAt < PAUSE_AFTER_FAILURE.toNanos()) {
                throw new IOException("the journal could not be synced a moment ago");
            }
            now = appendAgain(id, now, position.journal());
            position = now == null ? null : now.position();
            if (position == null) {
                return now;
            }
        }
        try {
            position.sync();
        } catch (IOException e) {
            syncFailedAt = System.nanoTime();
            throw e;
        }
        return now;
    }

    /** To another segment, under its number: if both are read again one day, they say the same. */
    private @Nullable Wanted appendAgain(JobId id, Wanted lost, Journal journal) throws IOException {
        synchronized (journal) {
            Wanted latest = wanted.get(id);
            if (latest == null || !latest.equals(lost)) {
                return latest; // changed again meanwhile
            }
            JournalSegment.Position position =
                    journal.append(List.of(new JournalEntry(id, lost.number(), lost.content())));
            Wanted again = new Wanted(lost.content(), lost.number(), position, false);
            wanted.put(id, again);
            return again;
        }
    }
}
