package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever several threads do to the index at once, each sees what it would see if they took turns. By stress alone: model
 * checking takes each call of the JDK's maps for one step and switches nowhere within our methods, so it would find nothing.
 */
@Tag("linearizability")
class JobIndexLinearizabilityTest {
    private static final boolean DEEP = Boolean.getBoolean("tau.jobs.deep");

    /** What threads do to one index; what it does in one thread is JobIndexTest's. */
    @Param(name = "job", gen = IntGen.class, conf = "1:3")
    @Param(name = "status", gen = IntGen.class, conf = "0:2")
    public static class Index {
        private static final JobStatus[] STATUSES = {JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.SUCCEEDED};
        private final JobIndex index = new JobIndex();

        /** Adds or replaces a job. */
        @Operation
        public void put(@Param(name = "job") int job, @Param(name = "status") int status) {
            String id = "job-" + job;
            index.put(
                    switch (STATUSES[status]) {
                        case QUEUED -> Jobs.queued(id, job);
                        case RUNNING -> Jobs.running(id, job);
                        case SUCCEEDED, FAILED, CANCELLED -> Jobs.succeeded(id, job);
                    });
        }

        /** Forgets a job. */
        @Operation
        public void remove(@Param(name = "job") int job) {
            index.remove(new JobId("job-" + job));
        }

        /** {@return its state, null if there is none} */
        @Operation
        public @Nullable JobStatus get(@Param(name = "job") int job) {
            JobRecord found = index.inMemory(new JobId("job-" + job));
            return found == null ? null : found.status();
        }

        /** {@return those in a state, newest first} */
        @Operation
        public List<String> inState(@Param(name = "status") int status) {
            return newest(EnumSet.of(STATUSES[status]));
        }

        /** {@return all, newest first} */
        @Operation
        public List<String> newest() {
            return newest(EnumSet.allOf(JobStatus.class));
        }

        private List<String> newest(Set<JobStatus> statuses) {
            return index.newest(statuses, 10).stream()
                    .map(job -> job.id() + " " + job.status())
                    .toList();
        }
    }

    @Test
    void threads_that_run_at_once_see_the_index_as_if_they_took_turns() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(DEEP ? 100 : 10)
                .invocationsPerIteration(DEEP ? 5_000 : 500)
                .check(Index.class);
    }
}
