package dev.tau.jobs.bench.result;

import java.util.List;

/**
 * What one contestant showed, round by round.
 *
 * @param id short and stable, such as {@code sqlite}
 * @param title for people
 * @param rounds a value a round, in the figure's unit and in the order of the rounds
 */
public record Series(String id, String title, List<Double> rounds) {
    /** Copies the rounds. */
    public Series {
        rounds = List.copyOf(rounds);
    }

    /** {@return the median of the rounds} */
    public double median() {
        return Statistics.median(rounds);
    }
}
