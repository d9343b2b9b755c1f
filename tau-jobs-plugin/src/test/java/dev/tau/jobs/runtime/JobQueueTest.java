package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobId;
import org.junit.jupiter.api.Test;

/** The queue in one thread; several are JobQueueLinearizabilityTest's. */
class JobQueueTest {
    private static final JobId FIRST = new JobId("z");
    private static final JobId SECOND = new JobId("a");
    private static final JobId THIRD = new JobId("m");

    private final JobQueue queue = new JobQueue();

    @Test
    void the_first_in_is_the_first_out() {
        queue.add(FIRST, 0);
        queue.add(SECOND, 0);
        queue.add(THIRD, 0);

        assertThat(queue.take()).isEqualTo(FIRST);
        assertThat(queue.take()).isEqualTo(SECOND);
        assertThat(queue.take()).isEqualTo(THIRD);
    }

    @Test
    void a_job_that_waits_already_keeps_its_place_and_is_taken_once() {
        queue.add(FIRST, 0);
        queue.add(SECOND, 0);
        queue.add(FIRST, 0);
        queue.add(THIRD, 0);

        assertThat(queue.take()).isEqualTo(FIRST);
        assertThat(queue.take()).isEqualTo(SECOND);
        assertThat(queue.take()).isEqualTo(THIRD);
    }

    @Test
    void a_removed_job_is_not_taken_and_need_not_have_been_there() {
        queue.remove(THIRD);
        queue.add(FIRST, 0);
        queue.add(SECOND, 0);
        queue.remove(FIRST);

        assertThat(queue.take()).isEqualTo(SECOND);
    }

    @Test
    void nothing_is_taken_from_a_closed_queue_though_jobs_wait() {
        queue.add(FIRST, 0);
        queue.close();

        assertThat(queue.take()).isNull();
        queue.add(SECOND, 0);
        assertThat(queue.take()).isNull();
    }
}
