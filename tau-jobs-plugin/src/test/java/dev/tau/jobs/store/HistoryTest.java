package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.LostOutput;
import dev.tau.jobs.job.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.UniqueElements;
import org.jspecify.annotations.Nullable;

/** A history answers as a list of its jobs would, also when it was written and read. */
class HistoryTest {
    private static final int TRIES = 200;
    private static final FileTime STAMP = FileTime.from(Instant.ofEpochSecond(1_700_000_000L, 123_456_789));

    private static JobRecord job(
            String id, JobStatus status, long created, @Nullable Long started, @Nullable Long finished) {
        JobSpec spec = new JobSpec(
                new JobId(id), "true", List.of(), Map.of(), null, 1, 1, created, JobTrace.NONE, JobOptions.NONE);
        JobState state = new JobState(
                status,
                ReasonCode.JOB_SUCCEEDED,
                created + 1,
                started,
                finished,
                null,
                null,
                false,
                0,
                null,
                null,
                0,
                List.of(),
                LostOutput.NONE,
                null);
        return new JobRecord(spec, state, Map.of());
    }

    @Provide
    Arbitrary<List<JobRecord>> jobs() {
        Arbitrary<String> ids = Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('a', 'f').ofMinLength(1).ofMaxLength(4),
                Arbitraries.longs().between(1, 1_000_000).map(number -> "job-" + number + "-0001"));
        Arbitrary<JobStatus> ended = Arbitraries.of(JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED);
        Arbitrary<Long> times = Arbitraries.longs().between(0, 6);
        return Combinators.combine(ids, ended, times, times.injectNull(0.3), times.injectNull(0.3))
                .as(HistoryTest::job)
                .list()
                .uniqueElements(job -> job.id())
                .ofMaxSize(12);
    }

    private static History throughTheFile(History history) {
        try {
            Path file = Files.createTempFile("summary", null);
            try {
                List<JobId> live = List.of(new JobId("live-1"), new JobId("live-2"));
                Files.write(file, new Summary(STAMP, 77, live, history).encode());
                Summary read = Summary.read(file).orElseThrow();
                assertThat(read.live()).isEqualTo(live);
                assertThat(read.highestNumber()).isEqualTo(77);
                assertThat(read.stamp()).isEqualTo(STAMP);
                return read.ended();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<History.Entry> entries(List<JobRecord> jobs) {
        return jobs.stream()
                .sorted(JobRecord.NEWEST_FIRST)
                .map(History.Entry::of)
                .toList();
    }

    private static void assertLike(
            History history, List<JobRecord> jobs, Set<JobStatus> statuses, int limit, long from) {
        List<History.Entry> newest = entries(jobs);
        assertThat(history.size()).isEqualTo(jobs.size());
        assertThat(history.newest(statuses, limit, null, from))
                .isEqualTo(newest.stream()
                        .filter(entry -> statuses.contains(entry.status()) && entry.createdUnixMs() >= from)
                        .limit(limit)
                        .toList());
        assertThat(history.started())
                .isEqualTo(jobs.stream()
                        .filter(job -> job.state().startedUnixMs() != null)
                        .count());
        for (JobStatus status : JobStatus.values()) {
            assertThat(history.count(status)).isEqualTo((int)
                    jobs.stream().filter(job -> job.status() == status).count());
        }
        assertThat(history.endedFirst(limit).stream().map(History.Entry::finishedUnixMs))
                .isEqualTo(newest.stream()
                        .map(History.Entry::finishedUnixMs)
                        .sorted()
                        .limit(limit)
                        .toList());
        assertThat(history.endedFirst(jobs.size())).containsExactlyInAnyOrderElementsOf(newest);
        for (JobRecord job : jobs) {
            assertThat(history.contains(job.id())).isTrue();
        }
        assertThat(history.contains(new JobId("nobody"))).isFalse();
    }

    @Property(tries = TRIES)
    void it_answers_as_a_list_would(
            @ForAll("jobs") List<JobRecord> jobs,
            @ForAll @UniqueElements Set<JobStatus> statuses,
            @ForAll @IntRange(max = 14) int limit,
            @ForAll @IntRange(max = 7) int from) {
        assertLike(History.of(jobs), jobs, statuses, limit, from);
        assertLike(throughTheFile(History.of(jobs)), jobs, statuses, limit, from);
    }

    @Property(tries = TRIES)
    void jobs_are_taken_out_and_others_put_beside_the_rest(
            @ForAll("jobs") List<JobRecord> jobs,
            @ForAll @IntRange(max = 12) int half,
            @ForAll @IntRange(max = 12) int gone) {
        int cut = Math.min(half, jobs.size());
        List<JobRecord> left = new ArrayList<>(jobs.subList(0, cut));
        History history = History.of(left);
        // Asked before, so that what was made for look-ups has to follow.
        assertLike(history, left, Set.of(JobStatus.values()), 3, 0);
        for (int i = 0; i < gone && !left.isEmpty(); i++) {
            JobRecord first = left.remove(i % left.size());
            assertThat(history.remove(first.id())).isTrue();
            assertThat(history.remove(first.id())).isFalse();
            assertThat(history.contains(first.id())).isFalse();
        }
        assertLike(history, left, Set.of(JobStatus.values()), 20, 0);
        History grown = history.with(jobs.subList(cut, jobs.size()));
        left.addAll(jobs.subList(cut, jobs.size()));
        assertLike(throughTheFile(grown), left, Set.of(JobStatus.values()), 20, 0);
    }

    @Example
    void a_job_that_has_not_ended_is_none_of_history() {
        List<JobRecord> running = List.of(job("a", JobStatus.RUNNING, 1, 1L, null));
        assertThatThrownBy(() -> History.of(running)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A clock may have been far in the future. */
    @Example
    void the_order_of_ends_holds_for_any_time() {
        List<JobRecord> jobs = List.of(
                job("late", JobStatus.FAILED, 1, null, 1L << 50),
                job("early", JobStatus.FAILED, 2, null, 5L),
                job("negative", JobStatus.FAILED, 3, null, -5L));
        assertThat(History.of(jobs).endedFirst(3))
                .extracting(entry -> entry.id().value())
                .containsExactly("negative", "early", "late");
    }

    @Property(tries = TRIES)
    void any_damage_to_the_file_is_seen(
            @ForAll("jobs") List<JobRecord> jobs, @ForAll @IntRange(max = 10_000) int at, @ForAll byte flip)
            throws IOException {
        byte[] content = new Summary(STAMP, 1, List.of(), History.of(jobs)).encode();
        content[at % content.length] ^= flip == 0 ? 1 : flip;
        Path file = Files.createTempFile("summary", null);
        try {
            Files.write(file, content);
            assertThat(Summary.read(file)).isEmpty();
        } finally {
            Files.delete(file);
        }
    }
}
