package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets one runtime own a state dir: a lock on the file {@code lock}, which the system gives back when the process ends, and
 * {@code owner.json}, which says who that is.
 *
 * <p>The owner stands in a file of its own because POSIX drops all locks that a process has on a file as soon as the process
 * closes any descriptor of it: within one JVM nobody may open the lock file twice. So owner.json is asked first.
 */
final class StateDirLock implements AutoCloseable {
    private final FileChannel channel;
    private final Path owner;

    private StateDirLock(FileChannel channel, Path owner) {
        this.channel = channel;
        this.owner = owner;
    }

    static StateDirLock acquire(StateDir dir, JsonCodec codec, Disk disk) throws IOException {
        String me = processStart();
        long pid = ProcessHandle.current().pid();
        Map<String, @Nullable Object> current = readOwner(dir, codec);
        String path = dir.root().toRealPath().toString();
        if (current != null
                && pid == ownerPid(current)
                && me.equals(current.get("start"))
                && path.equals(current.get("path"))) {
            throw owned(pid);
        }
        FileChannel channel = PrivateFiles.open(dir.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                Map<String, @Nullable Object> holder = readOwner(dir, codec);
                throw owned(holder == null ? -1 : ownerPid(holder));
            }
            new AtomicFiles(disk)
                    .replaceSoon(dir.owner(), codec.write(Map.of("pid", pid, "start", me, "path", path), false));
            return new StateDirLock(channel, dir.owner());
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw owned(pid);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static StateDirOwnedException owned(long pid) {
        return new StateDirOwnedException("another runtime owns it" + (pid < 0 ? "" : " (pid " + pid + ")"));
    }

    private static long ownerPid(Map<String, @Nullable Object> owner) {
        return owner.get("pid") instanceof Number pid ? pid.longValue() : -1;
    }

    private static String processStart() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(Object::toString)
                .orElse("");
    }

    private static @Nullable Map<String, @Nullable Object> readOwner(StateDir dir, JsonCodec codec) throws IOException {
        if (!Files.isRegularFile(dir.owner())) {
            return null;
        }
        try {
            return codec.read(Files.readAllBytes(dir.owner()));
        } catch (InvalidJsonException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(owner);
        channel.close();
    }
}
