package dev.tau.jobs.process;

import dev.tau.jobs.job.ProcessIdentity;
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
     * Tells a process from those that will have its pid later.
     *
     * @param pid a process that was just started
     * @return its identity; the start is empty if it is gone already
     */
    ProcessIdentity identify(long pid);

    /**
     * Whether a process carries a job's mark in its environment.
     *
     * @param pid the process
     * @param marker the mark
     * @return false also if that can't be told
     */
    boolean carries(long pid, LaunchSpec.JobMarker marker);

    /**
     * The mark that a process carries in its environment, whichever job's it is.
     *
     * @param pid the process
     * @return the mark; empty if it carries none, or that can't be told
     */
    default Optional<LaunchSpec.JobMarker> markerOf(long pid) {
        return Optional.empty();
    }

    /**
     * The table of this platform.
     *
     * @return from /proc where there is one, else from ProcessHandle
     */
    static ProcessTable ofPlatform() {
        return LinuxProcessTable.isAvailable() ? new LinuxProcessTable() : new PortableProcessTable();
    }
}
