package dev.tau.jobs.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldPathsTest {
    private static final int THREADS = 8;
    private static final int TIMES = 300;

    @TempDir
    Path temporary;

    private final HeldPaths paths = new HeldPaths();
    private Path dir;

    @BeforeEach
    void realPath() throws IOException {
        dir = Files.createDirectory(temporary.toRealPath().resolve("dir"));
    }

    /** Workers start jobs in one directory at the same time: none may use a descriptor that another one closes. */
    @Test
    void many_hold_one_directory_and_each_its_own_descriptor() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CountDownLatch start = new CountDownLatch(THREADS);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            all.add(pool.submit(() -> {
                start.countDown();
                start.await();
                for (int i = 0; i < TIMES; i++) {
                    try (HeldPaths.Held held = paths.directory(dir)) {
                        Thread.onSpinWait();
                        assertThat(held.handle().toRealPath()).isEqualTo(dir);
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        pool.shutdown();
    }

    /** Who asks for a job's output has its log open at times, in this process too, and closes it when he likes. */
    @Test
    void another_descriptor_of_the_same_file_is_not_taken_for_the_one_that_is_held() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        List<FileChannel> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(FileChannel.open(file, StandardOpenOption.READ));
        }
        try (HeldPaths.Held held = paths.file(file, StandardOpenOption.WRITE)) {
            for (FileChannel other : others) {
                other.close();
            }
            Files.move(file, dir.resolve("moved"));
            Files.writeString(held.handle(), "x");
            assertThat(dir.resolve("moved")).hasContent("x");
        }
    }

    @Test
    void what_is_held_is_reached_whatever_takes_its_name() throws IOException {
        Files.createFile(dir.resolve("inside"));
        try (HeldPaths.Held held = paths.directory(dir)) {
            Files.move(dir, dir.resolveSibling("aside"));
            Files.createDirectory(dir);
            assertThat(held.handle().resolve("inside")).exists();
            assertThat(held.realPath()).isEqualTo(dir);
        }
    }

    @Test
    void a_file_is_made_for_its_owner_alone_and_never_reached_through_a_link() throws IOException {
        Path file = dir.resolve("file");
        try (HeldPaths.Held held = paths.file(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Files.writeString(held.handle(), "x");
        }
        assertThat(file).hasContent("x");
        Path link = Files.createSymbolicLink(dir.resolve("link"), file);
        assertThat(catchThrowable(() -> paths.file(link, StandardOpenOption.WRITE)))
                .isInstanceOf(IOException.class);
        assertThat(catchThrowable(() -> paths.directory(file))).isInstanceOf(NotDirectoryException.class);
    }
}
