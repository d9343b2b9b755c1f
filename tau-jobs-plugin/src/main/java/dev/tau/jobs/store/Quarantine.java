package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Puts files aside that can't be used, each whole and under a name of its own. */
public final class Quarantine {
    private static final System.Logger LOG = System.getLogger(Quarantine.class.getName());

    private final StateDir dir;
    private final Disk disk;

    /**
     * The quarantine of a state dir.
     *
     * @param dir the state dir
     * @param disk changes its files
     */
    public Quarantine(StateDir dir, Disk disk) {
        this.dir = dir;
        this.disk = disk;
    }

    private interface Step {
        void to(Path target) throws IOException;
    }

    /** Keeps a copy of a file that is still needed, and says so in a line for the diagnostics. */
    String copy(Path file, byte[] content, String why) {
        return put(file, "copied", target -> disk.write(target, content), why);
    }

    /** Moves a file and says so in a line for the diagnostics. */
    String move(Path file, String why) {
        return put(file, "moved", target -> disk.rename(file, target), why);
    }

    private String put(Path file, String done, Step step, String why) {
        String name = String.valueOf(file.getFileName());
        String outcome;
        try {
            Path target = place(name);
            step.to(target);
            outcome = done + "_to=quarantine/" + target.getFileName();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "not " + done + " to quarantine: " + file, e);
            outcome = "not_" + done;
        }
        return "background_job_quarantined: file=" + name + " " + outcome + " error=" + why;
    }

    /**
     * A name that is not taken. Only for the directory's owner.
     *
     * @param name the name to begin with
     * @return the place, in a directory that is there
     * @throws IOException if there is no quarantine and none can be made
     */
    public Path place(String name) throws IOException {
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
