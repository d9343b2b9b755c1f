package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.testing.KillPoint;
import dev.tau.jobs.testing.KillableJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillableJvmIT {

    /** Says where it is, waits there, and leaves a file if it was let go or ended in order. */
    static final class Host {
        private Host() {}

        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0]);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> touch(file.resolveSibling("hook"))));
            KillPoint.reached("start");
            KillPoint.hold("middle");
            touch(file);
            KillPoint.reached("end");
        }

        private static void touch(Path file) {
            try {
                Files.createFile(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @TempDir
    Path dir;

    private KillableJvm start() {
        return KillableJvm.of(Host.class)
                .option("-Xshare:auto")
                .argument(dir.resolve("file").toString())
                .start();
    }

    @Test
    void a_kill_falls_at_the_point_and_no_hook_runs() {
        try (KillableJvm host = start()) {
            host.awaitPoint("middle");
            assertThat(host.isAlive()).isTrue();
            host.kill();

            assertThat(host.isAlive()).isFalse();
            assertThat(host.awaitEnd(Duration.ZERO)).isEqualTo(128 + 9);
            assertThat(host.lines()).containsExactly("point:start", "point:middle");
            assertThat(dir).isEmptyDirectory();
            assertThat(ProcessHandle.of(host.pid())).isEmpty();
        }
    }

    /** The host of docs/testing.md. */
    static final class MyHost {
        private MyHost() {}

        public static void main(String[] args) throws IOException {
            Files.writeString(Path.of(args[0]).resolve("file"), "half");
            KillPoint.hold("half-written");
            Files.writeString(Path.of(args[0]).resolve("file"), "whole");
        }
    }

    @Test
    void what_the_page_kills_is_killed_where_it_says() {
        try (KillableJvm host =
                KillableJvm.of(MyHost.class).argument(dir.toString()).start()) {
            host.awaitPoint("half-written"); // MyHost calls KillPoint.hold("half-written")
            host.kill(); // SIGKILL: no shutdown hook, no finally
        }
        assertThat(dir.resolve("file")).hasContent("half");
    }

    @Test
    void let_go_it_ends_in_order() {
        try (KillableJvm host = start()) {
            host.awaitPoint("middle");
            assertThat(host.killAfter(Duration.ofMillis(1))).isTrue();
        }
        try (KillableJvm host = start()) {
            host.endInput();
            host.awaitPoint("end");
            assertThat(host.awaitEnd(Duration.ofSeconds(20))).isZero();
            assertThat(host.killAfter(Duration.ofSeconds(1))).isFalse();
            assertThat(dir.resolve("file")).exists();
            assertThat(dir.resolve("hook")).exists();
        }
    }

    @Test
    void a_point_that_is_never_reached_is_said_at_once() {
        try (KillableJvm host = start()) {
            host.endInput();
            assertThatThrownBy(() -> host.awaitPoint("nowhere"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ended before point nowhere")
                    .hasMessageContaining("point:middle");
        }
    }
}
