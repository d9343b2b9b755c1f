package dev.tau.jobs.job;

import org.jspecify.annotations.Nullable;

/** What {@link Lifecycle#apply} decided. */
public sealed interface Transition {

    /**
     * The job changes.
     *
     * @param job the job as it is now
     * @param event what to tell of it, null if it is nobody's business
     */
    record Applied(JobRecord job, @Nullable JobEvent event) implements Transition {}

    /**
     * The job stays as it is: from its state, that can't happen.
     *
     * @param from the state
     * @param happening what can't happen
     */
    record Refused(JobStatus from, Happening happening) implements Transition {
        /** {@return a sentence that names both} */
        public String message() {
            return "a job that is " + from.wireName() + " takes no "
                    + happening.getClass().getSimpleName();
        }
    }
}
