package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JobIndexTest {
    private final JobIndex index = new JobIndex();

    @Test
    void a_job_that_moves_on_leaves_its_old_state() {
        JobRecord job = Jobs.queued("job-1-0001", 1);
        index.put(job);
        JobRecord started = Jobs.after(job, new Happening.Started());
        index.put(started);

        assertThat(index.get(job.id())).isSameAs(started);
        assertThat(index.count(JobStatus.QUEUED)).isZero();
        assertThat(index.count(JobStatus.RUNNING)).isOne();
        assertThat(index.newest(EnumSet.allOf(JobStatus.class), 10)).containsExactly(started);
    }

    @Test
    void a_job_that_is_removed_is_nowhere_and_need_not_have_been_there() {
        JobRecord job = Jobs.queued("job-1-0001", 1);
        index.put(job);

        index.remove(job.id());
        index.remove(job.id());

        assertThat(index.get(job.id())).isNull();
        assertThat(index.count(JobStatus.QUEUED)).isZero();
        assertThat(index.newest(EnumSet.allOf(JobStatus.class), 10)).isEmpty();
    }

    @Test
    void the_newest_come_first_whatever_their_state_up_to_the_limit() {
        JobRecord oldest = Jobs.running("job-1-0001", 1);
        JobRecord tieA = Jobs.succeeded("job-2-000a", 2);
        JobRecord tieB = Jobs.queued("job-2-000b", 2);
        JobRecord newest = Jobs.running("job-3-0004", 3);
        List.of(tieB, oldest, newest, tieA).forEach(index::put);
        Set<JobStatus> all = EnumSet.allOf(JobStatus.class);

        assertThat(index.newest(all, 10)).containsExactly(newest, tieA, tieB, oldest);
        assertThat(index.newest(all, 4)).containsExactly(newest, tieA, tieB, oldest);
        assertThat(index.newest(all, 3)).containsExactly(newest, tieA, tieB);
        assertThat(index.newest(all, 0)).isEmpty();
        assertThat(index.newest(EnumSet.of(JobStatus.RUNNING), 10)).containsExactly(newest, oldest);
        assertThat(index.newest(Set.of(), 10)).isEmpty();
    }

    private interface Change {
        void make(JobIndex index, Map<JobId, JobRecord> model);
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<String> ids = Arbitraries.integers().between(1, 8).map(number -> "job-" + number);
        Arbitrary<Change> removals = ids.map(JobId::new).map(id -> (index, model) -> {
            index.remove(id);
            model.remove(id);
        });
        Arbitrary<JobRecord> jobs = Combinators.combine(
                        ids, Arbitraries.integers().between(0, 2))
                // A job's age does not change while it is in the index.
                .as((id, state) -> switch (state) {
                    case 0 -> Jobs.queued(id, id.charAt(4) % 3);
                    case 1 -> Jobs.running(id, id.charAt(4) % 3);
                    default -> Jobs.succeeded(id, id.charAt(4) % 3);
                });
        Arbitrary<Change> puts = jobs.map(job -> (index, model) -> {
            index.put(job);
            model.put(job.id(), job);
        });
        return Arbitraries.frequencyOf(Tuple.of(3, puts), Tuple.of(1, removals))
                .list()
                .ofMaxSize(40);
    }

    @Property
    void it_answers_as_a_sorted_list_would(
            @ForAll("changes") List<Change> changes,
            @ForAll Set<JobStatus> statuses,
            @ForAll @IntRange(max = 10) int limit) {
        JobIndex index = new JobIndex();
        Map<JobId, JobRecord> model = new HashMap<>();
        changes.forEach(change -> change.make(index, model));

        assertThat(index.newest(statuses, limit))
                .isEqualTo(model.values().stream()
                        .filter(job -> statuses.contains(job.status()))
                        .sorted(JobRecord.NEWEST_FIRST)
                        .limit(limit)
                        .toList());
        for (JobStatus status : JobStatus.values()) {
            assertThat(index.count(status)).isEqualTo((int) model.values().stream()
                    .filter(job -> job.status() == status)
                    .count());
        }
        model.forEach((id, job) -> assertThat(index.get(id)).isSameAs(job));
    }

    @Test
    void a_limit_holds_also_where_history_and_memory_tie() {
        JobRecord older = Jobs.succeeded("job-2-000a", 2);
        JobIndex withHistory = new JobIndex(History.of(List.of(older)), id -> Optional.of(older));
        withHistory.put(Jobs.succeeded("job-2-000b", 2));

        assertThat(withHistory.newest(Set.of(JobStatus.SUCCEEDED), 1)).containsExactly(older);
    }
}
