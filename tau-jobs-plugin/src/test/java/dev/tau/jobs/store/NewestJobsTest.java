package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class NewestJobsTest {
    private static final int MOST = 3;

    private final NewestJobs newest = new NewestJobs(MOST);
    private final Map<String, JobRecord> all = new HashMap<>();

    private void put(JobRecord job) {
        all.put(job.id().value(), job);
        newest.put(job, all.size());
    }

    private void remove(String id) {
        JobRecord job = all.remove(id);
        if (job != null) {
            newest.remove(job, all.size());
        }
    }

    private static List<JobRecord> sorted(Collection<JobRecord> jobs) {
        return jobs.stream().sorted(JobRecord.NEWEST_FIRST).toList();
    }

    @Test
    void as_many_as_asked_for_are_kept() {
        for (int i = 1; i <= 5; i++) {
            put(Jobs.queued("job-" + i, i));
        }
        assertThat(newest.view().jobs()).extracting(job -> job.id().value()).containsExactly("job-5", "job-4", "job-3");
        assertThat(newest.view().all()).isFalse();
    }

    @Test
    void a_view_does_not_change() {
        put(Jobs.queued("job-1", 1));
        NewestJobs.View before = newest.view();
        put(Jobs.queued("job-2", 2));
        remove("job-1");
        assertThat(before.jobs()).extracting(job -> job.id().value()).containsExactly("job-1");
    }

    /** Behind the last of them there was another, which is newer than the next that comes. */
    @Test
    void what_comes_behind_the_last_is_not_taken_for_the_next() {
        for (int i = 1; i <= 4; i++) {
            put(Jobs.queued("job-" + i, 10L * i));
        }
        remove("job-4");
        put(Jobs.queued("job-5", 5));
        assertThat(newest.view().jobs()).extracting(job -> job.id().value()).containsExactly("job-3", "job-2");
    }

    @Test
    void after_the_last_has_gone_it_fills_again() {
        for (int i = 1; i <= 4; i++) {
            put(Jobs.queued("job-" + i, i));
        }
        for (int i = 4; i >= 1; i--) {
            remove("job-" + i);
        }
        assertThat(newest.view()).isEqualTo(new NewestJobs.View(List.of(), true));
        put(Jobs.queued("job-0", 0));
        assertThat(newest.view().jobs()).hasSize(1);
        assertThat(newest.view().all()).isTrue();
    }

    private interface Change {
        void make(NewestJobsTest jobs);
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        // Times tie, so that ids decide; two states, so that a job is replaced where it stands.
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 8);
        Arbitrary<Change> puts = Combinators.combine(numbers, Arbitraries.of(true, false))
                .as((number, queued) -> jobs -> {
                    String id = "job-" + number;
                    jobs.put(queued ? Jobs.queued(id, number % 4) : Jobs.running(id, number % 4));
                });
        Arbitrary<Change> removals = numbers.map(number -> jobs -> jobs.remove("job-" + number));
        return Arbitraries.frequencyOf(Tuple.of(3, puts), Tuple.of(2, removals))
                .list()
                .ofMaxSize(60);
    }

    /** It may know fewer than there are, but it never leaves out one that stands before one that it knows. */
    @Property
    void it_is_the_beginning_of_the_sorted_list_of_all(@ForAll("changes") List<Change> changes) {
        NewestJobsTest jobs = new NewestJobsTest();
        for (Change change : changes) {
            change.make(jobs);
            NewestJobs.View view = jobs.newest.view();
            assertThat(view.jobs()).hasSizeLessThanOrEqualTo(MOST);
            assertThat(view.jobs())
                    .isEqualTo(sorted(jobs.all.values()).subList(0, view.jobs().size()));
            assertThat(view.all()).isEqualTo(view.jobs().size() == jobs.all.size());
        }
    }
}
