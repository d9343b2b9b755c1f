package dev.tau.jobs.terminal;

import dev.tau.jobs.job.JobStatus;
import org.jline.utils.AttributedStyle;

/** The colours of the states, where there are colours. */
public final class Colours {
    private Colours() {}

    /**
     * The colour of a state.
     *
     * @param status the state
     * @return bold for what wants to be seen
     */
    public static AttributedStyle of(JobStatus status) {
        return switch (status) {
            case QUEUED -> AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
            case RUNNING -> AttributedStyle.BOLD.foreground(AttributedStyle.CYAN);
            case SUCCEEDED -> AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
            case FAILED -> AttributedStyle.BOLD.foreground(AttributedStyle.RED);
            case CANCELLED -> AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA);
        };
    }
}
