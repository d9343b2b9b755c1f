package dev.tau.jobs.store;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps jobs through crashes. All methods but {@link #load} may be called from any thread. Owns its directory from its
 * opening to its {@link #close}: until then another one can't be opened there.
 */
public interface JobStore extends HeardStore, AutoCloseable {

    /**
     * What was found when the store was opened.
     *
     * @param jobs jobs that could be read, oldest first: all that have not ended, and the newest that have
     * @param history the others that have ended
     * @param snapshot the last snapshot, which may lag behind the jobs; null if there is none
     * @param problems one sentence for each file that could not be used
     * @param refused by job id, why its manifest is left untouched: a newer version wrote it
     * @param removing ids of jobs that the snapshot counts as removed, and of which files could not be deleted
     */
    record Found(
            List<JobRecord> jobs,
            History history,
            @Nullable Snapshot snapshot,
            List<String> problems,
            Map<String, String> refused,
            List<String> removing) {}

    /**
     * Reads everything. Called once, first.
     *
     * @return the jobs and the last snapshot
     * @throws IOException if the store can't be used at all
     */
    Found load() throws IOException;

    /**
     * Replaces a job's manifest. On return the job survives the end of this process and a power cut; on an exception the
     * manifest is either the old or the new one, whole.
     *
     * @param job the job as it is now
     * @throws IOException if it could not be made durable
     */
    void save(JobRecord job) throws IOException;

    /**
     * Makes a job durable, as {@link #save} does; its manifest may show it only after {@link #publish}.
     *
     * @param job the job as it is now
     * @throws IOException if it could not be made durable
     */
    void commit(JobRecord job) throws IOException;

    /**
     * Changes a job, as {@link #save} does, but after a power cut it may be as it was: for what is of no use then. Its manifest
     * may show the change only after {@link #publish}.
     *
     * @param job the job as it is now
     * @throws IOException if it could not be written
     */
    void saveSoon(JobRecord job) throws IOException;

    /**
     * Lets all manifests show what was saved, as far as the disk lets us.
     *
     * @return whether all do; if not, this is to be called again
     */
    boolean publish();

    /**
     * Lets one job's manifest show what was saved.
     *
     * @param id the job
     * @throws IOException if it can't be written
     */
    void publish(JobId id) throws IOException;

    /**
     * Takes back a new job that was not acknowledged to anybody, because {@link #commit} failed on it.
     *
     * @param id the job
     * @throws IOException if it may still be there
     */
    void discard(JobId id) throws IOException;

    /**
     * Deletes manifests and outputs of jobs that have ended. On return they are gone, also after a power cut. A snapshot
     * that names them as being removed must have been saved before: a removal that is cut short is finished by
     * {@link #load}.
     *
     * @param ids which jobs
     * @throws IOException if some may still be there
     */
    void removeHistory(Collection<JobId> ids) throws IOException;

    /**
     * Reads a job's manifest, for one that is in the history.
     *
     * @param id the job
     * @return empty if it is not there, or the job has not ended
     * @throws IOException if it can't be read
     */
    Optional<JobRecord> read(JobId id) throws IOException;

    /**
     * Whether a removal of a job has left anything of it.
     *
     * @param id the job
     * @return whether its manifest or an output is there
     */
    boolean hasFiles(JobId id);

    /**
     * Lets {@link #close} leave a summary of all jobs, by which the next start is quicker. To be called right before it, and
     * only if nothing is in the index that could not be saved.
     *
     * @param index all jobs
     */
    void summarize(JobIndex index);

    /** {@return what other runtimes ask of the owner} */
    RequestBox requests();

    /**
     * Appends to the event log. Survives the end of this process, not a power cut: manifests are the truth.
     *
     * @param event what happened
     * @throws IOException if it could not be written
     */
    void append(JobEvent event) throws IOException;

    /**
     * Replaces the snapshot.
     *
     * @param snapshot counters and diagnostics
     * @throws IOException if it could not be written; the old one is whole
     */
    void saveSnapshot(Snapshot snapshot) throws IOException;

    /**
     * The file of a job's standard output.
     *
     * @param id the job
     * @return absolute, always below the store's own directory
     */
    Path stdout(JobId id);

    /**
     * The file of a job's standard error.
     *
     * @param id the job
     * @return absolute, always below the store's own directory
     */
    Path stderr(JobId id);

    /** {@return the directory that tells this store from every other} */
    Path directory();

    @Override
    void close();
}
