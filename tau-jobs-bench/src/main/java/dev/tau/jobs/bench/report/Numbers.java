package dev.tau.jobs.bench.report;

import java.util.Locale;

/** Numbers for people: three digits that count, since no more are certain. */
public final class Numbers {
    private Numbers() {}

    /**
     * Such as 0.0123, 1.23, 12.3 or 12,300.
     *
     * @param value any
     * @return its text, the same in every locale
     */
    public static String format(double value) {
        double size = Math.abs(value);
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            return Double.isNaN(value) ? "?" : "∞";
        }
        if (value == 0) {
            return "0";
        }
        if (size >= 100) {
            double unit = Math.pow(10, Math.floor(Math.log10(size)) - 2);
            return String.format(Locale.ROOT, "%,d", Math.round(Math.round(value / unit) * unit));
        }
        int decimals = Math.min(6, 2 - (int) Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /**
     * Such as 12 %.
     *
     * @param part 0.12
     * @return its text
     */
    public static String percent(double part) {
        return Double.isInfinite(part) ? "∞" : Math.round(part * 100) + " %";
    }
}
