package dev.tau.jobs.job;

/**
 * What is missing in the output files of a job.
 *
 * @param stdout in that of standard output
 * @param stderr in that of standard error
 */
public record LostOutput(OutputGaps stdout, OutputGaps stderr) {
    /** No run was interrupted, or it had written nothing. */
    public static final LostOutput NONE = new LostOutput(OutputGaps.NONE, OutputGaps.NONE);
}
