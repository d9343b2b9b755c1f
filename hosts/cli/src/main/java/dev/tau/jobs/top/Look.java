package dev.tau.jobs.top;

import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.terminal.Colours;
import org.jline.utils.AttributedStyle;

/**
 * Colours and signs.
 *
 * @param colour whether there are colours
 * @param unicode whether the terminal has more than ASCII
 */
record Look(boolean colour, boolean unicode) {
    AttributedStyle of(JobStatus status) {
        return colour ? Colours.of(status) : AttributedStyle.DEFAULT;
    }

    AttributedStyle warning() {
        return of(JobStatus.FAILED);
    }

    String bar(int full, int cells) {
        return (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : ".").repeat(cells - full);
    }

    String between() {
        return unicode ? " · " : " | ";
    }
}
