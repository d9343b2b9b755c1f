package dev.tau.jobs.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {
    private final Counted count = new Counted();

    @Test
    void it_counts_from_the_first_total_that_is_known() {
        assertThat(count.upTo(Double.NaN)).isZero();
        assertThat(count.upTo(50_000)).isZero();
        assertThat(count.upTo(50_002)).isEqualTo(2);
    }

    @Test
    void it_never_goes_back() {
        count.upTo(10);
        count.upTo(15);
        assertThat(count.upTo(Double.NaN)).isEqualTo(5);
        // Closed and opened again: it has begun anew.
        assertThat(count.upTo(3)).isEqualTo(8);
        assertThat(count.upTo(3)).isEqualTo(8);
        assertThat(count.upTo(4)).isEqualTo(9);
    }
}
