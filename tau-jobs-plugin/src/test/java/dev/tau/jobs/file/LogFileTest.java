package dev.tau.jobs.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFileTest {
    private static final byte[] LINE = "one line\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path dir;

    private LogFile open(boolean roomy) throws IOException {
        Path file = dir.resolve("log");
        return roomy ? LogFile.roomy(file) : LogFile.growing(file);
    }

    private String content() throws IOException {
        return Files.readString(dir.resolve("log"), StandardCharsets.US_ASCII);
    }

    /** Without the zeros behind it. */
    private String text() throws IOException {
        return content().replace("\0", "");
    }

    @Test
    void room_ahead_is_zeros_and_grows_in_steps() throws IOException {
        try (LogFile log = open(true)) {
            log.append(LINE);
            long length = Files.size(dir.resolve("log"));
            assertThat(length).isEqualTo(LINE.length + (64 << 10));
            for (int i = 0; i < 1_000; i++) {
                log.append(LINE);
            }
            log.sync();
            assertThat(Files.size(dir.resolve("log"))).isEqualTo(length);
            assertThat(log.size()).isEqualTo(1_001L * LINE.length);
            log.append(new byte[100 << 10]);
            assertThat(Files.size(dir.resolve("log"))).isGreaterThan(length);
        }
        assertThat(content()).startsWith("one line\n".repeat(1_001) + "\0").endsWith("\0");
    }

    @Test
    void one_with_room_is_always_new() throws IOException {
        Files.writeString(dir.resolve("log"), "mine");
        assertThatThrownBy(() -> open(true)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void one_that_grows_goes_on_where_it_ends_whoever_has_written() throws IOException {
        Files.writeString(dir.resolve("log"), "before\n");
        try (LogFile log = open(false)) {
            assertThat(log.size()).isEqualTo(7);
            log.append(LINE);
            Files.writeString(dir.resolve("log"), "somebody\n", StandardOpenOption.APPEND);
            log.append(LINE);
        }
        assertThat(content()).isEqualTo("before\none line\nsomebody\none line\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_thread_that_is_interrupted_writes_all_the_same_and_stays_interrupted(boolean roomy) throws IOException {
        try (LogFile log = open(roomy)) {
            log.append(LINE);
            Thread.currentThread().interrupt();
            log.append(LINE);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            log.sync();
            assertThat(Thread.interrupted()).isTrue();
            log.append(LINE);
        }
        assertThat(text()).isEqualTo("one line\n".repeat(3));
    }

    /** Its channel is closed under one thread by the interrupt of another. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void others_do_not_suffer_from_an_interrupt(boolean roomy) throws Exception {
        AtomicReference<IOException> failure = new AtomicReference<>();
        try (LogFile log = open(roomy)) {
            List<Thread> writing = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        for (int line = 0; line < 200; line++) {
                            synchronized (this) {
                                log.append(LINE);
                            }
                            log.sync();
                        }
                    } catch (IOException e) {
                        failure.set(e);
                    }
                });
                writing.add(thread);
                thread.start();
            }
            for (Thread thread : writing.subList(0, 2)) {
                while (thread.isAlive()) {
                    thread.interrupt();
                    Thread.onSpinWait();
                }
            }
            writing.get(2).join();
        }
        assertThat(failure.get()).isNull();
        assertThat(text()).isEqualTo("one line\n".repeat(600));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void one_that_is_closed_stays_closed(boolean roomy) throws IOException {
        LogFile log = open(roomy);
        log.append(LINE);
        log.close();
        assertThatThrownBy(() -> log.append(LINE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(log::sync).isInstanceOf(ClosedChannelException.class);
        assertThat(text()).isEqualTo("one line\n");
    }

    /** Nor is one written that somebody has put in its place. */
    @Test
    void another_one_of_its_name_is_not_written() throws IOException {
        try (LogFile log = open(true)) {
            Path other = Files.writeString(dir.resolve("other"), "mine");
            Files.move(other, dir.resolve("log"), StandardCopyOption.REPLACE_EXISTING);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> log.append(LINE)).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(content()).isEqualTo("mine");
    }

    /** Who has deleted it does not get it back by an interrupt. */
    @Test
    void one_that_is_gone_is_not_made_again() throws IOException {
        try (LogFile log = open(true)) {
            Files.delete(dir.resolve("log"));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> log.append(LINE)).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(dir.resolve("log")).doesNotExist();
        }
    }
}
