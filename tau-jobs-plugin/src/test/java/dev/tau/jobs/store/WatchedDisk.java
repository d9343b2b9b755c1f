package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** The machine's disk, which writes down what is asked of it, as "verb name", and fails what it is told to fail. */
final class WatchedDisk implements Disk {
    private final Disk disk = Disk.local();
    private final List<String> operations = Collections.synchronizedList(new ArrayList<>());
    private volatile Predicate<String> fails = operation -> false;

    /** From now on each operation that begins so fails; a write or an append after half of it. */
    WatchedDisk failing(String... beginnings) {
        fails = operation -> List.of(beginnings).stream().anyMatch(operation::startsWith);
        return this;
    }

    /** What was asked since this was asked last; random names are left out. */
    List<String> operations() {
        synchronized (operations) {
            List<String> asked = List.copyOf(operations);
            operations.clear();
            return asked;
        }
    }

    private boolean fails(String verb, Path path) {
        String operation = verb + " " + nameOf(path);
        operations.add(operation);
        return fails.test(operation);
    }

    private void check(String verb, Path path) throws IOException {
        if (fails(verb, path)) {
            throw failure();
        }
    }

    private static String nameOf(Path path) {
        String name = String.valueOf(path.getFileName());
        return AtomicFiles.isTemporary(name) ? "temporary" : name;
    }

    private static IOException failure() {
        return new IOException("No space left on device");
    }

    private static byte[] half(byte[] content) {
        return Arrays.copyOf(content, content.length / 2);
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        boolean fails = fails("write", file);
        disk.write(file, fails ? half(content) : content);
        if (fails) {
            throw failure();
        }
    }

    @Override
    public void sync(Path file) throws IOException {
        check("sync", file);
        disk.sync(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        check("rename", to);
        disk.rename(from, to);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        check("syncDirectory", directory);
        disk.syncDirectory(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
        check("delete", file);
        disk.delete(file);
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        check("truncate", file);
        disk.truncate(file, size);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        check("createDirectories", directory);
        disk.createDirectories(directory);
    }

    @Override
    public Appender append(Path file) throws IOException {
        check("open", file);
        return watched(file, disk.append(file));
    }

    @Override
    public Appender begin(Path file) throws IOException {
        check("begin", file);
        return watched(file, disk.begin(file));
    }

    private Appender watched(Path file, Appender appender) {
        return new Appender() {
            @Override
            public void append(byte[] content) throws IOException {
                boolean fails = fails("append", file);
                appender.append(fails ? half(content) : content);
                if (fails) {
                    throw failure();
                }
            }

            @Override
            public void truncate(long size) throws IOException {
                check("truncate", file);
                appender.truncate(size);
            }

            @Override
            public void sync() throws IOException {
                check("sync", file);
                appender.sync();
            }

            @Override
            public long size() throws IOException {
                return appender.size();
            }

            @Override
            public void close() throws IOException {
                appender.close();
                check("close", file);
            }
        };
    }
}
