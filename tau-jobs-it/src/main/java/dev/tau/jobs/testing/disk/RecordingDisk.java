package dev.tau.jobs.testing.disk;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Does everything on the machine's own disk and remembers it, in the order in which it was done. Safe for several threads. */
public final class RecordingDisk implements Disk {
    private final Disk disk = Disk.local();
    private final List<DiskOperation> operations = new ArrayList<>();

    /** A disk that has seen nothing yet. */
    public RecordingDisk() {}

    /** {@return all that was done until now} */
    public synchronized List<DiskOperation> operations() {
        return List.copyOf(operations);
    }

    /**
     * Notes what the test knows at this point.
     *
     * @param what for example the id of a job that was acknowledged
     */
    public synchronized void mark(String what) {
        operations.add(new DiskOperation.Mark(what));
    }

    // Each under the lock: what is recorded as the first of two was done first.

    @Override
    public synchronized void write(Path file, byte[] content) throws IOException {
        disk.write(file, content);
        operations.add(new DiskOperation.Write(file, content.clone()));
    }

    @Override
    public synchronized void sync(Path file) throws IOException {
        disk.sync(file);
        operations.add(new DiskOperation.Sync(file));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
        operations.add(new DiskOperation.Rename(from, to));
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
        operations.add(new DiskOperation.SyncDirectory(directory));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        disk.delete(file);
        operations.add(new DiskOperation.Delete(file));
    }

    @Override
    public synchronized void truncate(Path file, long size) throws IOException {
        disk.truncate(file, size);
        operations.add(new DiskOperation.Truncate(file, size));
    }

    @Override
    public synchronized Appender append(Path file) throws IOException {
        boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        Appender appender = disk.append(file);
        if (!there) {
            operations.add(new DiskOperation.Open(file));
        }
        return recording(file, appender);
    }

    @Override
    public synchronized Appender begin(Path file) throws IOException {
        Appender appender = disk.begin(file);
        operations.add(new DiskOperation.Begin(file));
        return recording(file, appender);
    }

    private Appender recording(Path file, Appender appender) {
        return new Appender() {
            @Override
            public void append(byte[] content) throws IOException {
                synchronized (RecordingDisk.this) {
                    appender.append(content);
                    operations.add(new DiskOperation.Append(file, content.clone()));
                }
            }

            @Override
            public void truncate(long size) throws IOException {
                synchronized (RecordingDisk.this) {
                    appender.truncate(size);
                    operations.add(new DiskOperation.Truncate(file, size));
                }
            }

            @Override
            public void sync() throws IOException {
                synchronized (RecordingDisk.this) {
                    appender.sync();
                    operations.add(new DiskOperation.Sync(file));
                }
            }

            @Override
            public long size() throws IOException {
                return appender.size();
            }

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
        operations.add(new DiskOperation.CreateDirectories(directory));
    }
}
