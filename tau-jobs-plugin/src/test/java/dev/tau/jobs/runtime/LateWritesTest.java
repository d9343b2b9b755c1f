package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LateWritesTest {
    private static final JobId FIRST = new JobId("job-1-0001");
    private static final JobId SECOND = new JobId("job-2-0002");

    private final Housekeeper housekeeper = new Housekeeper();
    private final Map<JobId, Object> locks = new ConcurrentHashMap<>();
    private final LateWrites late = new LateWrites(housekeeper, id -> locks.computeIfAbsent(id, key -> new Object()));
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

    /** The lock of a job: whoever has it adds, or writes, and a write of another thread waits for it. */
    @Test
    void who_has_the_lock_of_a_job_waits_for_nobody_and_its_write_is_done_once() {
        CompletableFuture<Boolean> trying;
        synchronized (locks.computeIfAbsent(FIRST, key -> new Object())) {
            late.add(FIRST, () -> written.add("first"));
            trying = CompletableFuture.supplyAsync(late::tryForTheLastTime);
            late.add(SECOND, () -> written.add("second"));
            assertThatCode(() -> late.write(FIRST)).doesNotThrowAnyException();
            assertThat(written).contains("first");
        }
        assertThat(trying.join()).isTrue();
        await().untilAsserted(() -> assertThat(written).containsExactlyInAnyOrder("first", "second"));
    }

    @Test
    void a_write_that_is_asked_for_and_fails_is_left_for_later() {
        boolean[] full = {true};
        late.add(FIRST, () -> {
            if (full[0]) {
                throw new IOException("full");
            }
            written.add("first");
        });
        assertThatThrownBy(() -> late.write(FIRST)).hasMessage("full");
        full[0] = false;
        assertThat(late.tryForTheLastTime()).isTrue();
        assertThat(written).containsExactly("first");
    }
}
