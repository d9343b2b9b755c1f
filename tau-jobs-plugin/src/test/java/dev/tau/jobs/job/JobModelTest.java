package dev.tau.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, orders and the small records of the model; transitions are LifecycleTest's. */
class JobModelTest {
    private static JobRecord job(String id, long created) {
        return JobRecord.created(new JobSpec(
                new JobId(id), "true", List.of(), Map.of(), null, 1, 1, created, JobTrace.NONE, JobOptions.NONE));
    }

    private static List<String> sorted(Comparator<JobRecord> order, JobRecord... jobs) {
        return Stream.of(jobs).sorted(order).map(job -> job.id().value()).toList();
    }

    @Test
    void the_oldest_come_first_and_a_counter_of_fewer_digits_before_one_of_more() {
        JobRecord ninth = job("job-1-9999", 1);
        JobRecord tenth = job("job-1-10000", 1);
        JobRecord eighth = job("job-1-9998", 1);
        JobRecord later = job("a", 2);

        assertThat(sorted(JobRecord.OLDEST_FIRST, later, tenth, ninth, eighth))
                .containsExactly("job-1-9998", "job-1-9999", "job-1-10000", "a");
    }

    @Test
    void the_newest_come_first_and_ties_by_id() {
        assertThat(sorted(JobRecord.NEWEST_FIRST, job("b", 1), job("z", 2), job("y", 2), job("a", 3), job("c", 1)))
                .containsExactly("a", "y", "z", "b", "c");
    }

    /** Some write numbers with digits of their own, which an id can't have. */
    @Test
    void a_generated_id_is_the_same_in_each_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(JobId.generate(1_760_000_000_000L, 7).value()).isEqualTo("job-1760000000000-0007");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void a_key_stands_for_one_id() {
        assertThat(JobId.ofKey("a").value())
                .isEqualTo("job-key-ca978112ca1bbdcafac231b39a23dc4d")
                .as("half of the SHA-256 of a");
        assertThat(JobId.ofKey("b")).isNotEqualTo(JobId.ofKey("a"));
        assertThat(JobId.ofKey("a\ud800"))
                .as("as it stands in files")
                .isEqualTo(JobId.ofKey("a\ufffd"))
                .isNotEqualTo(JobId.ofKey("a?"));
        assertThat(JobId.ofKey("\ud83d\ude00")).isNotEqualTo(JobId.ofKey("\ufffd"));
    }

    @Test
    void options_tell_their_label_and_not_what_is_read() {
        JobOptions options = new JobOptions("build", "s3cr3t", 3, 0, List.of(new JobId("a")), 2);

        assertThat(options.toString()).isEqualTo("JobOptions[build]");
        assertThat(options.notBefore(9)).isEqualTo(new JobOptions("build", "s3cr3t", 3, 9, List.of(new JobId("a")), 2));
    }

    @Test
    void a_position_is_read_as_it_was_written() {
        JobPosition position = new JobPosition(17, new JobId("job-17-0001"));

        assertThat(position).hasToString("17:job-17-0001");
        assertThat(JobPosition.parse("17:job-17-0001")).contains(position);
        assertThat(JobPosition.parse("-1:a:b")).isEmpty();
        assertThat(JobPosition.parse("17")).isEmpty();
        assertThat(JobPosition.parse(":a")).isEmpty();
        assertThat(JobPosition.parse("x:a")).isEmpty();
        assertThat(JobPosition.parse("17:../a")).isEmpty();
    }

    @Test
    void a_page_has_a_next_one_only_if_more_is_known() {
        List<JobRecord> three = List.of(job("c", 3), job("b", 2), job("a", 1));

        assertThat(JobPage.of(three, 3)).isEqualTo(new JobPage(three, null));
        assertThat(JobPage.of(three, 2))
                .isEqualTo(new JobPage(three.subList(0, 2), new JobPosition(2, new JobId("b"))));
        assertThat(JobPage.of(three, 0)).isEqualTo(new JobPage(List.of(), null));
    }

    @Test
    void a_query_takes_what_was_created_since_then_and_before_then_and_stands_behind() {
        JobRecord job = job("m", 5);

        assertThat(query(5, 6, null).matches(job)).isTrue();
        assertThat(query(6, 9, null).matches(job)).isFalse();
        assertThat(query(0, 5, null).matches(job)).isFalse();
        assertThat(query(0, 9, new JobPosition(5, new JobId("l"))).matches(job)).isTrue();
        assertThat(query(0, 9, new JobPosition(5, new JobId("m"))).matches(job)).isFalse();
    }

    @Test
    void a_query_starts_where_nothing_before_is_asked_for() {
        JobPosition until = new JobPosition(5, JobId.HIGHEST);
        JobPosition before = new JobPosition(6, new JobId("m"));
        JobPosition behind = new JobPosition(4, new JobId("m"));

        assertThat(query(0, Long.MAX_VALUE, null).start()).isNull();
        assertThat(query(0, Long.MAX_VALUE, behind).start()).isEqualTo(behind);
        assertThat(query(0, 5, null).start()).isEqualTo(until);
        assertThat(query(0, 5, before).start()).isEqualTo(until);
        assertThat(query(0, 5, behind).start()).isEqualTo(behind);
    }

    private static JobQuery query(long since, long until, @Nullable JobPosition after) {
        return new JobQuery(EnumSet.allOf(JobStatus.class), null, since, until, after, 20);
    }

    @Property
    void a_generated_id_is_a_valid_one_and_later_jobs_of_a_millisecond_come_later(
            @ForAll @LongRange(min = 0) long created, @ForAll @IntRange(max = 100_000) int counter) {
        JobId id = JobId.generate(created, counter);
        JobId next = JobId.generate(created, counter + 1);

        assertThat(JobId.parse(id.value())).contains(id);
        assertThat(JobRecord.OLDEST_FIRST.compare(job(id.value(), created), job(next.value(), created)))
                .isNegative();
    }

    @Test
    void a_generated_id_has_at_least_four_digits() {
        assertThat(JobId.generate(1_795_462_833_709L, 4)).hasToString("job-1795462833709-0004");
        assertThat(JobId.generate(1, 12_345)).hasToString("job-1-12345");
    }

    @Property
    void an_id_is_128_safe_characters_at_most_and_no_hidden_file(
            @ForAll @StringLength(min = 1, max = 200) @AlphaChars @NumericChars @Chars({'.', '_', '-'}) String text) {
        boolean valid = text.length() <= 128 && !text.startsWith(".");

        assertThat(JobId.parse(text).isPresent()).isEqualTo(valid);
    }

    @Test
    void the_longest_id_has_128_characters() {
        assertThat(JobId.parse("x".repeat(128))).isPresent();
        assertThat(JobId.parse("x".repeat(129))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".hidden", "a/b", "a\\b", "a\n", "ä", "a b", "a:b", "\0"})
    void what_is_no_safe_part_of_a_file_name_is_no_id(String text) {
        assertThat(JobId.parse(text)).isEmpty();
        assertThatThrownBy(() -> new JobId(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(JobId.RULE);
    }

    @ParameterizedTest
    @EnumSource
    void a_state_is_found_by_its_name(JobStatus status) {
        assertThat(JobStatus.ofWireName(status.wireName())).contains(status);
        assertThat(JobStatus.ofWireName(status.name())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_code_is_found_by_its_name(ReasonCode code) {
        assertThat(ReasonCode.ofWireName(code.wireName())).contains(code);
        assertThat(ReasonCode.ofWireName(code.name())).isEmpty();
    }

    @Test
    void names_are_those_of_the_wire_format() {
        assertThat(JobStatus.values())
                .extracting(JobStatus::wireName)
                .containsExactly("queued", "running", "succeeded", "failed", "cancelled");
        assertThat(ReasonCode.JOB_NON_ZERO_EXIT.wireName()).isEqualTo("job_non_zero_exit");
        assertThat(JobEvent.Kind.values())
                .extracting(JobEvent.Kind::wireName)
                .containsExactly(
                        "created",
                        "started",
                        "succeeded",
                        "failed",
                        "cancelled",
                        "cancel_requested",
                        "recovered",
                        "trace_error");
    }

    @Test
    void nothing_follows_three_of_the_five_states() {
        assertThat(Stream.of(JobStatus.values()).filter(JobStatus::isTerminal))
                .containsExactly(JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED);
    }

    @Test
    void sinks_that_fail_are_an_event_of_the_job_as_it_is() {
        JobRecord job = job("job-1-0001", 1);

        assertThat(JobEvent.traceError(job, 5, "audit: closed"))
                .isEqualTo(new JobEvent(
                        5,
                        job.id(),
                        JobEvent.Kind.TRACE_ERROR,
                        JobStatus.QUEUED,
                        ReasonCode.JOB_TRACE_WRITE_FAILED,
                        "audit: closed"));
        assertThat(JobEvent.created(job))
                .isEqualTo(new JobEvent(
                        1,
                        job.id(),
                        JobEvent.Kind.CREATED,
                        JobStatus.QUEUED,
                        ReasonCode.JOB_QUEUED,
                        "background job queued"));
    }

    @Test
    void no_value_of_the_environment_gets_into_a_log_line() {
        JobSpec spec = new JobSpec(
                new JobId("job-1-0001"),
                "curl",
                List.of("token"),
                Map.of("API_KEY", "s3cret"),
                null,
                1,
                1,
                1,
                JobTrace.NONE,
                JobOptions.NONE);

        assertThat(JobRecord.created(spec).toString())
                .contains("job-1-0001", "API_KEY")
                .doesNotContain("s3cret");
    }
}
