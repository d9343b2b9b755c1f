package dev.tau.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OutputGapsTest {
    private static final int LENGTH = 40;

    /** As a job makes them: each behind the last one, or at the same place. */
    @Provide
    Arbitrary<OutputGaps> gaps() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 15), Arbitraries.longs().between(0, 9))
                .as(OutputGaps.Gap::new)
                .list()
                .ofMaxSize(4)
                .map(steps -> {
                    OutputGaps gaps = OutputGaps.NONE;
                    long position = 0;
                    for (OutputGaps.Gap step : steps) {
                        position = Math.min(LENGTH - 1, position + step.position());
                        gaps = gaps.and(position, step.bytes());
                    }
                    return gaps;
                });
    }

    @Property
    void who_reads_on_from_offset_to_offset_reads_each_byte_once_and_hears_of_all_that_is_missing(
            @ForAll("gaps") OutputGaps gaps, @ForAll @IntRange(min = 1, max = 9) int most) {
        List<Long> read = new ArrayList<>();
        long missing = 0;
        for (long offset = 0; read.size() < LENGTH; ) {
            OutputGaps.Place place = gaps.placeOf(offset);
            long bytes = Math.min(Math.min(most, place.room()), LENGTH - place.position());
            LongStream.range(0, bytes).map(i -> place.position() + i).forEach(read::add);
            missing += place.missing();
            long next = gaps.offsetOf(place.position() + bytes);
            assertThat(next).isEqualTo(offset + place.missing() + bytes);
            offset = next;
        }
        assertThat(read).isEqualTo(LongStream.range(0, LENGTH).boxed().toList());
        assertThat(missing)
                .isEqualTo(gaps.gaps().stream().mapToLong(OutputGaps.Gap::bytes).sum());
    }

    @Property
    void a_gap_more_moves_nothing_before_it(
            @ForAll("gaps") OutputGaps gaps, @ForAll @IntRange(min = 1, max = 9) int bytes) {
        OutputGaps more = gaps.and(LENGTH, bytes);
        for (long position = 0; position <= LENGTH; position++) {
            assertThat(more.offsetOf(position)).isEqualTo(gaps.offsetOf(position));
            assertThat(more.placeOf(gaps.offsetOf(position)).position()).isEqualTo(position);
        }
        assertThat(more.offsetOf(LENGTH + 1)).isEqualTo(gaps.offsetOf(LENGTH) + bytes + 1);
    }

    @Test
    void nothing_is_no_gap_and_two_at_one_place_are_one() {
        assertThat(OutputGaps.NONE.and(3, 0)).isSameAs(OutputGaps.NONE);
        assertThat(OutputGaps.NONE.and(3, -1)).isSameAs(OutputGaps.NONE);
        assertThat(OutputGaps.NONE.and(3, 4).and(3, 5).and(4, 1).gaps())
                .containsExactly(new OutputGaps.Gap(3, 9), new OutputGaps.Gap(4, 1));
        assertThat(OutputGaps.NONE.and(3, 4).placeOf(5)).isEqualTo(new OutputGaps.Place(3, 2, Long.MAX_VALUE));
        assertThat(OutputGaps.NONE.and(3, 4).placeOf(2)).isEqualTo(new OutputGaps.Place(2, 0, 1));
    }
}
