package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Replaces files whole: a reader, and a crash, see the old or the new content, never a mix. */
public final class AtomicFiles {
    private static final System.Logger LOG = System.getLogger(AtomicFiles.class.getName());
    private static final String TEMPORARY_SUFFIX = ".tmp";
    /** Names of {@link #replace}'s temporary files, as a glob. */
    static final String TEMPORARY_GLOB = ".*" + TEMPORARY_SUFFIX;

    private final Disk disk;
    private volatile boolean leftBehind;

    /**
     * Replaces files on a disk.
     *
     * @param disk changes them
     */
    public AtomicFiles(Disk disk) {
        this.disk = disk;
    }

    /**
     * Whether a file is one of those that replace others.
     *
     * @param name the file's name
     * @return true also of those of another process, or that a crash has left
     */
    public static boolean isTemporary(String name) {
        return name.startsWith(".") && name.endsWith(TEMPORARY_SUFFIX);
    }

    /** Whether a temporary file could not be deleted. */
    boolean hasLeftBehind() {
        return leftBehind;
    }

    /**
     * Replaces a file; on return the new content survives a power cut.
     *
     * @param target the file
     * @param content what it is to hold
     * @throws IOException if that can't be had; it holds the old content or the new, whole
     */
    public void replace(Path target, byte[] content) throws IOException {
        replaceSoon(target, content);
        disk.syncDirectory(directoryOf(target));
    }

    /** Replaces a file; after a power cut it holds the old content or the new. */
    void replaceSoon(Path target, byte[] content) throws IOException {
        replace(target, content, true);
    }

    /** Replaces a file; after a power cut nothing is known of it. */
    void replaceUnsynced(Path target, byte[] content) throws IOException {
        replace(target, content, false);
    }

    private void replace(Path target, byte[] content, boolean synced) throws IOException {
        // A leading dot and another suffix: neither our reader nor the original's takes it for a manifest.
        Path temporary = target.resolveSibling("." + target.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + TEMPORARY_SUFFIX);
        try {
            disk.write(temporary, content);
            if (synced) {
                // The file system may keep the new name and lose what it names.
                disk.sync(temporary);
            }
            disk.rename(temporary, target);
        } catch (IOException | RuntimeException e) {
            discard(temporary);
            throw e;
        }
    }

    private void discard(Path temporary) {
        try {
            disk.delete(temporary);
        } catch (IOException e) {
            leftBehind = true;
            LOG.log(System.Logger.Level.DEBUG, "left behind until the next start: " + temporary, e);
        }
    }

    private static Path directoryOf(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IOException(file + " has no directory");
        }
        return directory;
    }
}
