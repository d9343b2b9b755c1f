package dev.tau.jobs.terminal;

import java.util.List;
import java.util.Locale;

/** Text for people's terminals. */
public final class Texts {
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

    private Texts() {}

    /**
     * The text with control characters escaped: a job's name must not be able to drive the terminal.
     *
     * @param text any text
     * @return one line
     */
    public static String printable(String text) {
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

    /**
     * A text that is not too long.
     *
     * @param text any text
     * @param length how many characters at the most
     * @return the text; the last character is an ellipsis where something was left out
     */
    public static String shortened(String text, int length) {
        if (text.codePointCount(0, text.length()) <= length) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
    }

    /**
     * A text that is not too long, of which the end says most.
     *
     * @param text any text
     * @param length how many characters at the most
     * @return the text; the first character is an ellipsis where something was left out
     */
    public static String end(String text, int length) {
        int count = text.codePointCount(0, text.length());
        return count <= length ? text : "…" + text.substring(text.offsetByCodePoints(0, count - length + 1));
    }

    /**
     * A command and its arguments as one line, for reading and not for pasting into a shell.
     *
     * @param command the program
     * @param args its arguments
     * @return one line, printable
     */
    public static String commandLine(String command, List<String> args) {
        StringBuilder line = new StringBuilder(printable(command));
        for (String arg : args) {
            String text = printable(arg);
            line.append(' ').append(text.isEmpty() || text.contains(" ") ? "'" + text + "'" : text);
        }
        return line.toString();
    }

    /**
     * A time span as people read it.
     *
     * @param ms in milliseconds; a negative one is 0
     * @return such as {@code 1.2s}, {@code 3m05s} or {@code 2h07m}
     */
    public static String duration(long ms) {
        long seconds = Math.max(ms, 0) / 1000;
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%d.%ds", seconds, Math.max(ms, 0) % 1000 / 100);
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
    }

    /**
     * An amount of bytes as people read it.
     *
     * @param bytes how many; a negative one is 0
     * @return such as {@code 17 B}, {@code 1.5 kB} or {@code 20 MB}, by powers of 1000
     */
    public static String bytes(long bytes) {
        double amount = Math.max(bytes, 0);
        int unit = 0;
        while (amount >= 999.5 && unit < UNITS.size() - 1) {
            amount /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || amount >= 9.95 ? "%.0f %s" : "%.1f %s", amount, UNITS.get(unit));
    }
}
