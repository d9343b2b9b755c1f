package dev.tau.jobs.bench.report;

import java.util.Comparator;
import java.util.List;

/** Values by number of jobs, both axes logarithmic: what does not depend on the number is a level line. */
final class LineChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 400;
    private static final int LEFT = 90;
    private static final int RIGHT = 190;
    private static final int TOP = 70;
    private static final int BOTTOM = 50;

    private LineChart() {}

    record Point(double jobs, double value) {}

    record Line(String title, String colour, List<Point> points) {
        Line {
            points = points.stream()
                    .sorted(Comparator.comparingDouble(Point::jobs))
                    .toList();
        }
    }

    /** All coordinates above 0; at least one point. */
    static String of(String title, String conditions, String unit, List<Line> lines) {
        Svg svg = new Svg(WIDTH);
        svg.text(16, 24, "start", 15, Svg.TEXT, title);
        svg.text(16, 42, "start", 11, Svg.FLOOR, conditions);
        List<Point> all = lines.stream().flatMap(line -> line.points().stream()).toList();
        Scale x = Scale.of(all.stream().mapToDouble(Point::jobs).toArray(), LEFT, WIDTH - RIGHT);
        Scale y = Scale.of(all.stream().mapToDouble(Point::value).toArray(), HEIGHT - BOTTOM, TOP);
        for (int power = x.low(); power <= x.high(); power++) {
            double at = x.at(Math.pow(10, power));
            svg.grid(at, TOP, at, HEIGHT - BOTTOM);
            svg.text(at, HEIGHT - BOTTOM + 18, "middle", 11, Svg.TEXT, Numbers.format(Math.pow(10, power)));
        }
        for (int power = y.low(); power <= y.high(); power++) {
            double at = y.at(Math.pow(10, power));
            svg.grid(LEFT, at, WIDTH - RIGHT, at);
            svg.text(LEFT - 8, at + 4, "end", 11, Svg.TEXT, Numbers.format(Math.pow(10, power)));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", 12, Svg.TEXT, "jobs");
        svg.text(LEFT - 8, TOP - 12, "end", 12, Svg.TEXT, unit);
        double legend = TOP;
        for (Line line : lines) {
            draw(svg, line, x, y);
            svg.bar(WIDTH - RIGHT + 16, legend - 8, 10, 10, line.colour());
            svg.text(WIDTH - RIGHT + 32, legend + 1, "start", 11, Svg.TEXT, line.title());
            legend += 20;
        }
        return svg.document(HEIGHT, title);
    }

    private static void draw(Svg svg, Line line, Scale x, Scale y) {
        for (int i = 0; i < line.points().size(); i++) {
            Point to = line.points().get(i);
            if (i > 0) {
                Point from = line.points().get(i - 1);
                svg.line(x.at(from.jobs()), y.at(from.value()), x.at(to.jobs()), y.at(to.value()), line.colour(), 2);
            }
            svg.dot(x.at(to.jobs()), y.at(to.value()), line.colour());
        }
    }

    /** Whole powers of ten, from the one below the lowest value to the one above the highest. */
    private record Scale(int low, int high, double start, double end) {
        static Scale of(double[] values, double start, double end) {
            double min = java.util.Arrays.stream(values).min().orElseThrow();
            double max = java.util.Arrays.stream(values).max().orElseThrow();
            int low = (int) Math.floor(Math.log10(min));
            int high = (int) Math.ceil(Math.log10(max));
            return new Scale(low, Math.max(high, low + 1), start, end);
        }

        double at(double value) {
            return start + (end - start) * (Math.log10(value) - low) / (high - low);
        }
    }
}
