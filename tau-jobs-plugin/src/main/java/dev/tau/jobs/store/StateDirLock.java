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
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Lets one runtime own a state dir: a lock on the file {@code lock}, which the system gives back when the process ends, and
 * {@code owner.json}, which says who that is.
 *
 * <p>The owner stands in a file of its own because POSIX drops all locks that a process has on a file as soon as the process
 * closes any descriptor of it: within one JVM nobody may open the lock file twice. So owner.json is asked first.
 */
public final class StateDirLock implements AutoCloseable {
    /** Of lock files that another class loader of this JVM has locked; by the file. */
    private static final Map<Object, Queue<FileChannel>> KEPT_OPEN = new ConcurrentHashMap<>();

    private final FileChannel channel;
    private final Path owner;

    private StateDirLock(FileChannel channel, Path owner) {
        this.channel = channel;
        this.owner = owner;
    }

    /**
     * Takes ownership, so that no other runtime opens the directory until this is closed.
     *
     * @param dir the directory
     * @param codec reads and writes owner.json
     * @param disk writes it
     * @return the lock
     * @throws StateDirOwnedException if somebody else owns it
     * @throws IOException if it can't be locked
     */
    public static StateDirLock acquire(StateDir dir, JsonCodec codec, Disk disk) throws IOException {
        if (isThisProcess(readOwner(dir, codec), dir)) {
            throw owned(OptionalLong.of(ProcessHandle.current().pid()));
        }
        Object file = fileOf(dir);
        FileChannel kept = KEPT_OPEN.getOrDefault(file, new ArrayDeque<>()).poll();
        FileChannel channel = kept != null
                ? kept
                : PrivateFiles.open(dir.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw owned(pidOf(readOwner(dir, codec)));
            }
            Map<String, Object> me =
                    Map.of("pid", ProcessHandle.current().pid(), "start", processStart(), "path", realPath(dir));
            new AtomicFiles(disk).replaceSoon(dir.owner(), codec.write(me, false));
            return new StateDirLock(channel, dir.owner());
        } catch (OverlappingFileLockException e) {
            // Another class loader's, which has not said so in owner.json yet, or somebody has deleted that. Not
            // closed,
            // and never collected: the system would take that for the end of its lock. The next try is made by it.
            KEPT_OPEN
                    .computeIfAbsent(file, key -> new ConcurrentLinkedQueue<>())
                    .add(channel);
            throw owned(OptionalLong.of(ProcessHandle.current().pid()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Which file it is, whatever its name is by now, where the system tells. */
    private static Object fileOf(StateDir dir) throws IOException {
        try {
            Object key = Files.readAttributes(dir.lock(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            return key == null ? dir.lock() : key;
        } catch (NoSuchFileException e) {
            return dir.lock();
        }
    }

    private static StateDirOwnedException owned(OptionalLong pid) {
        return new StateDirOwnedException(
                "another runtime owns it" + (pid.isEmpty() ? "" : " (pid " + pid.getAsLong() + ")"));
    }

    /**
     * Who is named as the owner, alive or not.
     *
     * @param dir the directory
     * @param codec reads owner.json
     * @return what owner.json holds; nothing if it is not there, or can't be used
     * @throws IOException if that can't be told
     */
    public static Map<String, @Nullable Object> readOwner(StateDir dir, JsonCodec codec) throws IOException {
        try {
            return codec.read(BoundedFiles.read(dir.owner()));
        } catch (NoSuchFileException | InvalidJsonException | InvalidFileException e) {
            return Map.of();
        }
    }

    /**
     * Whether an owner is this process. Its pid alone may be that of one before the last reboot, and in a copy of a directory
     * stands who owns the other one.
     *
     * @param owner what owner.json holds
     * @param dir the directory
     * @return whether this process owns it
     * @throws IOException if there is no such directory
     */
    public static boolean isThisProcess(Map<String, @Nullable Object> owner, StateDir dir) throws IOException {
        return pidOf(owner).equals(OptionalLong.of(ProcessHandle.current().pid()))
                && processStart().equals(owner.get("start"))
                && realPath(dir).equals(owner.get("path"));
    }

    /**
     * The process that is named as the owner.
     *
     * @param owner what owner.json holds
     * @return its id; empty if it names none
     */
    public static OptionalLong pidOf(Map<String, @Nullable Object> owner) {
        return owner.get("pid") instanceof Number pid ? OptionalLong.of(pid.longValue()) : OptionalLong.empty();
    }

    private static String processStart() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(Object::toString)
                .orElse("");
    }

    private static String realPath(StateDir dir) throws IOException {
        return dir.root().toRealPath().toString();
    }

    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(owner);
        } finally {
            channel.close();
        }
    }
}
