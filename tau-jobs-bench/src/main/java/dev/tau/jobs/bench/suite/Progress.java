package dev.tau.jobs.bench.suite;

import java.io.PrintWriter;
import java.util.Locale;

/** Tells a person what is going on, and since when: a run takes minutes. */
public final class Progress {
    private final PrintWriter out;
    private final long start = System.nanoTime();

    /**
     * Begins to count the time.
     *
     * @param out where the lines go
     */
    public Progress(PrintWriter out) {
        this.out = out;
    }

    void say(String format, Object... arguments) {
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        out.printf(Locale.ROOT, "[%d:%02d] ", seconds / 60, seconds % 60);
        out.printf(Locale.ROOT, format + "%n", arguments);
    }
}
