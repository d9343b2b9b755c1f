package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Puts files aside that can't be used, each whole and under a name of its own. */
final class Quarantine {
    private static final System.Logger LOG = System.getLogger(Quarantine.class.getName());

    private final StateDir dir;
    private final Disk disk;

    Quarantine(StateDir dir, Disk disk) {
        this.dir = dir;
        this.disk = disk;
    }

    /** Keeps a copy of a file that is still needed, and says so in a line for the diagnostics. */
    String copy(Path file, byte[] content, String why) {
        String name = String.valueOf(file.getFileName());
        String outcome;
        try {
            Path target = place(name);
            disk.write(target, content);
            outcome = "copied_to=quarantine/" + target.getFileName();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "could not copy " + file + " to quarantine", e);
            outcome = "not_copied";
        }
        return "background_job_quarantined: file=" + name + " " + outcome + " error=" + why;
    }

    /** Moves a file and says so in a line for the diagnostics. */
    String move(Path file, String why) {
        String name = String.valueOf(file.getFileName());
        String outcome;
        try {
            Path target = place(name);
            disk.rename(file, target);
            outcome = "moved_to=quarantine/" + target.getFileName();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "could not move " + file + " to quarantine", e);
            outcome = "not_moved";
        }
        return "background_job_quarantined: file=" + name + " " + outcome + " error=" + why;
    }

    private Path place(String name) throws IOException {
        disk.createDirectories(dir.quarantine());
        if (!Files.isDirectory(dir.quarantine(), LinkOption.NOFOLLOW_LINKS)) {
            // A link could lead anywhere, and a manifest may hold secrets.
            throw new IOException("quarantine is no directory of its own");
        }
        Path target = dir.quarantine().resolve(name);
        for (int i = 1; StateDir.exists(target); i++) {
            target = dir.quarantine().resolve(name + "." + i);
        }
        return target;
    }
}
