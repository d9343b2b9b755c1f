package dev.tau.jobs.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Linux tells of processes in {@code /proc}. */
public final class ProcFiles {
    /** Linux promises this unit to programs, whatever it uses itself. */
    private static final double TICKS_PER_MS = 0.1;

    private ProcFiles() {}

    /** {@return why nothing can be told, if so} */
    public static Optional<String> absence() {
        return Files.isReadable(Path.of("/proc/self/schedstat"))
                ? Optional.empty()
                : Optional.of("needs Linux's /proc with schedstat");
    }

    /**
     * CPU of this process and all its descendants so far, those included that have ended and been waited for.
     *
     * @return ms
     * @throws IOException if it is not told
     */
    static double treeCpuMs() throws IOException {
        double ticks = ticks(ProcessHandle.current());
        for (ProcessHandle process : ProcessHandle.current().descendants().toList()) {
            try {
                ticks += ticks(process);
            } catch (IOException e) {
                // It has just ended: then its parent counts it, or did not wait for it.
            }
        }
        return ticks / TICKS_PER_MS;
    }

    private static double ticks(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        // The name in parentheses may hold spaces.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double sum = 0;
        for (int field = 11; field <= 14; field++) { // utime, stime, cutime, cstime
            sum += Long.parseLong(fields[field]);
        }
        return sum;
    }

    /**
     * What the threads of a process and of its descendants have done so far.
     *
     * @param pid the process
     * @return by thread, or process, id
     * @throws IOException if it is not told
     */
    public static Map<Long, ThreadUse> threads(long pid) throws IOException {
        List<Long> pids = new ArrayList<>(List.of(pid));
        ProcessHandle.of(pid).ifPresent(process -> process.descendants().forEach(child -> pids.add(child.pid())));
        Map<Long, ThreadUse> threads = new HashMap<>();
        for (long each : pids) {
            try (DirectoryStream<Path> tasks =
                    Files.newDirectoryStream(Path.of("/proc", Long.toString(each), "task"))) {
                for (Path task : tasks) {
                    threads.put(Long.parseLong(task.getFileName().toString()), thread(task, each != pid));
                }
            } catch (java.nio.file.NoSuchFileException e) {
                // A child that has just ended did something, but nobody tells how much any more.
            }
        }
        return threads;
    }

    private static ThreadUse thread(Path task, boolean child) throws IOException {
        String name =
                (child ? "child " : "") + Files.readString(task.resolve("comm")).strip();
        long cpuNs = Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", 2)[0]);
        long wakeUps = status(task.resolve("status"), "voluntary_ctxt_switches:");
        return new ThreadUse(name, cpuNs, wakeUps);
    }

    /**
     * A number of {@code /proc/…/status}.
     *
     * @param status the file
     * @param key the line's first word
     * @return the second word
     * @throws IOException if there is no such line
     */
    static long status(Path status, String key) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()).strip().split(" ", 2)[0]);
            }
        }
        throw new IOException("no " + key + " in " + status);
    }

    /**
     * What a thread has done so far.
     *
     * @param name its name, cut by Linux; of a child's thread with {@code child} in front
     * @param cpuNs its CPU time
     * @param wakeUps how often it went to sleep and came back
     */
    public record ThreadUse(String name, long cpuNs, long wakeUps) {}
}
