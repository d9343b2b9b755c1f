package dev.tau.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileTailTest {
    private static final int WHOLE_UP_TO = 1 << 20;
    private static final long MANY = 40L << 20;

    @TempDir
    Path dir;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("job.stdout.log");
    }

    private FileTail tail() {
        FileTail tail = new FileTail(file, shown);
        tail.wholeUpTo(WHOLE_UP_TO);
        return tail;
    }

    /** As a hole reads. */
    private void zeros(long length) throws IOException {
        try (RandomAccessFile output = new RandomAccessFile(file.toFile(), "rw")) {
            output.setLength(length);
        }
    }

    private void add(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void whatIsAddedIsCopiedOnce() throws IOException {
        try (FileTail tail = tail()) {
            assertThat(tail.hasNews()).isFalse();
            tail.copy();
            add("one\n");
            assertThat(tail.hasNews()).isTrue();
            tail.copy();
            assertThat(tail.atLineStart()).isTrue();
            add("two");
            tail.copy();
            assertThat(tail.atLineStart()).isFalse();
            assertThat(tail.hasNews()).isFalse();
            assertThat(tail.dropped()).isZero();
        }
        assertThat(shown).hasToString("one\ntwo");
    }

    @Test
    void whatAnotherOwnerHasDroppedIsPassedOver() throws IOException {
        zeros(MANY);
        add("kept\n");
        try (FileTail tail = tail()) {
            tail.copy();
            assertThat(tail.dropped()).isEqualTo(MANY);
        }
        assertThat(shown).hasToString("kept\n");
    }

    @Test
    void whatIsDroppedWhileOneFollowsIsPassedOver() throws IOException {
        add("shown\n");
        try (FileTail tail = tail()) {
            tail.copy();
            // In place: the hole is punched into the same file.
            try (RandomAccessFile output = new RandomAccessFile(file.toFile(), "rw")) {
                output.write(new byte[6]);
                output.setLength(MANY);
            }
            add("kept\n");
            tail.copy();
            add("more\n");
            tail.copy();
            assertThat(tail.dropped()).isEqualTo(MANY - 6);
        }
        assertThat(shown).hasToString("shown\nkept\nmore\n");
    }

    @Test
    void zerosThatTheJobWroteAreShown() throws IOException {
        zeros(WHOLE_UP_TO - 10);
        add("text\n");
        try (FileTail tail = tail()) {
            tail.copy();
            assertThat(tail.dropped()).isZero();
        }
        assertThat(shown.size()).isEqualTo(WHOLE_UP_TO - 5);
    }

    @Test
    void ofAnEndedJobItIsKnownWhetherTheyWereDropped() throws IOException {
        zeros(MANY);
        add("text\n");
        try (FileTail tail = tail()) {
            tail.end(false);
            tail.copy();
        }
        assertThat(shown.size()).isEqualTo((int) MANY + 5);
        shown.reset();
        try (FileTail tail = tail()) {
            tail.end(true);
            tail.copy();
        }
        assertThat(shown).hasToString("text\n");
    }

    @Test
    void aFileThatWasCutBeginsAnew() throws IOException {
        add("a long line\n");
        try (FileTail tail = tail()) {
            tail.copy();
            Files.writeString(file, "short\n");
            assertThat(tail.hasNews()).isTrue();
            tail.copy();
            assertThat(tail.dropped()).isPositive();
        }
        assertThat(shown).hasToString("a long line\nshort\n");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no mkfifo, nor a pipe among files")
    void whatIsNoFileIsAnEmptyOne() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            try (FileTail tail = tail()) {
                assertThat(tail.hasNews()).isFalse();
                tail.copy();
            }
        });
        Files.delete(file);
        Files.createSymbolicLink(file, Files.write(dir.resolve("secret"), "secret".getBytes(UTF_8)));
        try (FileTail tail = tail()) {
            tail.copy();
        }
        assertThat(shown.size()).isZero();
    }
}
