package dev.tau.jobs.statedir;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.process.JobOutput;
import dev.tau.jobs.process.OutputReader;
import dev.tau.jobs.process.OutputTail;
import dev.tau.jobs.store.ManifestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the jobs of a state dir have written. Reads anew at every call. */
public final class JobOutputs {
    private final ManifestReader manifests;
    private final long maxOutputBytes;
    private final Ownership ownership;

    /** Tells whether this process owns the state dir. */
    interface Ownership {
        boolean isOurs() throws IOException;
    }

    JobOutputs(ManifestReader manifests, long maxOutputBytes, Ownership ownership) {
        this.manifests = manifests;
        this.maxOutputBytes = maxOutputBytes;
        this.ownership = ownership;
    }

    /**
     * Where a job's outputs are.
     *
     * @param job the job
     * @return standard output, then standard error; neither need be there
     */
    public List<Path> files(JobRecord job) {
        return manifests.outputs(job.id());
    }

    /**
     * A part of an output of a job.
     *
     * @param job the job
     * @param stderr which output
     * @param offset where the part begins, in bytes from the first that was ever written
     * @param maxBytes how much to read at the most
     * @return the part, safe to show
     * @throws IOException if the file can't be read
     */
    public OutputPart read(JobRecord job, boolean stderr, long offset, int maxBytes) throws IOException {
        OutputReader.Source source = new OutputReader.Source(
                files(job).get(stderr ? 1 : 0),
                sizes(job).of(stderr),
                job.status().isTerminal());
        return OutputReader.read(
                source, offset, maxBytes, OutputTail.secretsOf(job.spec().env()));
    }

    /**
     * How much a job has written to its outputs.
     *
     * @param job the job
     * @return the sizes; of a job that runs, what there is now
     */
    public OutputSizes sizes(JobRecord job) {
        OutputSizes ended = job.state().output();
        return ended == null ? now(job) : ended;
    }

    /** What there is now, by our own settings. */
    OutputSizes now(JobRecord job) {
        return JobOutput.measure(files(job), maxOutputBytes);
    }

    /**
     * How much a job has written.
     *
     * @param job the job
     * @return in bytes, both outputs together; of one that runs, what there is now
     */
    public long bytes(JobRecord job) {
        OutputSizes sizes = sizes(job);
        return sizes.stdout().bytes() + sizes.stderr().bytes();
    }

    /**
     * Up to which length an output of a job that has not ended is whole. The owner decides what is dropped, and may keep less than
     * our own settings say: while a command runs, it lets the output grow some way; behind each attempt it drops what is too much.
     *
     * @param job the job as in results
     * @return in bytes
     * @throws IOException if it can't be told who owns the directory
     */
    public long wholeUpTo(Map<?, ?> job) throws IOException {
        return ownership.isOurs() ? maxOutputBytes : job.containsKey("attempts") ? 0 : JobOutput.SLACK_BYTES;
    }
}
