package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Deletes all that a state dir holds of some jobs. */
final class HistoryRemover {
    private final StateDir dir;
    private final Disk disk;

    HistoryRemover(StateDir dir, Disk disk) {
        this.dir = dir;
        this.disk = disk;
    }

    /** On return they are gone also after a power cut. */
    void remove(Collection<JobId> ids) throws IOException {
        for (JobId id : ids) {
            // The manifest last: what a crash leaves of a job can still be told to be one.
            for (Path file : List.of(dir.stdout(id), dir.stderr(id), dir.manifest(id))) {
                disk.delete(file);
            }
        }
        disk.syncDirectory(dir.jobs());
    }
}
