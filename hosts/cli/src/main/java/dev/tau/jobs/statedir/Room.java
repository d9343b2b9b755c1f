package dev.tau.jobs.statedir;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The room that is left on the disk of a state dir. What a disk has no more inodes for, or a user's quota forbids, is not seen.
 *
 * @param bytes how many a process may still write there that is not privileged
 */
public record Room(long bytes) {
    /** With less, jobs may be refused before anybody looks again: a job that writes fast fills as much in a moment. */
    public static final long WANTED_BYTES = 20_000_000;

    /**
     * Asks the file system.
     *
     * @param directory the state dir
     * @return the room; empty if the file system does not tell, or nobody can write there at all
     */
    public static Optional<Room> of(Path directory) {
        try {
            FileStore disk = Files.getFileStore(directory);
            // One that can't say how large it is says 0.
            return disk.isReadOnly() || disk.getTotalSpace() == 0
                    ? Optional.empty()
                    : Optional.of(new Room(disk.getUsableSpace()));
        } catch (IOException e) {
            // There is no such directory, or it is of a mount that can't be seen from here.
            return Optional.empty();
        }
    }

    /** {@return whether it is less than {@link #WANTED_BYTES}} */
    public boolean isScarce() {
        return bytes < WANTED_BYTES;
    }
}
