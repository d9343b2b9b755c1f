package dev.tau.jobs.bench.process;

import dev.tau.jobs.bench.host.Host;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Heap after collections, memory of the process and threads, with jobs that are known or that run: MB, and a count. */
public final class MemoryMain {
    private static final double MB = 1 << 20;
    private static final long PATIENCE_NANOS = 300_000_000_000L;

    private MemoryMain() {}

    /**
     * Measures once.
     *
     * @param arguments {@code jobs}, {@code nothing} or {@code processes}; a directory; how many sleeps to start
     * @throws IOException if something does not start
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[1]);
        int sleeps = Integer.parseInt(arguments[2]);
        switch (arguments[0]) {
            case "nothing" -> print();
            case "jobs" -> jobs(directory, sleeps);
            case "processes" -> processes(directory, sleeps);
            default -> throw new IllegalArgumentException("unknown: " + arguments[0]);
        }
    }

    private static void jobs(Path directory, int sleeps) throws IOException, InterruptedException {
        Map<String, String> settings =
                sleeps == 0 ? Map.of() : Map.of("jobs-workers", Integer.toString(sleeps), "jobs-kill-grace-ms", "500");
        try (Host host = Host.open(directory, settings)) {
            for (int job = 0; job < sleeps; job++) {
                host.create(Map.of("command", "sleep", "args", List.of("800"), "timeout_ms", 900_000));
            }
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (host.counter("running_jobs") < sleeps) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(host.counter("running_jobs") + " of " + sleeps + " run");
                }
                Thread.sleep(50);
            }
            // As a host does that has looked at its jobs once.
            host.call("jobs_list", Map.of());
            print();
        }
    }

    private static void processes(Path directory, int sleeps) throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        try {
            for (int number = 0; number < sleeps; number++) {
                processes.add(new ProcessBuilder("sleep", "800")
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(
                                directory.resolve(number + ".stdout.log").toFile())
                        .redirectError(directory.resolve(number + ".stderr.log").toFile())
                        .start());
            }
            print();
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static void print() throws IOException, InterruptedException {
        double least = Double.MAX_VALUE;
        // What is released by one collection may let the next one release more.
        for (int collection = 0; collection < 5; collection++) {
            System.gc();
            Thread.sleep(100);
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MB);
        }
        Measured.print("value", least);
        Measured.print("threads", ManagementFactory.getThreadMXBean().getThreadCount());
        if (ProcFiles.absence().isEmpty()) {
            Measured.print("rss_mb", ProcFiles.status(Path.of("/proc/self/status"), "VmRSS:") / 1024.0);
        }
    }
}
