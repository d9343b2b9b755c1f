package dev.tau.jobs.monitor;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** A disk whose slow changes are in a flight recording, where the JDK has these, and whose syncs are counted. */
final class WatchedDisk implements Disk {
    private final Disk disk;
    private final SyncTimes syncs;
    private final boolean recorded;

    WatchedDisk(Disk disk, SyncTimes syncs, boolean recorded) {
        this.disk = disk;
        this.syncs = syncs;
        this.recorded = recorded;
    }

    private interface Change {
        void make() throws IOException;
    }

    private interface Opening {
        Appender open() throws IOException;
    }

    private void record(String operation, Path file, Change change) throws IOException {
        if (recorded) {
            Recorded.make(operation, file, change);
        } else {
            change.make();
        }
    }

    /** Apart, so that the event's class is asked for only where there can be one. */
    private static final class Recorded {
        static void make(String operation, Path file, Change change) throws IOException {
            FileChangeEvent event = new FileChangeEvent();
            event.begin();
            try {
                change.make();
            } finally {
                event.end();
                if (event.shouldCommit()) {
                    event.operation = operation;
                    event.file = file.toString();
                    event.commit();
                }
            }
        }
    }

    private void recordSync(String operation, Path file, Change sync) throws IOException {
        long begin = System.nanoTime();
        try {
            record(operation, file, sync);
        } finally {
            syncs.add(System.nanoTime() - begin);
        }
    }

    private Appender recordOpening(Path file, Opening opening) throws IOException {
        Appender[] opened = new Appender[1];
        record("open", file, () -> opened[0] = opening.open());
        return new WatchedAppender(file, opened[0]);
    }

    private final class WatchedAppender implements Appender {
        private final Path file;
        private final Appender appender;

        WatchedAppender(Path file, Appender appender) {
            this.file = file;
            this.appender = appender;
        }

        @Override
        public void append(byte[] content) throws IOException {
            record("append", file, () -> appender.append(content));
        }

        @Override
        public void truncate(long size) throws IOException {
            record("truncate", file, () -> appender.truncate(size));
        }

        @Override
        public void sync() throws IOException {
            recordSync("sync", file, appender::sync);
        }

        @Override
        public long size() throws IOException {
            return appender.size();
        }

        @Override
        public void close() throws IOException {
            appender.close();
        }
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        record("write", file, () -> disk.write(file, content));
    }

    @Override
    public void sync(Path file) throws IOException {
        recordSync("sync", file, () -> disk.sync(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        record("rename", to, () -> disk.rename(from, to));
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        recordSync("syncDirectory", directory, () -> disk.syncDirectory(directory));
    }

    @Override
    public void delete(Path file) throws IOException {
        record("delete", file, () -> disk.delete(file));
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        record("truncate", file, () -> disk.truncate(file, size));
    }

    @Override
    public Appender append(Path file) throws IOException {
        return recordOpening(file, () -> disk.append(file));
    }

    @Override
    public Appender begin(Path file) throws IOException {
        return recordOpening(file, () -> disk.begin(file));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        record("createDirectories", directory, () -> disk.createDirectories(directory));
    }
}
