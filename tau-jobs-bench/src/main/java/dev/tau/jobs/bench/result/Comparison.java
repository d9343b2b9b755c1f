package dev.tau.jobs.bench.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How the figures of one run differ from another's.
 *
 * @param changes the figures that both have, in the new one's order
 * @param missing ids that only the base has
 * @param added ids that only the new one has
 */
public record Comparison(List<Change> changes, List<String> missing, List<String> added) {
    /** Fewer than these prove nothing. */
    static final int ENOUGH_ROUNDS = 3;

    /** From so many on, one of them may have been disturbed and be left out. */
    static final int MANY_ROUNDS = 5;

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
     * bear it out: there are three or more of each; each new one is worse than each old one; and the change is larger than
     * both spreads together, as either median may have been anywhere in its own. Of five rounds or more the worst of each run is left out in this, since what disturbs a machine makes a round
     * worse. Better is the same the other way round.
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
        if (isWorse(direction, base, now, tolerance)) {
            return Verdict.REGRESSION;
        }
        if (isWorse(direction, now, base, tolerance)) {
            return Verdict.BETTER;
        }
        double worsening = direction.worsening(before, after);
        return Math.max(worsening, 1 / worsening) - 1 <= tolerance ? Verdict.SAME : Verdict.NOISE;
    }

    private static boolean isWorse(Direction direction, List<Double> base, List<Double> now, double tolerance) {
        if (Math.min(base.size(), now.size()) < ENOUGH_ROUNDS) {
            return false;
        }
        List<Double> before = undisturbed(direction, base);
        List<Double> after = undisturbed(direction, now);
        double change = direction.worsening(Statistics.median(base), Statistics.median(now)) - 1;
        boolean apart = direction == Direction.LOWER
                ? Statistics.max(before) < Statistics.min(after)
                : Statistics.min(before) > Statistics.max(after);
        return apart && change > tolerance && change > Statistics.spread(before) + Statistics.spread(after);
    }

    /** Best first, and of many without the worst. */
    private static List<Double> undisturbed(Direction direction, List<Double> rounds) {
        Comparator<Double> bestFirst =
                direction == Direction.LOWER ? Comparator.naturalOrder() : Comparator.reverseOrder();
        int kept = rounds.size() < MANY_ROUNDS ? rounds.size() : rounds.size() - 1;
        return rounds.stream().sorted(bestFirst).limit(kept).toList();
    }

    /** {@return the figures that became worse} */
    public List<Change> regressions() {
        return changes.stream()
                .filter(change -> change.verdict() == Verdict.REGRESSION)
                .toList();
    }
}
