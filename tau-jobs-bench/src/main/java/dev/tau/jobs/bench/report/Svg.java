package dev.tau.jobs.bench.report;

import java.util.Locale;

/** Writes SVG, with all text escaped and a background of its own: it is looked at on light and dark pages. */
final class Svg {
    static final String OURS = "#1f6feb";
    static final String FLOOR = "#8c959f";
    static final String PEER = "#bf8700";
    static final String TEXT = "#24292f";
    private static final String GRID = "#d0d7de";

    private final StringBuilder body = new StringBuilder();
    private final int width;

    Svg(int width) {
        this.width = width;
    }

    Svg text(double x, double y, String anchor, int size, String colour, String text) {
        body.append(String.format(
                Locale.ROOT,
                "  <text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                size,
                colour,
                escape(text)));
        return this;
    }

    Svg bar(double x, double y, double barWidth, double height, String colour) {
        body.append(String.format(
                Locale.ROOT,
                "  <rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x,
                y,
                Math.max(barWidth, 1),
                height,
                colour));
        return this;
    }

    Svg grid(double x1, double y1, double x2, double y2) {
        return line(x1, y1, x2, y2, GRID, 1);
    }

    Svg line(double x1, double y1, double x2, double y2, String colour, double thickness) {
        body.append(String.format(
                Locale.ROOT,
                "  <line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                thickness));
        return this;
    }

    Svg dot(double x, double y, String colour) {
        body.append(String.format(
                Locale.ROOT, "  <circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n", x, y, colour));
        return this;
    }

    /** The whole document. */
    String document(int height, String title) {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                                + " font-family=\"sans-serif\" role=\"img\">%n  <title>%s</title>%n"
                                + "  <rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n",
                        width,
                        height,
                        width,
                        height,
                        escape(title),
                        width,
                        height)
                + body + "</svg>\n";
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                // XML has no way to write most control characters, nor half of a pair.
                default ->
                    escaped.appendCodePoint(
                            point < 0x20 || (point >= 0xD800 && point <= 0xDFFF) || point == 0xFFFE || point == 0xFFFF
                                    ? ' '
                                    : point);
            }
        });
        return escaped.toString();
    }
}
