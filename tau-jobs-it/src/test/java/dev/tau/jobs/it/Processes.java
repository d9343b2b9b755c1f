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
        String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        int behindName = stat.lastIndexOf(") ");
        if (behindName < 0) {
            return Optional.empty();
        }
        String[] fields = stat.substring(behindName + 2).split(" ", -1);
        Found found = new Found(pid, fields[0].charAt(0), Long.parseLong(fields[1]), Long.parseLong(fields[3]));
        return found.state() == 'Z' || found.state() == 'X' ? Optional.empty() : Optional.of(found);
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // ended meanwhile
        }
    }
}
