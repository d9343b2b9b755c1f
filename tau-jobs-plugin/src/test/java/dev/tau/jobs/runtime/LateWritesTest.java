package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LateWritesTest {
    private static final JobId FIRST = new JobId("job-1-0001");
    private static final JobId SECOND = new JobId("job-2-0002");

    private final Housekeeper housekeeper = new Housekeeper();
    private final LateWrites late = new LateWrites(housekeeper);
    private final List<String> written = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        housekeeper.close();
    }

    @Test
    void a_write_is_tried_until_it_works_and_done_once() {
        int[] failures = {2};
        late.add(FIRST, () -> {
            if (failures[0]-- > 0) {
                throw new IOException("full");
            }
            written.add("first");
        });
        late.add(SECOND, () -> written.add("second"));

        assertThat(late.tryForTheLastTime()).isTrue();
        assertThat(late.tryForTheLastTime()).isTrue();
        assertThat(written).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void one_that_never_works_keeps_no_other_from_being_written() {
        List<JobId> ids =
                IntStream.range(0, 20).mapToObj(i -> new JobId("job-" + i)).toList();
        late.add(FIRST, () -> {
            throw new IOException("too long");
        });
        ids.forEach(id -> late.add(id, () -> written.add(id.value())));

        assertThat(late.tryForTheLastTime()).isFalse();
        assertThat(written)
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(JobId::value).toList());
    }

    @Test
    void what_never_works_is_given_up_at_the_end() {
        late.add(FIRST, () -> {
            throw new IOException("full");
        });

        assertThat(late.tryForTheLastTime()).isFalse();
    }

    /** The lock of a job: whoever has it adds, and a write takes it. */
    @Test
    void who_adds_with_a_lock_that_a_write_waits_for_does_not_wait_for_that_write() {
        Object lock = new Object();
        CountDownLatch writing = new CountDownLatch(1);
        CompletableFuture<Void> trying;
        synchronized (lock) {
            late.add(FIRST, () -> {
                writing.countDown();
                synchronized (lock) {
                    written.add("first");
                }
            });
            trying = CompletableFuture.runAsync(late::tryForTheLastTime);
            await().until(() -> writing.getCount() == 0);
            late.add(SECOND, () -> written.add("second"));
        }
        trying.join();
        await().untilAsserted(() -> assertThat(written).containsExactlyInAnyOrder("first", "second"));
    }
}
