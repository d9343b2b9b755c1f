package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;

/** Processes as /proc shows them, found by an argument that no other process of the machine has. */
final class Processes {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    /** Zombies are not listed. */
    record Found(long pid, char state, long parent, long session) {}

    private Processes() {}

    /** An argument for {@code sleep}, about five minutes, that tells this one from all others. */
    static String uniqueDuration() {
        return "300.%07d%04d".formatted(ProcessHandle.current().pid(), COUNTER.incrementAndGet());
    }

    static List<Found> withArgument(String argument) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            return StreamSupport.stream(processes.spliterator(), false)
                    .filter(process -> List.of(read(process.resolve("cmdline")).split("\0", -1))
                            .contains(argument))
                    .flatMap(
                            process -> find(Long.parseLong(process.getFileName().toString())).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Found awaitOne(String argument) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(withArgument(argument)).hasSize(1));
        return withArgument(argument).get(0);
    }

    /** Empty if it is gone, or a zombie. */
    static Optional<Found> find(long pid) {
        return fields(Path.of("/proc", Long.toString(pid)))
                .map(fields -> new Found(pid, state(fields), Long.parseLong(fields[1]), Long.parseLong(fields[3])))
                .filter(found -> found.state() != 'Z' && found.state() != 'X');
    }

    /** Stops a process, and waits until no thread of it runs any more: a busy one may go on for a while. */
    static void stop(long pid) throws IOException, InterruptedException {
        signal("-STOP", pid);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(threadStates(pid)).containsOnly('T'));
    }

    static void goOn(long pid) throws IOException, InterruptedException {
        signal("-CONT", pid);
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", name, Long.toString(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static List<Character> threadStates(long pid) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            return StreamSupport.stream(threads.spliterator(), false)
                    .flatMap(thread -> fields(thread).stream())
                    .map(Processes::state)
                    .toList();
        }
    }

    /** Those of stat that follow the name, the state first; empty if the process or thread is gone. */
    private static Optional<String[]> fields(Path proc) {
        String stat = read(proc.resolve("stat"));
        int behindName = stat.lastIndexOf(") ");
        return behindName < 0
                ? Optional.empty()
                : Optional.of(stat.substring(behindName + 2).split(" ", -1));
    }

    private static char state(String[] fields) {
        return fields[0].charAt(0);
    }

    /** Empty if its process is gone. */
    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // ended meanwhile
        }
    }
}
