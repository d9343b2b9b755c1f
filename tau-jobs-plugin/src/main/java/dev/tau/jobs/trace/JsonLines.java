package dev.tau.jobs.trace;

import static java.util.Objects.requireNonNull;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.FileAction;
import dev.tau.jobs.file.PrivateFiles;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.spi.ToolContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens and appends to files of JSON lines that others may write, too. */
final class JsonLines {
    /** A lock of a file is the process's: it keeps out others, but not the other runtimes of this one, which would fail. */
    private static final Object[] OF_THIS_PROCESS = new Object[16];

    static {
        Arrays.setAll(OF_THIS_PROCESS, i -> new Object());
    }

    private final JsonCodec codec;

    JsonLines(ToolContext context) {
        this.codec = JobsConfig.from(context).json().codec();
    }

    /**
     * Opens a file for reading and writing, readable by the owner alone if new, not following a link in its last part, and keeps
     * everybody else away from it meanwhile.
     */
    void locked(Path file, FileAction action) throws IOException {
        Path directory = requireNonNull(file.toAbsolutePath().getParent(), "a root is no file");
        PrivateFiles.createDirectories(directory);
        Path real = directory.toRealPath();
        int stripe = Math.floorMod(real.resolve(file.getFileName()).hashCode(), OF_THIS_PROCESS.length);
        synchronized (OF_THIS_PROCESS[stripe]) {
            try (FileChannel channel = PrivateFiles.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                // Checked after opening: a directory that was swapped for a link in between must not get our lines.
                if (!directory.toRealPath().equals(real)) {
                    throw new IOException("the way to " + file + " changed while it was opened");
                }
                action.on(channel);
            }
        }
    }

    /** Reads one line. */
    Map<String, @Nullable Object> read(String line) throws InvalidJsonException {
        return codec.read(line.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends an object, on one line or prettily; if the last line was torn by a crash, it is ended first. */
    void append(FileChannel channel, Map<String, @Nullable Object> object, boolean pretty) throws IOException {
        byte[] json = codec.write(object, pretty);
        long end = channel.size();
        boolean torn = false;
        if (end > 0) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, end - 1);
            torn = last.get(0) != '\n';
        }
        ByteBuffer line = ByteBuffer.allocate(json.length + 2);
        if (torn) {
            line.put((byte) '\n');
        }
        line.put(json).put((byte) '\n').flip();
        while (line.hasRemaining()) {
            end += channel.write(line, end);
        }
    }
}
