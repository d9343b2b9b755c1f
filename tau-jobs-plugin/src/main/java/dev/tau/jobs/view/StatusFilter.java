package dev.tau.jobs.view;

import dev.tau.jobs.job.JobStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words by which lists are filtered. */
public final class StatusFilter {
    /** What a model may choose from. */
    public static final List<String> WORDS =
            List.of("queued", "running", "succeeded", "failed", "cancelled", "canceled", "terminal");

    private StatusFilter() {}

    /**
     * The states that a word stands for.
     *
     * @param word one of {@link #WORDS}; null for all states
     * @return empty if the word is none of them
     */
    public static Optional<Set<JobStatus>> parse(@Nullable String word) {
        if (word == null) {
            return Optional.of(EnumSet.allOf(JobStatus.class));
        }
        if (word.equals("terminal")) {
            return Optional.of(EnumSet.of(JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED));
        }
        return JobStatus.ofWireName(word.equals("canceled") ? "cancelled" : word)
                .map(EnumSet::of);
    }
}
