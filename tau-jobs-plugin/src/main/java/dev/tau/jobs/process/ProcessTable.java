package dev.tau.jobs.process;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The processes of this machine. */
public interface ProcessTable {

    /**
     * One process.
     *
     * @param pid its id
     * @param parent its parent's id
     * @param group its process group, 0 if unknown
     * @param session its session, 0 if unknown
     * @param start when it started; comparable only as a text, with others of the same table
     */
    record Entry(long pid, long parent, long group, long session, String start) {}

    /** {@return all processes that have not ended} */
    List<Entry> snapshot();

    /**
     * What may descend from a process that this runtime has started: at least every live process that was started after it.
     *
     * @param pid the process
     * @param age how long ago it was started, at least
     * @return processes that have not ended, perhaps many more than asked for
     */
    default List<Entry> startedSince(long pid, Duration age) {
        return snapshot();
    }

    /**
     * Tells a process from those that will have its pid later.
     *
     * @param pid a process that was just started
     * @return its identity; the start is empty if it is gone already
     */
    ProcessIdentity identify(long pid);

    /**
     * Whose process one is, by what it has inherited from the process that we started.
     *
     * @param pid the process
     * @param stateDir of which state dir, its real path
     * @return the job; empty if it is none of that state dir's, or that can't be told
     */
    Optional<JobId> jobOf(long pid, String stateDir);

    /**
     * The table of this platform.
     *
     * @return from /proc where there is one, else from ProcessHandle
     */
    static ProcessTable ofPlatform() {
        return LinuxProcessTable.isAvailable() ? new LinuxProcessTable() : new PortableProcessTable();
    }
}
