package dev.tau.jobs.trace;

import dev.tau.jobs.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens and appends to files of JSON lines that others may write, too. */
final class JsonLines {
    private JsonLines() {}

    /** Opens for reading and writing, readable by the owner alone if new, not following a link in its last part. */
    static FileChannel open(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            PrivateFiles.createDirectories(parent);
        }
        Path real = parent == null ? null : parent.toRealPath();
        FileChannel channel =
                PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        // Checked after opening: a directory that was swapped for a link in between must not get our lines.
        if (parent != null && !parent.toRealPath().equals(real)) {
            channel.close();
            throw new IOException("the way to " + file + " changed while it was opened");
        }
        return channel;
    }

    /** Appends one line; if the last one was torn by a crash, it is ended first. */
    static void append(FileChannel channel, byte[] json) throws IOException {
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
