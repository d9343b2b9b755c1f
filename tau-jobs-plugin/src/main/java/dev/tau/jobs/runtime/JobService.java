package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobPage;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.OutputGaps;
import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.process.OutputReader;
import dev.tau.jobs.process.OutputTail;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Background jobs over one state dir: what the four tools call. {@link JobRuntime} owns the dir and runs the jobs,
 * {@link GuestRuntime} asks the owner. Safe for several threads.
 */
public interface JobService extends AutoCloseable {

    /** An output of a job. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /**
     * Queues a job.
     *
     * @param request what to run
     * @return the job; it survives a power cut
     * @throws IOException if it could not be made durable; it will not run then
     * @throws RejectedJobException if the queue is full or the service is closed
     */
    JobRecord create(JobRequest request) throws IOException, RejectedJobException;

    /**
     * The jobs that a query asks for.
     *
     * @param query the query
     * @return some or all of them, and where to go on
     * @throws IOException if they can't be read
     */
    JobPage list(JobQuery query) throws IOException;

    /**
     * The newest jobs.
     *
     * @param statuses in which states
     * @param limit how many at the most
     * @return newest created first, ties by id
     * @throws IOException if they can't be read
     */
    default List<JobRecord> list(Set<JobStatus> statuses, int limit) throws IOException {
        return list(JobQuery.newest(statuses, limit)).jobs();
    }

    /**
     * One job.
     *
     * @param id its id
     * @return empty if there is none
     * @throws IOException if it can't be read
     */
    Optional<JobRecord> get(JobId id) throws IOException;

    /**
     * Why a job's manifest is left untouched.
     *
     * @param id its id
     * @return a sentence; empty if it was read, or is not there
     */
    Optional<String> refusal(JobId id);

    /**
     * Waits until a job has ended or the time is up.
     *
     * @param id its id
     * @param time how long to wait at the most
     * @return the job as it is then; empty if there is none
     * @throws InterruptedException if the thread is interrupted
     * @throws IOException if it can't be read
     */
    Optional<JobRecord> await(JobId id, Duration time) throws InterruptedException, IOException;

    /**
     * Cancels a job: at once if it waits, by ending its process tree if it runs. One that has ended stays as it is.
     *
     * @param id its id
     * @return the job as it is when the request is durable; empty if there is none
     * @throws IOException if the request could not be made durable
     * @throws RejectedJobException if the service is closed
     */
    Optional<JobRecord> cancel(JobId id) throws IOException, RejectedJobException;

    /**
     * Counters and diagnostics.
     *
     * @return as they are now; a guest's lag behind by a moment
     * @throws IOException if they can't be read
     */
    Snapshot health() throws IOException;

    /**
     * Where a job's output is.
     *
     * @param job the job
     * @return standard output, then standard error
     */
    List<Path> outputs(JobRecord job);

    /**
     * How much a job has written.
     *
     * @param job the job
     * @return by now, or in the end; dropped output is counted
     */
    OutputSizes written(JobRecord job);

    /**
     * The output of a job from a place on, safe to show.
     *
     * @param job the job
     * @param stream which
     * @param offset where to begin, in bytes from the first that was ever written, also by runs that a restart has interrupted
     * @param maxBytes how much at the most
     * @return the part
     * @throws IOException if the file can't be read
     */
    default OutputPart output(JobRecord job, Stream stream, long offset, int maxBytes) throws IOException {
        if (job.state().interrupted() != null) {
            // What is in the files is of a run that was interrupted: nothing of it was acknowledged since, and it goes.
            return new OutputPart("", offset, 0);
        }
        OutputSizes written = written(job);
        boolean out = stream == Stream.STDOUT;
        OutputGaps gaps = gaps(job, stream);
        OutputGaps.Place place = gaps.placeOf(offset);
        OutputPart part = OutputReader.read(
                new OutputReader.Source(
                        outputs(job).get(out ? 0 : 1),
                        out ? written.stdout() : written.stderr(),
                        job.status().isTerminal()),
                place.position(),
                (int) Math.min(maxBytes, place.room()),
                OutputTail.secretsOf(job.spec().env()));
        boolean nothing = part.text().isEmpty() && part.droppedBytes() == 0;
        // What is missing is told with what comes behind it.
        return nothing
                ? new OutputPart("", offset, 0)
                : new OutputPart(part.text(), gaps.offsetOf(part.nextOffset()), place.missing() + part.droppedBytes());
    }

    /**
     * Where the output of a job ends now, as {@link #output} counts.
     *
     * @param job the job
     * @param stream which
     * @return the offset, in bytes
     */
    default long outputEnd(JobRecord job, Stream stream) {
        boolean out = stream == Stream.STDOUT;
        if (job.state().interrupted() != null) {
            return gaps(job, stream)
                    .offsetOf(out ? job.state().stdoutStart() : job.state().stderrStart());
        }
        OutputSizes written = written(job);
        return gaps(job, stream).offsetOf((out ? written.stdout() : written.stderr()).bytes());
    }

    private static OutputGaps gaps(JobRecord job, Stream stream) {
        return stream == Stream.STDOUT
                ? job.state().lost().stdout()
                : job.state().lost().stderr();
    }

    /**
     * The last output of a job, safe to show.
     *
     * @param job the job
     * @param maxBytes how much of each stream at the most
     * @return standard output, then standard error
     * @throws IOException if a file can't be read
     */
    default List<String> preview(JobRecord job, int maxBytes) throws IOException {
        var secrets = OutputTail.secretsOf(job.spec().env());
        List<Path> files = outputs(job);
        return List.of(
                OutputTail.read(files.get(0), maxBytes, secrets), OutputTail.read(files.get(1), maxBytes, secrets));
    }

    @Override
    void close();
}
