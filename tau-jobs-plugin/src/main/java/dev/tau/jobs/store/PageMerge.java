package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobPosition;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes one page of jobs in memory and jobs of a history, whose manifests it reads as far as the page shows them. */
final class PageMerge {
    private static final System.Logger LOG = System.getLogger(PageMerge.class.getName());
    /** A label stands in the manifest alone: one page reads no more of them, some 0.1 s. */
    private static final int MAX_READ = 2_000;

    private final JobQuery query;
    private final JobIndex.Manifests manifests;
    private final Iterator<JobRecord> inMemory;
    private final Iterator<History.Entry> older;
    private final boolean olderLeft;
    private final List<JobRecord> merged = new ArrayList<>();

    /**
     * A merge of what a query asks for.
     *
     * @param inMemory newest first
     * @param older newest first, as many as {@link #mostOfHistory} says if there are so many
     */
    PageMerge(JobQuery query, JobIndex.Manifests manifests, List<JobRecord> inMemory, List<History.Entry> older) {
        this.query = query;
        this.manifests = manifests;
        this.inMemory = inMemory.iterator();
        this.older = older.iterator();
        this.olderLeft = older.size() == mostOfHistory(query);
    }

    /** How many jobs a page needs to know of to show those that a query wants, and to tell whether there are more. */
    static int wanted(JobQuery query) {
        return query.limit() == Integer.MAX_VALUE ? query.limit() : query.limit() + 1;
    }

    /** How many jobs of a history a page of a query looks at. */
    static int mostOfHistory(JobQuery query) {
        return query.label() == null ? wanted(query) : Math.max(wanted(query), MAX_READ);
    }

    /** {@return the page; to be called once} */
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
