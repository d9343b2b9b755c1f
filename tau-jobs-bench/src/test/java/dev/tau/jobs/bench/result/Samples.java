package dev.tau.jobs.bench.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Figures for tests. */
public final class Samples {
    /** Rounds of a quiet machine. */
    public static final List<Double> QUIET = List.of(100.0, 101.0, 99.0, 102.0, 98.0);

    /** What everything was measured on. */
    public static final Conditions CONDITIONS = new Conditions(
            "2026-11-24T12:00:00Z",
            "0123456789ab",
            false,
            5,
            "17.0.1 (V & Co)",
            "Linux",
            2,
            "a <fast> CPU",
            "ext4",
            0.1);

    private Samples() {}

    /** A figure whose floor is always 100, so that its ratios are a hundredth of its values. */
    public static Figure figure(String id, int target, Direction direction, List<Double> ours) {
        List<Double> floor = ours.stream().map(value -> 100.0).toList();
        return figure(id, target, direction, ours, new Series("floor", "a \"floor\" & more", floor));
    }

    /** A figure with or without a floor, and with one peer. */
    public static Figure figure(String id, int target, Direction direction, List<Double> ours, @Nullable Series floor) {
        return new Figure(
                id,
                target,
                "Title of " + id + " <&>",
                "µs",
                direction,
                new Series("tau-jobs", "tau-jobs", ours),
                floor,
                floor == null ? List.of() : Statistics.ratios(ours, floor.rounds()),
                List.of(new Series(
                        "sqlite",
                        "SQLite",
                        ours.stream().map(value -> value / 4).toList())),
                List.of("tsp: not on the PATH"),
                CONDITIONS);
    }

    /** The same rounds, each so many times as much. */
    public static List<Double> times(List<Double> values, double factor) {
        return values.stream().map(value -> value * factor).toList();
    }
}
