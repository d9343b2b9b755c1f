package dev.tau.jobs.bench.result;

import java.util.ArrayList;
import java.util.List;

/** The few numbers that rounds are summed up in. Medians, since one disturbed round must not decide. */
public final class Statistics {
    private Statistics() {}

    /**
     * The middle value, or the mean of the two in the middle.
     *
     * @param values at least one
     * @return the median
     */
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * The lowest value.
     *
     * @param values at least one
     * @return the minimum
     */
    public static double min(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /**
     * The highest value.
     *
     * @param values at least one
     * @return the maximum
     */
    public static double max(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /**
     * How far the rounds lie apart: the range from the lowest to the highest, as a part of the median.
     *
     * @param values at least one, none below 0
     * @return 0 if all are the same
     */
    public static double spread(List<Double> values) {
        double range = max(values) - min(values);
        return range == 0 ? 0 : range / median(values);
    }

    /**
     * Each of our rounds as a multiple of the other's round beside it.
     *
     * @param ours our values
     * @param others theirs, measured in turn with ours
     * @return as many ratios as both have rounds
     */
    public static List<Double> ratios(List<Double> ours, List<Double> others) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(ours.size(), others.size()); round++) {
            ratios.add(ours.get(round) / others.get(round));
        }
        return List.copyOf(ratios);
    }
}
