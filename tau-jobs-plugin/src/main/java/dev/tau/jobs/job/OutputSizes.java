package dev.tau.jobs.job;

/**
 * How much a job has written.
 *
 * @param stdout what it wrote to its standard output
 * @param stderr what it wrote to its standard error
 */
public record OutputSizes(Stream stdout, Stream stderr) {
    /** Nothing. */
    public static final OutputSizes NONE = new OutputSizes(Stream.EMPTY, Stream.EMPTY);

    /**
     * One stream.
     *
     * @param bytes all that was ever written
     * @param truncated whether the oldest of it was dropped
     * @param lowerBound whether more may have been written than was counted
     */
    public record Stream(long bytes, boolean truncated, boolean lowerBound) {
        /** Nothing. */
        public static final Stream EMPTY = new Stream(0, false, false);
    }

    /**
     * One of the two.
     *
     * @param stderr which
     * @return how much the job wrote to its standard error, or to its standard output
     */
    public Stream of(boolean stderr) {
        return stderr ? stderr() : stdout();
    }
}
