package dev.tau.jobs.bench.report;

import dev.tau.jobs.bench.result.Figure;
import dev.tau.jobs.bench.result.Results;
import dev.tau.jobs.bench.result.Series;
import dev.tau.jobs.bench.result.Statistics;
import java.util.List;
import java.util.Optional;

/**
 * One condition of a target.
 *
 * @param figures ids of the figure that it is about, the best first: a quick run has only a smaller one. Of {@link Kind#FLATNESS}
 *     all figures that it is about
 * @param kind what of it is looked at
 * @param peer whom {@link Kind#PEER_RATIO} compares with, else empty
 * @param sense whether the bound is a lower or an upper one
 * @param bound the bound
 */
record Check(List<String> figures, Kind kind, String peer, Sense sense, double bound) {
    enum Kind {
        /** Ours as a multiple of the floor. */
        FLOOR_RATIO,
        /** Ours as a multiple of a peer. */
        PEER_RATIO,
        /** Ours, in the figure's unit. */
        VALUE,
        /** The highest of several figures as a multiple of the lowest. */
        FLATNESS
    }

    enum Sense {
        AT_LEAST,
        AT_MOST
    }

    /** What was found, in words, and whether it is what was wanted. */
    record Outcome(boolean met, String words) {}

    static Check floorRatio(Sense sense, double bound, String... figures) {
        return new Check(List.of(figures), Kind.FLOOR_RATIO, "", sense, bound);
    }

    static Check peerRatio(String peer, double bound, String... figures) {
        return new Check(List.of(figures), Kind.PEER_RATIO, peer, Sense.AT_LEAST, bound);
    }

    static Check atMost(double bound, String... figures) {
        return new Check(List.of(figures), Kind.VALUE, "", Sense.AT_MOST, bound);
    }

    static Check flat(double bound, String... figures) {
        return new Check(List.of(figures), Kind.FLATNESS, "", Sense.AT_MOST, bound);
    }

    /** Empty if it was not measured. */
    Optional<Outcome> outcome(Results results) {
        if (kind == Kind.FLATNESS) {
            return flatness(results);
        }
        return figures.stream()
                .flatMap(id -> results.figure(id).stream())
                .findFirst()
                .flatMap(this::ofFigure);
    }

    private Optional<Outcome> ofFigure(Figure figure) {
        Series floor = figure.floor();
        return switch (kind) {
            case FLOOR_RATIO ->
                floor == null
                        ? Optional.empty()
                        : Optional.of(
                                outcome(figure.title(), Statistics.median(figure.ratios()), "x " + floor.title()));
            case PEER_RATIO ->
                figure.peer(peer)
                        .map(series -> outcome(
                                figure.title(),
                                Statistics.median(
                                        Statistics.ratios(figure.ours().rounds(), series.rounds())),
                                "x " + series.title()));
            case VALUE -> Optional.of(outcome(figure.title(), figure.ours().median(), figure.unit()));
            case FLATNESS -> Optional.empty();
        };
    }

    private Optional<Outcome> flatness(Results results) {
        List<Figure> found =
                figures.stream().flatMap(id -> results.figure(id).stream()).toList();
        if (found.size() < 2) {
            return Optional.empty();
        }
        List<Double> medians =
                found.stream().map(figure -> figure.ours().median()).toList();
        return Optional.of(outcome(
                "highest of " + found.size() + " sizes",
                Statistics.max(medians) / Statistics.min(medians),
                "x the lowest"));
    }

    private Outcome outcome(String what, double value, String unit) {
        boolean atLeast = sense == Sense.AT_LEAST;
        boolean met = atLeast ? value >= bound : value <= bound;
        String words = (met ? "met" : "**missed**") + ": " + what + ": " + Numbers.format(value) + " " + unit
                + ", wanted at " + (atLeast ? "least " : "most ") + Numbers.format(bound);
        if (met) {
            return new Outcome(true, words);
        }
        double by = atLeast ? bound / value : value / bound;
        return new Outcome(false, words + "; off by " + Numbers.format(by) + "x");
    }
}
