package dev.tau.jobs.file;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Holds files and directories open, so that what was checked of one is true of what is used, whatever is put under its name
 * meanwhile. By /proc, through which whoever opens a path gets what this process holds; where that is missing, by the name
 * alone. Safe for several threads.
 */
public final class HeldPaths {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path DESCRIPTIONS = Path.of("/proc/self/fdinfo");
    private static final boolean TOLD = Files.isDirectory(DESCRIPTORS);
    private static final Path OF_THIS_PROCESS =
            Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd");
    /** As many as are held by turns. */
    private static final int REMEMBERED = 8;
    /** Positions that every file system takes, and hardly a file of this process is at. */
    private static final long FIRST_MARK = 1L << 30;

    /** Where paths were found, the latest first. The system gives the lowest that is free: mostly one of these. */
    private final Deque<String> found = new ArrayDeque<>();

    /** Holds nothing yet. */
    public HeldPaths() {}

    /** A file or directory that is held. */
    public static final class Held implements AutoCloseable {
        private final FileChannel channel;
        private final String descriptor;
        private final Path realPath;

        private Held(FileChannel channel, String descriptor, Path realPath) {
            this.channel = channel;
            this.descriptor = descriptor;
            this.realPath = realPath;
        }

        /** {@return where it lies, links resolved} */
        public Path realPath() {
            return realPath;
        }

        /** {@return a path by which this process, or a child of it, gets this very file or directory while it is held} */
        public Path handle() {
            return descriptor.isEmpty() ? realPath : OF_THIS_PROCESS.resolve(descriptor);
        }

        /**
         * Cuts a file that was opened for writing.
         *
         * @param bytes what is kept of it, from its beginning on; all, if it is shorter
         * @throws IOException if it can't be cut
         */
        public void truncate(long bytes) throws IOException {
            channel.truncate(bytes);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Holds a directory.
     *
     * @param directory its path
     * @return the directory, to be closed
     * @throws IOException if there is none, or another one has its name meanwhile
     */
    public Held directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        return hold(FileChannel.open(directory, StandardOpenOption.READ), directory);
    }

    /**
     * Holds a file, made readable by its owner alone if it is new, and not reached through a link in its last part.
     *
     * @param file its path
     * @param options how to open it
     * @return the file, to be closed
     * @throws IOException if it can't be opened, is a link, or another one has its name meanwhile
     */
    public Held file(Path file, OpenOption... options) throws IOException {
        return hold(PrivateFiles.open(file, options), file);
    }

    private Held hold(FileChannel channel, Path path) throws IOException {
        try {
            if (!TOLD) {
                return new Held(channel, "", path.toRealPath());
            }
            // Java does not tell the descriptor. Others of this process may lead to the same file, and be closed any
            // time: ours is the one with this position, which we have no other use for.
            long mark = ThreadLocalRandom.current().nextLong(FIRST_MARK, 2 * FIRST_MARK);
            channel.position(mark);
            String descriptor = descriptorAt(mark);
            if (descriptor != null) {
                Path held = Files.readSymbolicLink(DESCRIPTORS.resolve(descriptor));
                // One without links in it leads where it says.
                if (held.equals(path) || held.equals(path.toRealPath())) {
                    return new Held(channel, descriptor, held);
                }
            }
            throw new IOException("changed while it was opened: " + path);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private @Nullable String descriptorAt(long mark) {
        for (String descriptor : remembered()) {
            if (isAt(descriptor, mark)) {
                remember(descriptor);
                return descriptor;
            }
        }
        String[] all = new File(DESCRIPTORS.toString()).list();
        for (String descriptor : all == null ? new String[0] : all) {
            if (isAt(descriptor, mark)) {
                remember(descriptor);
                return descriptor;
            }
        }
        return null;
    }

    /** "pos:\t1234567890", and more lines: proc_pid_fdinfo(5). */
    private static boolean isAt(String descriptor, long mark) {
        return ProcFile.read(DESCRIPTIONS.resolve(descriptor)).startsWith("pos:\t" + mark + "\n");
    }

    private synchronized List<String> remembered() {
        return List.copyOf(found);
    }

    private synchronized void remember(String descriptor) {
        found.remove(descriptor);
        found.addFirst(descriptor);
        if (found.size() > REMEMBERED) {
            found.removeLast();
        }
    }
}
