package dev.tau.jobs.process;

import dev.tau.jobs.file.FileIdentity;
import dev.tau.jobs.job.OutputSizes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One output file of a job that runs, kept near its cap. Not safe for several threads at once. */
public final class JobOutput {
    private static final System.Logger LOG = System.getLogger(JobOutput.class.getName());
    private static final Optional<String> FALLOCATE = HolePunch.findProgram();
    /** While its job runs, trimmed only when it is this far over its cap, so that not each line costs a process. In bytes. */
    public static final long SLACK_BYTES = 16L << 20;

    private final Path file;
    private final FileIdentity identity;
    private final long capBytes;
    private final long droppedBefore;
    private OutputTrimmer trimmer;
    private long trimmedAt;

    /**
     * The output of a job that has just started.
     *
     * @param file where the process writes
     * @param identity which file that is: a job may put another one, or a link, in its place
     * @param capBytes what to keep of it
     * @param writtenBefore how many bytes earlier attempts of the job have written to it
     */
    public JobOutput(Path file, FileIdentity identity, long capBytes, long writtenBefore) {
        this.file = file;
        this.identity = identity;
        this.capBytes = capBytes;
        this.droppedBefore = droppedOf(writtenBefore, identity);
        this.trimmer = FALLOCATE
                .<OutputTrimmer>map(program -> HolePunch.of(file, program))
                .orElseGet(() -> new CopyTruncate(file, droppedBefore));
    }

    private static long droppedOf(long written, FileIdentity identity) {
        try {
            return Math.max(0, written - identity.size());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "can't tell how much was dropped", e);
            return 0;
        }
    }

    /** Trims it if it has grown far over its cap; called from time to time while the job runs. */
    public void watch() {
        try {
            long size = identity.size();
            if (size < trimmedAt) {
                trimmedAt = 0;
            }
            if (size - trimmedAt > capBytes + SLACK_BYTES || (trimmedAt > 0 && size - trimmedAt > SLACK_BYTES)) {
                trim();
                trimmedAt = size;
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "can't watch " + file, e);
        }
    }

    /**
     * Trims it to its cap, when no process writes any more.
     *
     * @return how much was written
     */
    public OutputSizes.Stream finish() {
        try {
            if (identity.size() > capBytes) {
                trim();
            }
            return trimmer.measure();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "can't trim or measure " + file, e);
            return measure(file, capBytes);
        }
    }

    private void trim() throws IOException {
        try {
            trimmer.trim(capBytes);
        } catch (IOException e) {
            if (!(trimmer instanceof HolePunch)) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "can't punch holes into " + file + ": it is copied instead", e);
            trimmer = new CopyTruncate(file, droppedBefore);
            trimmer.trim(capBytes);
        }
    }

    /** {@return how much was written by now; as far as it is in the file, if that can't be told} */
    public OutputSizes.Stream written() {
        try {
            // Throws if the job has put another file, or a link, in its place.
            identity.size();
            OutputSizes.Stream counted = trimmer.measure();
            return new OutputSizes.Stream(
                    counted.bytes(), counted.truncated() || counted.bytes() > capBytes, counted.lowerBound());
        } catch (IOException e) {
            return measure(file, capBytes);
        }
    }

    /**
     * How much is in the two output files of a job of which nothing else is known.
     *
     * @param files standard output, then standard error; one that is not there is empty
     * @param capBytes a longer one was trimmed, or will be
     * @return their sizes
     */
    public static OutputSizes measure(List<Path> files, long capBytes) {
        return new OutputSizes(measure(files.get(0), capBytes), measure(files.get(1), capBytes));
    }

    /**
     * How much is in an output file of which nothing else is known.
     *
     * @param file the file; one that is not there is empty
     * @param capBytes a longer one was trimmed, or will be
     * @return its size
     */
    public static OutputSizes.Stream measure(Path file, long capBytes) {
        try {
            long size = FileIdentity.of(file).size();
            return new OutputSizes.Stream(size, size > capBytes, false);
        } catch (IOException e) {
            return OutputSizes.Stream.EMPTY;
        }
    }
}
