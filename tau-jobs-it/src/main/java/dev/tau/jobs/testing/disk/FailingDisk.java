package dev.tau.jobs.testing.disk;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's own disk, of which some operations fail. Safe for several threads. */
public final class FailingDisk implements Disk {

    /** How an operation fails. */
    public enum Fault {
        /** The disk is full. */
        ENOSPC("No space left on device"),
        /** The disk is broken. */
        EIO("Input/output error"),
        /** The process has too many files open. */
        EMFILE("Too many open files"),
        /** The file may not be changed. */
        EACCES("Permission denied"),
        /** A write or an append fails after half of it; anything else fails as for a full disk. */
        SHORT_WRITE("No space left on device");

        private final String message;

        Fault(String message) {
            this.message = message;
        }
    }

    private final Disk disk = Disk.local();
    private final Fault fault;
    private final long first;
    private final long last;
    private final AtomicLong count = new AtomicLong();

    /**
     * A disk of which a run of operations fails.
     *
     * @param fault how they fail
     * @param first number of the first that fails, counted from 1
     * @param operations how many fail, from there on
     */
    public FailingDisk(Fault fault, long first, long operations) {
        this.fault = fault;
        this.first = first;
        this.last = first + operations - 1;
    }

    /** {@return how many operations were asked for until now, those that failed included} */
    public long count() {
        return count.get();
    }

    private boolean fails() {
        long number = count.incrementAndGet();
        return number >= first && number <= last;
    }

    private IOException failure() {
        return new IOException(fault.message);
    }

    private void check() throws IOException {
        if (fails()) {
            throw failure();
        }
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        if (fails()) {
            if (fault == Fault.SHORT_WRITE) {
                disk.write(file, Arrays.copyOf(content, content.length / 2));
            }
            throw failure();
        }
        disk.write(file, content);
    }

    @Override
    public void sync(Path file) throws IOException {
        check();
        disk.sync(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        check();
        disk.rename(from, to);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        check();
        disk.syncDirectory(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
        check();
        disk.delete(file);
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        check();
        disk.truncate(file, size);
    }

    @Override
    public Appender append(Path file) throws IOException {
        check();
        return failing(disk.append(file));
    }

    @Override
    public Appender begin(Path file) throws IOException {
        check();
        return failing(disk.begin(file));
    }

    private Appender failing(Appender appender) {
        return new Appender() {
            @Override
            public void append(byte[] content) throws IOException {
                if (fails()) {
                    if (fault == Fault.SHORT_WRITE) {
                        appender.append(Arrays.copyOf(content, content.length / 2));
                    }
                    throw failure();
                }
                appender.append(content);
            }

            @Override
            public void truncate(long size) throws IOException {
                check();
                appender.truncate(size);
            }

            @Override
            public void sync() throws IOException {
                check();
                appender.sync();
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
    public void createDirectories(Path directory) throws IOException {
        check();
        disk.createDirectories(directory);
    }
}
