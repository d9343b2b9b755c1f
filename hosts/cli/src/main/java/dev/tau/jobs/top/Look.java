package dev.tau.jobs.top;

import dev.tau.jobs.job.JobStatus;
import org.jline.utils.AttributedStyle;

/**
 * Colours and signs.
 *
 * @param colour whether there are colours
 * @param unicode whether the terminal has more than ASCII
 */
record Look(boolean colour, boolean unicode) {
    AttributedStyle of(JobStatus status) {
        return switch (status) {
            case QUEUED -> coloured(AttributedStyle.YELLOW);
            case RUNNING -> coloured(AttributedStyle.CYAN).bold();
            case SUCCEEDED -> coloured(AttributedStyle.GREEN);
            case FAILED -> coloured(AttributedStyle.RED).bold();
            case CANCELLED -> coloured(AttributedStyle.MAGENTA);
        };
    }

    AttributedStyle warning() {
        return coloured(AttributedStyle.RED).bold();
    }

    private AttributedStyle coloured(int number) {
        return colour ? AttributedStyle.DEFAULT.foreground(number) : AttributedStyle.DEFAULT;
    }

    String bar(int full, int cells) {
        return (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : ".").repeat(cells - full);
    }

    String between() {
        return unicode ? " · " : " | ";
    }
}
