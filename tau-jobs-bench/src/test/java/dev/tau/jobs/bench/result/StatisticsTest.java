package dev.tau.jobs.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void medianIsTheMiddleOrTheMeanOfTwo() {
        assertThat(Statistics.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Statistics.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
        assertThatThrownBy(() -> Statistics.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void spreadIsTheRangeAsAPartOfTheMedian() {
        assertThat(Statistics.spread(List.of(90.0, 100.0, 120.0))).isCloseTo(0.3, within(1e-12));
        assertThat(Statistics.spread(List.of(0.0, 0.0))).isZero();
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        assertThat(Statistics.ratios(List.of(2.0, 9.0), List.of(1.0, 3.0))).containsExactly(2.0, 3.0);
    }

    @Property
    void halfOfTheValuesLieOnEachSideOfTheMedian(
            @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 1e9) Double> values) {
        double median = Statistics.median(values);
        assertThat(values.stream().filter(value -> value <= median).count() * 2).isGreaterThanOrEqualTo(values.size());
        assertThat(values.stream().filter(value -> value >= median).count() * 2).isGreaterThanOrEqualTo(values.size());
    }

    @Property
    void theOrderOfRoundsDoesNotMatter(
            @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0, max = 1e9) Double> values, @ForAll long seed) {
        List<Double> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(Statistics.median(shuffled)).isEqualTo(Statistics.median(values));
        assertThat(Statistics.spread(shuffled)).isEqualTo(Statistics.spread(values));
    }
}
