package dev.tau.jobs.process;

import dev.tau.jobs.job.OutputSizes;
import java.io.IOException;

/** Keeps the newest part of a growing output file and drops the rest, while a process goes on writing to it. */
interface OutputTrimmer {

    /**
     * Drops the oldest output, so that the file takes little more than the cap on disk.
     *
     * @param keepBytes the cap
     * @throws IOException if that can't be done; the output is whole then
     */
    void trim(long keepBytes) throws IOException;

    /**
     * What was written by now.
     *
     * @return the true number of bytes, or a lower bound that says so
     * @throws IOException if the file can't be read
     */
    OutputSizes.Stream measure() throws IOException;
}
