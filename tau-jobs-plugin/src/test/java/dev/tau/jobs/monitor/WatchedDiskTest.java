package dev.tau.jobs.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedDiskTest {
    @TempDir
    Path root;

    private final SyncTimes syncs = new SyncTimes();
    private final Disk disk = Recordings.watched(Disk.local(), syncs);

    private interface Work {
        void run() throws Exception;
    }

    /** What was recorded meanwhile: operations, and the files' names. */
    private List<String> recorded(Duration threshold, Work work) throws Exception {
        Path file = root.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(FileChangeEvent.class).withThreshold(threshold);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .map(event -> event.getString("operation") + " "
                        + Path.of(event.getString("file")).getFileName())
                .toList();
    }

    private void changeAll() throws IOException {
        changeAll(disk, root.resolve("dir"));
    }

    private static void changeAll(Disk disk, Path dir) throws IOException {
        disk.createDirectories(dir);
        disk.write(dir.resolve("a"), new byte[] {1, 2, 3});
        disk.sync(dir.resolve("a"));
        disk.truncate(dir.resolve("a"), 1);
        disk.rename(dir.resolve("a"), dir.resolve("b"));
        disk.syncDirectory(dir);
        try (Disk.Appender log = disk.append(dir.resolve("log"))) {
            log.append(new byte[] {4, 5});
            log.truncate(1);
            log.sync();
            assertThat(log.size()).isEqualTo(1);
        }
        try (Disk.Appender journal = disk.begin(dir.resolve("journal"))) {
            journal.append(new byte[] {6});
        }
        disk.delete(dir.resolve("b"));
    }

    @Test
    void each_change_is_made_and_recorded() throws Exception {
        assertThat(recorded(Duration.ZERO, this::changeAll))
                .containsExactly(
                        "createDirectories dir",
                        "write a",
                        "sync a",
                        "truncate a",
                        "rename b",
                        "syncDirectory dir",
                        "open log",
                        "append log",
                        "truncate log",
                        "sync log",
                        "open journal",
                        "append journal",
                        "delete b");
        assertThat(Files.readAllBytes(root.resolve("dir/log"))).containsExactly(4);
        assertThat(root.resolve("dir/b")).doesNotExist();
    }

    @Test
    void syncs_are_counted_on_any_JDK() throws Exception {
        changeAll();
        assertThat(syncs.count()).isEqualTo(3);
        assertThat(syncs.seconds()).isPositive().isLessThan(3_600);

        SyncTimes withoutRecordings = new SyncTimes();
        Disk plain = new WatchedDisk(Disk.local(), withoutRecordings, false);
        changeAll(plain, root.resolve("plain"));
        assertThat(withoutRecordings.count()).isEqualTo(3);
        assertThatThrownBy(() -> plain.sync(root.resolve("nothing"))).isInstanceOf(IOException.class);
        assertThat(withoutRecordings.count())
                .as("one that failed took its time, too")
                .isEqualTo(4);
    }

    @Test
    void what_is_quick_is_not_recorded() throws Exception {
        assertThat(recorded(Duration.ofDays(1), this::changeAll)).isEmpty();
    }

    @Test
    void what_fails_is_recorded_and_fails() throws Exception {
        assertThat(recorded(
                        Duration.ZERO,
                        () -> assertThatThrownBy(() -> disk.sync(root.resolve("nothing")))
                                .isInstanceOf(IOException.class)))
                .containsExactly("sync nothing");
    }
}
