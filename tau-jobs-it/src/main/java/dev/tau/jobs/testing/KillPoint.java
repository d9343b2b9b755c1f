package dev.tau.jobs.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** What a host that runs in a {@link KillableJvm} calls to say how far it has come. */
public final class KillPoint {
    static final String PREFIX = "point:";

    private KillPoint() {}

    /**
     * Prints the line that {@link KillableJvm#awaitPoint} waits for, and goes on: a kill falls a little later than here.
     *
     * @param name what the test calls the point
     */
    @SuppressWarnings("SystemOut") // standard output is what the test reads
    public static void reached(String name) {
        // The host may have other threads that print; the line must be one of its own.
        synchronized (System.out) {
            System.out.println(PREFIX + name);
            System.out.flush();
        }
    }

    /**
     * Prints the line and waits, so that a kill falls exactly here; returns when {@link KillableJvm#endInput} is called or
     * the test's own JVM is gone.
     *
     * @param name what the test calls the point
     */
    public static void hold(String name) {
        reached(name);
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
