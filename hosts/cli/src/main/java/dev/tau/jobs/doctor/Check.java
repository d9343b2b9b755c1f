package dev.tau.jobs.doctor;

import java.io.IOException;

/** Looks for one sort of thing that can be wrong. */
interface Check {
    /**
     * Looks, and tells what it found.
     *
     * @throws IOException if it could not look
     */
    void run(Examined dir, Findings out) throws IOException;
}
