package dev.tau.jobs.monitor;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobRecord;

/** What flight recordings hold of a runtime. While none is made it costs next to nothing. */
public final class Recordings {
    /** A JDK may have been made without it. */
    private static final boolean POSSIBLE = isPossible();

    private Recordings() {}

    private static boolean isPossible() {
        try {
            Class.forName("jdk.jfr.Event", false, Recordings.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Records what happened to a job.
     *
     * @param job the job as it is now
     * @param event what happened
     */
    public static void record(JobRecord job, JobEvent event) {
        if (POSSIBLE) {
            Transition.record(job, event);
        }
    }

    /**
     * Records slow changes of files, and counts their syncs.
     *
     * @param disk what changes them
     * @param syncs gets the syncs
     * @return the same, watched
     */
    public static Disk watched(Disk disk, SyncTimes syncs) {
        return new WatchedDisk(disk, syncs, POSSIBLE);
    }

    /** Apart, so that the event's class is asked for only where there can be one. */
    private static final class Transition {
        static void record(JobRecord job, JobEvent line) {
            JobTransitionEvent event = new JobTransitionEvent();
            if (event.shouldCommit()) {
                event.fill(job, line);
                event.commit();
            }
        }
    }
}
