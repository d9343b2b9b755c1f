package dev.tau.jobs.bench.suite;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Contestants that take turns, and the figures that come of it.
 *
 * @param title for the progress on stderr
 * @param contestants in the order of their turns
 * @param figures at least one
 * @param minRounds how many rounds there are even if the budget is used up
 * @param maxRounds how many there are otherwise
 * @param budget after which no further round begins
 */
record Experiment(
        String title,
        List<Contestant> contestants,
        List<FigureSpec> figures,
        int minRounds,
        int maxRounds,
        Duration budget) {

    Set<Integer> targets() {
        return figures.stream().map(FigureSpec::target).collect(Collectors.toSet());
    }

    /** Without it there is no figure; a peer may be missing. */
    boolean needs(Contestant contestant) {
        return figures.stream()
                .anyMatch(figure ->
                        contestant.id().equals(figure.ours()) || contestant.id().equals(figure.floor()));
    }
}
