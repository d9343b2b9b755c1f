package dev.tau.jobs.cli;

import java.util.Locale;

/** Text for people's terminals. */
final class Texts {
    private Texts() {}

    /** The text with control characters escaped: a job's name must not be able to drive the terminal. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (type == Character.CONTROL
                    // FORMAT has the characters that turn the reading direction, hence can hide what a command does.
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** At most so many characters, the last one an ellipsis where something was left out. */
    static String shortened(String text, int length) {
        if (text.codePointCount(0, text.length()) <= length) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
    }

    /** A time span as people read it, such as {@code 1.2s}, {@code 3m05s} or {@code 2h07m}. */
    static String duration(long ms) {
        long seconds = Math.max(ms, 0) / 1000;
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%d.%ds", seconds, Math.max(ms, 0) % 1000 / 100);
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
    }
}
