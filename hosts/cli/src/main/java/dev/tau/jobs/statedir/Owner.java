package dev.tau.jobs.statedir;

import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.file.ProcFile;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.store.StateDirLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A live process that owns a state dir.
 *
 * @param pid its id, empty if owner.json does not tell
 */
public record Owner(OptionalLong pid) {

    /**
     * Finds the live owner; takes nothing away from it. The lock is free again when this returns. Not for use in a JVM whose own
     * runtime may be the owner.
     *
     * @param dir the directory, by its real path
     * @param codec reads owner.json
     * @return empty if no live process owns the directory
     * @throws IOException if that can't be told
     */
    public static Optional<Owner> find(StateDir dir, JsonCodec codec) throws IOException {
        Map<String, @Nullable Object> named = StateDirLock.readOwner(dir, codec);
        // Opening the lock file would drop a lock of our own process as soon as it is closed again.
        if (StateDirLock.isThisProcess(named, dir)) {
            return found(named);
        }
        // Whoever owns it has locked a regular file: nobody opens a link or a directory to lock it.
        if (!Files.isRegularFile(dir.lock(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (FileChannel channel = PrivateFiles.open(dir.lock(), StandardOpenOption.READ);
                // Shared: so the file need not be written to, and the owner, whose lock is exclusive, still shows.
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null ? found(StateDirLock.readOwner(dir, codec)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return found(named);
        }
    }

    /** {@return whether a signal (SIGSTOP, Ctrl-Z) has stopped it, so that it does nothing; false where the system does not tell} */
    public boolean isStopped() {
        if (pid.isEmpty()) {
            return false;
        }
        String stat = ProcFile.read(Path.of("/proc", Long.toString(pid.getAsLong()), "stat"));
        return stat.startsWith(") T ", stat.lastIndexOf(')'));
    }

    private static Optional<Owner> found(Map<String, @Nullable Object> named) {
        return Optional.of(new Owner(StateDirLock.pidOf(named)));
    }
}
