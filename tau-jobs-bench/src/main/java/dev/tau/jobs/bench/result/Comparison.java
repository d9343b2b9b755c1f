package dev.tau.jobs.bench.result;

import java.util.ArrayList;
import java.util.List;

/**
 * How the figures of one run differ from another's.
 *
 * @param changes the figures that both have, in the new one's order
 * @param missing ids that only the base has
 * @param added ids that only the new one has
 */
public record Comparison(List<Change> changes, List<String> missing, List<String> added) {
    /** Of all pairs of an old round and a new one, in so many the new one is to be the worse. */
    static final double SURE = 0.95;

    /** Fewer than these prove nothing. */
    static final int ENOUGH_ROUNDS = 3;

    /** What became of a figure. */
    public enum Verdict {
        /** The medians differ by no more than the tolerance. */
        SAME,
        /** They differ by more, but the rounds overlap too much to tell. */
        NOISE,
        /** Better, and sure. */
        BETTER,
        /** Worse, and sure. */
        REGRESSION
    }

    /**
     * One figure in two runs.
     *
     * @param id of the figure
     * @param direction which way is better
     * @param base what is compared of the base: ratios to the floor, or values where there is no floor
     * @param now the same of the new one
     * @param verdict what became of it
     */
    public record Change(String id, Direction direction, List<Double> base, List<Double> now, Verdict verdict) {
        /** {@return the new median as a multiple of the base's, minus 1} */
        public double change() {
            double before = Statistics.median(base);
            double after = Statistics.median(now);
            return before == after ? 0 : after / before - 1;
        }
    }

    /**
     * Compares two runs. A figure is a regression if its median is worse by more than the tolerance <em>and</em> the rounds
     * bear it out: there are three or more of each, in at least 95 % of all pairs of an old round and a new one the new one is
     * the worse, and the change is larger than either spread. Better is the same the other way round.
     *
     * @param base what it was
     * @param now what it is
     * @param tolerance by how much a median may be worse: 0.15 lets a time become 1.15 times, and a rate 1/1.15
     * @return the changes
     */
    public static Comparison of(Results base, Results now, double tolerance) {
        List<Change> changes = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (Figure figure : now.figures()) {
            base.figure(figure.id())
                    .filter(old -> sameFloor(old, figure))
                    .ifPresentOrElse(old -> changes.add(change(old, figure, tolerance)), () -> added.add(figure.id()));
        }
        List<String> missing = base.figures().stream()
                .map(Figure::id)
                .filter(id -> now.figure(id).isEmpty() || added.contains(id))
                .toList();
        return new Comparison(List.copyOf(changes), missing, List.copyOf(added));
    }

    /** A ratio to another floor is another figure. */
    private static boolean sameFloor(Figure old, Figure figure) {
        return floor(old).equals(floor(figure));
    }

    private static String floor(Figure figure) {
        Series floor = figure.floor();
        return floor == null ? "" : floor.id();
    }

    private static Change change(Figure old, Figure figure, double tolerance) {
        List<Double> before = old.comparable();
        List<Double> after = figure.comparable();
        return new Change(
                figure.id(), figure.direction(), before, after, verdict(figure.direction(), before, after, tolerance));
    }

    static Verdict verdict(Direction direction, List<Double> base, List<Double> now, double tolerance) {
        double before = Statistics.median(base);
        double after = Statistics.median(now);
        if (before == after) {
            return Verdict.SAME;
        }
        double worsening = direction.worsening(before, after);
        double change = Math.max(worsening, 1 / worsening) - 1;
        if (change <= tolerance) {
            return Verdict.SAME;
        }
        double worsePairs = Statistics.worsePairs(direction, base, now);
        boolean sure = Math.min(base.size(), now.size()) >= ENOUGH_ROUNDS
                && change > Math.max(Statistics.spread(base), Statistics.spread(now));
        if (sure && worsening > 1 && worsePairs >= SURE) {
            return Verdict.REGRESSION;
        }
        return sure && worsening < 1 && worsePairs <= 1 - SURE ? Verdict.BETTER : Verdict.NOISE;
    }

    /** {@return the figures that became worse} */
    public List<Change> regressions() {
        return changes.stream()
                .filter(change -> change.verdict() == Verdict.REGRESSION)
                .toList();
    }
}
