package dev.tau.jobs.process;

import dev.tau.jobs.file.FileIdentity;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.ProcessIdentity;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Starts processes, without a shell in between. */
public interface ProcessLauncher extends AutoCloseable {

    /**
     * A process that has been started.
     *
     * @param identity which it is
     * @param session the process that leads its session, itself or one of ours; whatever else is in that session is the job's
     * @param stdout the file of its standard output
     * @param stderr the file of its standard error
     * @param exit completes with the exit code as soon as the process has ended, 128 + n for signal n
     */
    record Launched(
            ProcessIdentity identity,
            long session,
            FileIdentity stdout,
            FileIdentity stderr,
            CompletableFuture<Integer> exit) {}

    /**
     * Starts a process. Its standard input is empty unless one is given; its output goes from the kernel straight to the two files, of which
     * only what is to be kept is left first.
     *
     * @param spec what to start
     * @return the process
     * @throws SpawnException if the program can't be started
     * @throws IOException if an output file can't be opened
     */
    Launched launch(LaunchSpec spec) throws SpawnException, IOException;

    /**
     * To be called when no process of a job is left, whether it could be started or not: gives back what was held for it.
     *
     * @param id the job
     */
    void release(JobId id);

    /** To be closed when all that it started has ended. */
    @Override
    void close();

    /** The program can't be started; the message says why. */
    final class SpawnException extends Exception {
        private static final long serialVersionUID = 1L;

        /**
         * A failure.
         *
         * @param message why
         */
        public SpawnException(String message) {
            super(message);
        }
    }
}
