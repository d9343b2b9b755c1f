package dev.tau.jobs.statedir;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void the_first_look_is_due_at_once() {
        assertThat(new Pace().untilNextMs()).isZero();
    }

    /** By how far it is, not by when: the machine may stand still between two lines. */
    @Test
    void what_costs_much_is_looked_at_more_seldom_and_still_twice_a_second() {
        Pace pace = new Pace();
        pace.looked(System.nanoTime());
        assertThat(pace.untilNextMs()).isLessThanOrEqualTo(500);
        pace.looked(System.nanoTime() - Duration.ofSeconds(10).toNanos());
        assertThat(pace.pauseMs()).isEqualTo(500);
        pace.looked(System.nanoTime() - Duration.ofMillis(8).toNanos());
        assertThat(pace.pauseMs()).isBetween(400L, 500L);
        pace.looked(System.nanoTime());
        assertThat(pace.pauseMs()).isGreaterThanOrEqualTo(250);
    }
}
