package dev.tau.jobs.file;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads what the kernel says in /proc (proc(5)). */
public final class ProcFile {
    private static final int READ_BYTES = 4096;

    private ProcFile() {}

    /**
     * Reads a file, by reads of some size: {@link java.nio.file.Files#readAllBytes} begins with one byte where no length is
     * told, and a file of /proc/sys has nothing behind that.
     *
     * @param file the file
     * @return what it says; empty if it can't be read: the process has ended, or belongs to somebody else
     */
    public static String read(Path file) {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            byte[] buffer = new byte[READ_BYTES];
            int length = Math.max(0, in.read(buffer));
            if (length < READ_BYTES) {
                return new String(buffer, 0, length, StandardCharsets.UTF_8);
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (; length > 0; length = in.read(buffer)) {
                all.write(buffer, 0, length);
            }
            return all.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
