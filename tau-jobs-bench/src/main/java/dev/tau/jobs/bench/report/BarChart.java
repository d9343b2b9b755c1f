package dev.tau.jobs.bench.report;

import dev.tau.jobs.bench.result.Direction;
import dev.tau.jobs.bench.result.Figure;
import dev.tau.jobs.bench.result.Series;
import dev.tau.jobs.bench.result.Statistics;
import java.util.ArrayList;
import java.util.List;

/** Floor, ours and peers of some figures, a panel a figure: the median as a bar, the range of the rounds as a line over it. */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int LEFT = 240;
    private static final int RIGHT = 160;
    private static final int BAR = 16;
    private static final int STEP = 22;
    /** Beyond this, the short bars of a linear scale can't be told apart. */
    private static final double LOG_FROM = 50;

    private BarChart() {}

    private record Bar(Series series, String colour) {}

    static String of(String title, String conditions, List<Figure> figures) {
        Svg svg = new Svg(WIDTH);
        svg.text(16, 24, "start", 15, Svg.TEXT, title);
        svg.text(16, 42, "start", 11, Svg.FLOOR, conditions);
        double y = 66;
        for (Figure figure : figures) {
            y = panel(svg, figure, y);
        }
        return svg.document((int) y, title);
    }

    private static double panel(Svg svg, Figure figure, double top) {
        List<Bar> bars = bars(figure);
        double max = bars.stream()
                .mapToDouble(bar -> Statistics.max(bar.series().rounds()))
                .max()
                .orElse(1);
        double min = bars.stream()
                .mapToDouble(bar -> Statistics.min(bar.series().rounds()))
                .filter(value -> value > 0)
                .min()
                .orElse(1);
        boolean log = max / min > LOG_FROM;
        String better = figure.direction() == Direction.HIGHER ? "longer is better" : "shorter is better";
        svg.text(
                16,
                top,
                "start",
                12,
                Svg.TEXT,
                figure.title() + ", " + figure.unit() + " (" + better + (log ? ", log scale" : "") + ")");
        double y = top + 8;
        for (Bar bar : bars) {
            Series series = bar.series();
            svg.text(LEFT - 8, y + 12, "end", 11, Svg.TEXT, series.title());
            double length = length(series.median(), min, max, log);
            svg.bar(LEFT, y, length, BAR, bar.colour());
            double from = length(Statistics.min(series.rounds()), min, max, log);
            double to = length(Statistics.max(series.rounds()), min, max, log);
            svg.line(LEFT + from, y + BAR / 2.0, LEFT + to, y + BAR / 2.0, Svg.TEXT, 1.5);
            svg.text(LEFT + Math.max(length, to) + 6, y + 12, "start", 11, Svg.TEXT, label(series));
            y += STEP;
        }
        return y + 24;
    }

    private static String label(Series series) {
        double spread = Statistics.spread(series.rounds());
        return Numbers.format(series.median()) + (spread == 0 ? "" : ", spread " + Numbers.percent(spread));
    }

    private static double length(double value, double min, double max, boolean log) {
        double room = WIDTH - LEFT - (double) RIGHT;
        if (!log) {
            return max <= 0 ? 0 : room * Math.max(value, 0) / max;
        }
        // The lowest gets a visible stub.
        double low = Math.log(min) - 0.3;
        return value <= 0 ? 0 : room * (Math.log(value) - low) / (Math.log(max) - low);
    }

    private static List<Bar> bars(Figure figure) {
        List<Bar> bars = new ArrayList<>();
        Series floor = figure.floor();
        if (floor != null) {
            bars.add(new Bar(floor, Svg.FLOOR));
        }
        bars.add(new Bar(figure.ours(), Svg.OURS));
        figure.peers().forEach(peer -> bars.add(new Bar(peer, Svg.PEER)));
        return bars;
    }
}
