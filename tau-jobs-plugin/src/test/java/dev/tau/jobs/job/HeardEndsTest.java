package dev.tau.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HeardEndsTest {
    private static JobId id(int number) {
        return new JobId("job-" + number);
    }

    @Test
    void what_ended_before_is_heard_and_of_the_rest_what_was_named() {
        HeardEnds heard = new HeardEnds(100, Map.of(id(1), 100L));

        assertThat(heard.contains(id(9), 99)).isTrue();
        assertThat(heard.contains(id(1), 100)).isTrue();
        assertThat(heard.contains(id(2), 100)).isFalse();
    }

    @Test
    void of_two_thousand_each_is_named_and_of_one_more_the_newest_half() {
        Map<JobId, Long> many = new LinkedHashMap<>();
        for (int i = 1; i <= 2_000; i++) {
            many.put(id(i), (long) i);
        }
        HeardEnds full = new HeardEnds(0, Map.of()).with(many);
        assertThat(full.sinceUnixMs()).isZero();
        assertThat(full.later()).hasSize(2_000);

        HeardEnds fewer = full.with(Map.of(id(2_001), 2_001L));
        assertThat(fewer.sinceUnixMs()).isEqualTo(1_002);
        assertThat(fewer.later())
                .hasSize(1_000)
                .containsKeys(id(1_002), id(2_001))
                .doesNotContainKey(id(1_001));
    }

    /** However many there are: nothing that was heard is heard again, and nothing new is taken for heard. */
    @Property(tries = 20)
    void it_forgets_ids_but_no_ends(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 400) Integer> batches) {
        HeardEnds heard = new HeardEnds(0, Map.of());
        Map<JobId, Long> all = new HashMap<>();
        int number = 0;
        for (int size : batches) {
            Map<JobId, Long> batch = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                batch.put(id(++number), (long) number / 3);
            }
            heard = heard.with(batch);
            all.putAll(batch);
        }
        for (Map.Entry<JobId, Long> end : all.entrySet()) {
            assertThat(heard.contains(end.getKey(), end.getValue())).isTrue();
        }
        assertThat(heard.contains(id(0), number / 3)).isFalse();
        assertThat(heard.later()).hasSizeLessThanOrEqualTo(2_000);
    }
}
