package dev.tau.jobs.bench.process;

import java.io.IOException;
import java.util.Locale;

/** How a process and the driver talk: values on stdout; the driver ends the input when it has seen enough. */
final class Measured {
    private Measured() {}

    @SuppressWarnings("SystemOut")
    static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "%s %s%n", name, value);
        System.out.flush();
    }

    /** Says that the driver may look at this process, and waits until it has done so. */
    static void readyUntilEndOfInput() throws IOException {
        System.out.println("ready");
        System.out.flush();
        while (System.in.read() >= 0) {
            // The driver says nothing.
        }
    }
}
