package dev.tau.jobs.job;

/**
 * How much the interrupted runs of a job had written, which is gone with them: the run after one begins with empty files. Who reads the
 * output part by part counts on from there, so that nothing of the next run is taken for what was read before.
 *
 * @param stdout of standard output, in bytes
 * @param stderr of standard error, in bytes
 */
public record LostOutput(long stdout, long stderr) {
    /** No run was interrupted, or it had written nothing. */
    public static final LostOutput NONE = new LostOutput(0, 0);

    /** The same, and what one more run had written; never more than can be counted, whatever a manifest says. */
    LostOutput and(long moreStdout, long moreStderr) {
        return new LostOutput(sum(stdout, moreStdout), sum(stderr, moreStderr));
    }

    private static long sum(long lost, long more) {
        long sum = lost + Math.max(0, more);
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
