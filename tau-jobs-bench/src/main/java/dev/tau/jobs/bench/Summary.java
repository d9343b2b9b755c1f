package dev.tau.jobs.bench;

import dev.tau.jobs.bench.report.Numbers;
import dev.tau.jobs.bench.result.Figure;
import dev.tau.jobs.bench.result.Series;
import dev.tau.jobs.bench.result.Statistics;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** What was measured, a line a figure, for the terminal. */
final class Summary {
    private static final String LINE = "%-26s %14s %-10s %14s %10s  %s%n";

    private Summary() {}

    static void print(List<Figure> figures, PrintWriter out) {
        out.printf(LINE, "figure", "tau-jobs", "", "floor", "ratio", "peers");
        for (Figure figure : figures) {
            Series floor = figure.floor();
            out.printf(
                    LINE,
                    figure.id(),
                    Numbers.format(figure.ours().median()),
                    figure.unit(),
                    floor == null ? "" : Numbers.format(floor.median()),
                    floor == null ? "" : Numbers.format(Statistics.median(figure.ratios())),
                    figure.peers().stream()
                            .map(peer -> peer.id() + " " + Numbers.format(peer.median()))
                            .collect(Collectors.joining(", ")));
        }
        out.flush();
    }
}
