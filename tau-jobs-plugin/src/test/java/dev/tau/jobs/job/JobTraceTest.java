package dev.tau.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules are those of the W3C's Trace Context. */
class JobTraceTest {
    private static final String VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void a_traceparent_is_taken_as_it_is() {
        assertThat(JobTrace.traceparentOf(VALID)).contains(VALID);
    }

    @Test
    void one_of_a_later_version_is_taken_for_what_we_know_of_it() {
        assertThat(JobTrace.traceparentOf(VALID.replaceFirst("00", "cc"))).contains(VALID);
        assertThat(JobTrace.traceparentOf(VALID.replaceFirst("00", "cc") + "-what-will-be"))
                .contains(VALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
                " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void what_is_none_is_as_good_as_nothing(String text) {
        assertThat(JobTrace.traceparentOf(text)).isEmpty();
    }

    @Test
    void what_is_no_text_is_as_good_as_nothing() {
        assertThat(JobTrace.traceparentOf(null)).isEmpty();
        assertThat(JobTrace.traceparentOf(7)).isEmpty();
    }

    @Property
    void ids_and_flags_stay_as_they_are(
            @ForAll @LongRange(min = 1) long trace,
            @ForAll @LongRange(min = 1) long span,
            @ForAll @IntRange(max = 0xfe) int version,
            @ForAll byte flags) {
        String rest = "-%032x-%016x-%02x".formatted(trace, span, flags);
        assertThat(JobTrace.traceparentOf("%02x".formatted(version) + rest)).contains("00" + rest);
    }
}
