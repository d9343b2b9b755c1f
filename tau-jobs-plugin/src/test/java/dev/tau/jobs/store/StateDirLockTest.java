package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One owner a state dir, within one JVM; other processes are the black-box tests' matter. */
class StateDirLockTest {
    private static final long ME = ProcessHandle.current().pid();

    @TempDir
    Path dir;

    private final JsonCodec codec = new JacksonJsonCodec();
    private Path real;
    private Path owner;

    @BeforeEach
    void resolve() throws IOException {
        real = dir.toRealPath();
        owner = real.resolve("owner.json");
    }

    private StateDirLock acquire() throws IOException {
        return StateDirLock.acquire(new StateDir(real), codec, Disk.local());
    }

    private Map<String, @Nullable Object> ownerFile() throws IOException {
        return codec.read(Files.readAllBytes(owner));
    }

    /** What an owner that was killed leaves: its name, and the lock free. */
    private void deadOwner(String member, Object value) throws IOException {
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        try (StateDirLock killed = acquire()) {
            assertThat(killed).isNotNull();
            left.putAll(ownerFile());
        }
        left.put(member, value);
        Files.write(owner, codec.write(left, false));
    }

    /** Another copy of the plugin in this JVM, between its lock and its name: nobody may make the system drop that lock. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void a_lock_of_another_class_loader_is_seen_and_left_alone() throws IOException {
        Path file = real.resolve("lock");
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
            assertThatThrownBy(this::acquire).isInstanceOf(StateDirOwnedException.class);

            String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
            assertThat(Files.readAllLines(Path.of("/proc/locks"))).anyMatch(line -> line.contains(inode));
        }
    }

    /** Once a second for as long as the other one lives: somebody has deleted owner.json. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void who_tries_again_and_again_opens_no_more_files() throws IOException {
        Path file = real.resolve("lock");
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(this::acquire).isInstanceOf(StateDirOwnedException.class);
            }
            assertThat(open(file)).isEqualTo(2);
        }
        try (StateDirLock lock = acquire()) {
            assertThat(lock).isNotNull();
        }
        assertThat(open(file)).isZero();
    }

    private static long open(Path file) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                count += Files.isSymbolicLink(descriptor)
                                && Files.readSymbolicLink(descriptor).equals(file)
                        ? 1
                        : 0;
            }
        }
        return count;
    }

    @Test
    void the_owner_says_who_it_is_and_leaves_no_name_behind() throws IOException {
        try (StateDirLock lock = acquire()) {
            assertThat(lock).isNotNull();
            assertThat(ownerFile())
                    .hasEntrySatisfying(
                            "pid", pid -> assertThat(String.valueOf(pid)).isEqualTo(String.valueOf(ME)))
                    .containsEntry("path", real.toString())
                    .containsEntry(
                            "start",
                            ProcessHandle.current()
                                    .info()
                                    .startInstant()
                                    .orElseThrow()
                                    .toString());
        }
        assertThat(owner).doesNotExist();
        assertThatCode(() -> acquire().close()).doesNotThrowAnyException();
    }

    /** As the system sees it: closing any descriptor of the file would have dropped it. */
    private boolean systemHoldsLock() throws IOException {
        String inode = ":" + Files.getAttribute(real.resolve("lock"), "unix:ino") + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream().anyMatch(line -> line.contains(inode));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_second_owner_is_refused_and_the_first_keeps_its_lock() throws IOException {
        try (StateDirLock first = acquire()) {
            assertThat(first).isNotNull();
            assertThat(systemHoldsLock()).isTrue();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(this::acquire)
                        .isInstanceOf(StateDirOwnedException.class)
                        .hasMessageContaining("(pid " + ME + ")");
            }
            assertThat(owner).exists();
            assertThat(systemHoldsLock()).isTrue();
        }
        assertThat(systemHoldsLock()).isFalse();
    }

    @Test
    void a_second_owner_is_refused_also_where_the_name_is_lost() throws IOException {
        try (StateDirLock first = acquire()) {
            assertThat(first).isNotNull();
            Files.delete(owner);
            assertThatThrownBy(this::acquire)
                    .isInstanceOf(StateDirOwnedException.class)
                    .hasMessageContaining("(pid " + ME + ")");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pid", "start", "path"})
    void a_name_that_is_not_ours_in_one_part_is_an_owner_that_died(String member) throws IOException {
        deadOwner(member, member.equals("pid") ? ME + 1 : "another");

        assertThatCode(() -> acquire().close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"pid\": \"1\"}", "[]"})
    void an_owner_file_that_says_nothing_keeps_nobody_out(String content) throws IOException {
        Files.writeString(owner, content);

        assertThatCode(() -> acquire().close()).doesNotThrowAnyException();
    }

    @Test
    void a_lock_is_given_back_when_the_owner_cannot_be_written() throws IOException {
        WatchedDisk disk = new WatchedDisk().failing("rename owner.json");
        assertThatThrownBy(() -> StateDirLock.acquire(new StateDir(real), codec, disk))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(StateDirOwnedException.class);

        assertThatCode(() -> acquire().close()).doesNotThrowAnyException();
    }

    @Test
    void an_owner_file_that_is_a_link_is_not_followed(@TempDir Path outside) throws IOException {
        Path other = outside.resolve("owner.json");
        try (StateDirLock first = acquire()) {
            assertThat(first).isNotNull();
            Files.copy(owner, other);
        }
        Files.createSymbolicLink(owner, other);

        assertThatCode(() -> acquire().close()).doesNotThrowAnyException();
        assertThat(other).exists();
    }

    @Test
    void a_lock_is_given_back_when_the_name_cannot_be_taken_away() throws IOException {
        StateDirLock lock = acquire();
        Files.delete(owner);
        Path inTheWay = Files.createDirectories(owner.resolve("in-the-way"));
        assertThatThrownBy(lock::close).isInstanceOf(IOException.class);
        Files.delete(inTheWay);
        Files.delete(owner);

        assertThatCode(() -> acquire().close()).doesNotThrowAnyException();
    }
}
