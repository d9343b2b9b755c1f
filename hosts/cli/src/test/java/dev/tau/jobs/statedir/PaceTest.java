package dev.tau.jobs.statedir;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000);
    private final Pace pace = new Pace(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void the_first_look_is_due_at_once() {
        assertThat(pace.untilNextMs()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 250", "4, 250", "8, 400", "10, 500", "10000, 500"})
    void what_costs_much_is_looked_at_more_seldom_and_still_twice_a_second(long costMs, long pauseMs) {
        long began = now.get();
        pass(Duration.ofMillis(costMs));
        pace.looked(began);
        pass(Duration.ofMillis(pauseMs - 1));
        assertThat(pace.untilNextMs()).isPositive();
        pass(Duration.ofMillis(1));
        assertThat(pace.untilNextMs()).isZero();
    }
}
