package dev.tau.jobs.cli;

import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.terminal.Colours;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import picocli.CommandLine.Help.Ansi;

/** Colours of words, on a terminal alone, and unless NO_COLOR says otherwise. */
final class Paints {
    private static final AttributedStyle WRONG = AttributedStyle.BOLD.foreground(AttributedStyle.RED);
    private static final AttributedStyle RIGHT = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);

    private Paints() {}

    /** A state, by its name; what is none stays as it is. */
    static String status(String name) {
        return as(name, name);
    }

    /** A text in the colour of a state, given by its name. */
    static String as(String status, String text) {
        return JobStatus.ofWireName(status)
                .map(known -> painted(text, Colours.of(known)))
                .orElse(text);
    }

    static String wrong(String text) {
        return painted(text, WRONG);
    }

    static String right(String text) {
        return painted(text, RIGHT);
    }

    private static String painted(String text, AttributedStyle style) {
        return Ansi.AUTO.enabled() ? new AttributedString(text, style).toAnsi() : text;
    }
}
