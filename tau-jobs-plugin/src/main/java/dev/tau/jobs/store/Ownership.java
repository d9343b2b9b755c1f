package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.json.JsonCodec;
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

/** Who owns a state dir, and owning one without a store. Not for use in a JVM whose own runtime may be the owner. */
public final class Ownership implements AutoCloseable {
    private final StateDirLock lock;

    private Ownership(StateDirLock lock) {
        this.lock = lock;
    }

    /**
     * A live process that holds the lock.
     *
     * @param pid its id, empty if owner.json does not tell
     */
    public record Owner(OptionalLong pid) {}

    /**
     * Finds the live owner; takes nothing away from it. The lock is free again when this returns.
     *
     * @param root the directory's real path
     * @param codec reads owner.json
     * @return empty if no live process owns the directory
     * @throws IOException if that can't be told
     */
    public static Optional<Owner> find(Path root, JsonCodec codec) throws IOException {
        StateDir dir = new StateDir(root);
        Map<String, @Nullable Object> named = StateDirLock.readOwner(dir, codec);
        // Opening the lock file would drop a lock of our own process as soon as it is closed again.
        if (StateDirLock.isThisProcess(named, dir)) {
            return Optional.of(new Owner(StateDirLock.pidOf(named)));
        }
        // Whoever owns it has locked a regular file: nobody opens a link or a directory to lock it.
        if (!Files.isRegularFile(dir.lock(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (FileChannel channel = PrivateFiles.open(dir.lock(), StandardOpenOption.READ);
                // Shared: so the file need not be written to, and the owner, whose lock is exclusive, still shows.
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null
                    ? Optional.of(new Owner(StateDirLock.pidOf(StateDirLock.readOwner(dir, codec))))
                    : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.of(new Owner(StateDirLock.pidOf(named)));
        }
    }

    /**
     * Takes ownership, so that no runtime opens the directory until this is closed.
     *
     * @param root the directory's real path
     * @param codec writes owner.json
     * @return the ownership
     * @throws IOException if somebody else owns it, or it can't be locked
     */
    public static Ownership take(Path root, JsonCodec codec) throws IOException {
        return new Ownership(StateDirLock.acquire(new StateDir(root), codec, Disk.local()));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
