package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobPosition;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class JobIndexTest {
    private final JobIndex index = new JobIndex();

    @Test
    void a_job_that_moves_on_leaves_its_old_state() {
        JobRecord job = Jobs.queued("job-1-0001", 1);
        index.put(job);
        JobRecord started = Jobs.after(job, new Happening.Started());
        index.put(started);

        assertThat(index.inMemory(job.id())).isSameAs(started);
        assertThat(index.newest(EnumSet.of(JobStatus.QUEUED), 10)).isEmpty();
        assertThat(index.newest(EnumSet.of(JobStatus.RUNNING), 10)).containsExactly(started);
        assertThat(index.newest(EnumSet.allOf(JobStatus.class), 10)).containsExactly(started);
    }

    @Test
    void a_job_that_is_removed_is_nowhere_and_need_not_have_been_there() {
        JobRecord job = Jobs.queued("job-1-0001", 1);
        index.put(job);

        index.remove(job.id());
        index.remove(job.id());

        assertThat(index.inMemory(job.id())).isNull();
        assertThat(index.newest(EnumSet.of(JobStatus.QUEUED), 10)).isEmpty();
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
            assertThat(index.newest(EnumSet.of(status), changes.size()))
                    .containsExactlyInAnyOrderElementsOf(model.values().stream()
                            .filter(job -> job.status() == status)
                            .toList());
        }
        model.forEach((id, job) -> assertThat(index.inMemory(id)).isSameAs(job));
    }

    /** Some in memory, the others in a history; every second one has a label. */
    @Property
    void pages_show_what_one_list_does_in_the_same_order(
            @ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> created,
            @ForAll @IntRange(max = 30) int older,
            @ForAll boolean labelled,
            @ForAll @IntRange(max = 6) int since,
            @ForAll @IntRange(max = 7) int until,
            @ForAll @IntRange(min = 1, max = 7) int limit) {
        List<JobRecord> jobs = new ArrayList<>();
        for (int i = 0; i < created.size(); i++) {
            jobs.add(Jobs.labelled(Jobs.succeeded("job-" + i, created.get(i)), i % 2 == 0 ? "even" : null));
        }
        int inHistory = Math.min(older, jobs.size());
        Map<JobId, JobRecord> manifests = new HashMap<>();
        jobs.subList(0, inHistory).forEach(job -> manifests.put(job.id(), job));
        JobIndex paged = new JobIndex(History.of(manifests.values()), id -> Optional.ofNullable(manifests.get(id)));
        jobs.subList(inHistory, jobs.size()).forEach(paged::put);
        String label = labelled ? "even" : null;

        List<JobRecord> shown = new ArrayList<>();
        JobPosition after = null;
        do {
            JobPage page = paged.page(new JobQuery(Set.of(JobStatus.SUCCEEDED), label, since, until, after, limit));
            assertThat(page.jobs()).hasSizeLessThanOrEqualTo(limit);
            // Else it would never end.
            assertThat(page.next() == null || !page.next().equals(after)).isTrue();
            shown.addAll(page.jobs());
            after = page.next();
        } while (after != null);

        assertThat(shown)
                .isEqualTo(jobs.stream()
                        .filter(job -> label == null || label.equals(job.spec().label()))
                        .filter(job -> job.spec().createdUnixMs() >= since
                                && job.spec().createdUnixMs() < until)
                        .sorted(JobRecord.NEWEST_FIRST)
                        .toList());
    }

    /** As lists ask by default; more jobs than are at hand without waiting, and some of them of a history. */
    @Property(tries = 200)
    void the_newest_of_all_are_those_of_one_sorted_list(
            @ForAll @Size(min = 150, max = 300) List<@IntRange(max = 60) Integer> created,
            @ForAll @IntRange(max = 300) int older,
            @ForAll @IntRange(max = 60) int removed,
            @ForAll @IntRange(max = 210) int limit) {
        Map<JobId, JobRecord> manifests = new HashMap<>();
        List<JobRecord> jobs = new ArrayList<>();
        for (int i = 0; i < created.size(); i++) {
            // The history is older, but for some.
            boolean inHistory = i < older && created.get(i) < 30;
            JobRecord job =
                    inHistory ? Jobs.succeeded("job-" + i, created.get(i)) : Jobs.queued("job-" + i, created.get(i));
            if (inHistory) {
                manifests.put(job.id(), job);
            }
            jobs.add(job);
        }
        JobIndex all = new JobIndex(History.of(manifests.values()), id -> Optional.ofNullable(manifests.get(id)));
        jobs.stream().filter(job -> !manifests.containsKey(job.id())).forEach(all::put);
        jobs.subList(0, removed).forEach(job -> all.remove(job.id()));

        List<JobRecord> sorted = jobs.subList(removed, jobs.size()).stream()
                .sorted(JobRecord.NEWEST_FIRST)
                .toList();
        JobPage page = all.page(JobQuery.newest(EnumSet.allOf(JobStatus.class), limit));
        assertThat(page.jobs()).isEqualTo(sorted.stream().limit(limit).toList());
        assertThat(page.next())
                .isEqualTo(limit == 0 || sorted.size() <= limit ? null : JobPosition.of(sorted.get(limit - 1)));
    }

    /** It is what each list of an agent asks for, beside many threads that change jobs. */
    @Test
    void the_newest_of_all_wait_for_nobody() throws Exception {
        for (int i = 0; i < 30; i++) {
            index.put(Jobs.queued("job-" + i, i));
        }
        synchronized (index) {
            assertThat(newestOfAll(20)).hasSize(20);
            assertThat(newestOfAll(200)).hasSize(30);
        }
    }

    private List<JobRecord> newestOfAll(int limit) throws Exception {
        return CompletableFuture.supplyAsync(() -> index.newest(EnumSet.allOf(JobStatus.class), limit))
                .get(30, TimeUnit.SECONDS);
    }

    /** More of a history than one page reads, none of which has the label, but for the oldest. */
    @Test
    void a_page_may_be_empty_and_have_more_behind_it() {
        Map<JobId, JobRecord> manifests = new HashMap<>();
        for (int i = 0; i < 2_500; i++) {
            JobRecord job = Jobs.labelled(Jobs.succeeded("job-" + i, 10 + i), i == 0 ? "wanted" : null);
            manifests.put(job.id(), job);
        }
        JobIndex paged = new JobIndex(History.of(manifests.values()), id -> Optional.ofNullable(manifests.get(id)));
        // Older than all of them: it must come last, though it is in memory.
        JobRecord oldest = Jobs.labelled(Jobs.succeeded("old", 1), "wanted");
        paged.put(oldest);

        JobQuery query = new JobQuery(Set.of(JobStatus.SUCCEEDED), "wanted", Long.MIN_VALUE, Long.MAX_VALUE, null, 20);
        JobPage first = paged.page(query);
        assertThat(first.jobs()).isEmpty();
        assertThat(first.next()).isNotNull();
        JobPage second =
                paged.page(new JobQuery(query.statuses(), "wanted", Long.MIN_VALUE, Long.MAX_VALUE, first.next(), 20));
        assertThat(second.jobs()).containsExactly(manifests.get(new JobId("job-0")), oldest);
        assertThat(second.next()).isNull();
    }

    @Test
    void what_cannot_be_read_is_there_all_the_same() throws IOException {
        JobRecord older = Jobs.succeeded("job-2-0002", 2);
        boolean[] broken = {true};
        JobIndex withHistory = new JobIndex(History.of(List.of(older)), id -> {
            if (broken[0]) {
                throw new IOException("too many open files");
            }
            return Optional.of(older);
        });

        assertThatThrownBy(() -> withHistory.get(older.id())).hasMessage("too many open files");
        assertThat(withHistory.contains(older.id())).isTrue();
        assertThat(withHistory.status(older.id())).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(withHistory.inMemory(older.id())).isNull();
        assertThat(withHistory.newest(Set.of(JobStatus.SUCCEEDED), 1)).isEmpty();

        broken[0] = false;
        assertThat(withHistory.get(older.id())).isEqualTo(older);
        assertThat(withHistory.newest(Set.of(JobStatus.SUCCEEDED), 1)).containsExactly(older);
    }

    @Test
    void of_a_job_in_memory_it_knows_all_and_of_no_job_nothing() {
        JobRecord job = Jobs.succeeded("job-2-0002", 2);
        index.put(job);
        assertThat(index.contains(job.id())).isTrue();
        assertThat(index.status(job.id())).isEqualTo(JobStatus.SUCCEEDED);
        index.remove(job.id());
        assertThat(index.contains(job.id())).isFalse();
        assertThat(index.status(job.id())).isNull();
    }

    @Test
    void who_ended_since_a_time_is_found_in_memory_and_in_the_history() {
        List<JobRecord> older = List.of(Jobs.succeeded("job-1-0001", 1), Jobs.succeeded("job-3-0003", 3));
        JobIndex all = new JobIndex(History.of(older), id -> Optional.empty());
        all.put(Jobs.succeeded("job-2-0002", 2));
        all.put(Jobs.succeeded("job-4-0004", 4));
        all.put(Jobs.running("job-9-0009", 9));
        // Each ended a millisecond after it was created.
        assertThat(all.endedSince(4))
                .containsExactlyInAnyOrder(
                        History.Entry.of(Jobs.succeeded("job-3-0003", 3)),
                        History.Entry.of(Jobs.succeeded("job-4-0004", 4)));
        all.remove(new JobId("job-3-0003"));
        assertThat(all.endedSince(0))
                .extracting(entry -> entry.id().value())
                .containsExactlyInAnyOrder("job-1-0001", "job-2-0002", "job-4-0004");
        assertThat(all.endedSince(6)).isEmpty();
    }

    @Test
    void a_limit_holds_also_where_history_and_memory_tie() {
        JobRecord older = Jobs.succeeded("job-2-000a", 2);
        JobIndex withHistory = new JobIndex(History.of(List.of(older)), id -> Optional.of(older));
        withHistory.put(Jobs.succeeded("job-2-000b", 2));

        assertThat(withHistory.newest(Set.of(JobStatus.SUCCEEDED), 1)).containsExactly(older);
        // As many as are wanted are in memory.
        withHistory.put(Jobs.succeeded("job-2-000c", 2));
        assertThat(withHistory.newest(EnumSet.allOf(JobStatus.class), 1)).containsExactly(older);
    }
}
