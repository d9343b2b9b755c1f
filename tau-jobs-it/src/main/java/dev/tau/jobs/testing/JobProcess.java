package dev.tau.jobs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * A live process that carries a job's mark in its environment, read from {@code /proc}: on Linux alone, and of processes
 * alone that we may read. Zombies are no live processes.
 *
 * @param pid its process id
 * @param parent the process id of its parent
 * @param startTicks when it was started, in clock ticks since boot; with the pid, it names the process for good
 * @param jobId what {@code TAU_JOB_ID} says
 * @param stateDir what {@code TAU_JOB_STATE_DIR} says; empty if it is not set
 */
public record JobProcess(long pid, long parent, long startTicks, String jobId, String stateDir) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration END_PATIENCE = Duration.ofSeconds(20);

    /** {@return all live processes of all jobs; one that starts or ends meanwhile may be missing} */
    public static List<JobProcess> all() {
        List<JobProcess> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                read(process, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /**
     * The roots of each job's processes: those whose parent does not carry the job's mark. A job that runs once has one,
     * and for a moment none or more while a parent ends before its children.
     *
     * @param stateDir whose jobs; another's may have the same ids
     * @return the roots by job id; no job without any
     */
    public static Map<String, List<JobProcess>> roots(Path stateDir) {
        String wanted = stateDir.toString();
        List<JobProcess> all = all().stream()
                .filter(process -> process.stateDir().equals(wanted))
                .toList();
        Map<Long, String> jobOfPid = new HashMap<>();
        all.forEach(process -> jobOfPid.put(process.pid(), process.jobId()));
        Map<String, List<JobProcess>> roots = new TreeMap<>();
        for (JobProcess process : all) {
            if (!process.jobId().equals(jobOfPid.get(process.parent()))) {
                roots.computeIfAbsent(process.jobId(), id -> new ArrayList<>()).add(process);
            }
        }
        return roots;
    }

    /**
     * The live processes of a job, whose host may be another process, or closed.
     *
     * @param stateDir of which state dir: another's may have a job of that id
     * @param id the job
     * @return the pids of all that carry the job's mark
     */
    public static List<String> pidsOf(Path stateDir, String id) {
        // The mark holds the real path.
        String wanted = realPath(stateDir).toString();
        return all().stream()
                .filter(process ->
                        process.jobId().equals(id) && process.stateDir().equals(wanted))
                .map(process -> Long.toString(process.pid()))
                .toList();
    }

    /**
     * Waits, at most 20 s, until a job has no process.
     *
     * @param stateDir its state dir
     * @param id the job
     */
    public static void awaitNone(Path stateDir, String id) {
        Awaitility.await()
                .atMost(END_PATIENCE)
                .untilAsserted(() -> assertThat(pidsOf(stateDir, id)).isEmpty());
    }

    /**
     * Waits, at most 20 s, until a job has so many processes.
     *
     * @param stateDir its state dir
     * @param id the job
     * @param atLeast how many
     */
    public static void await(Path stateDir, String id, int atLeast) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pidsOf(stateDir, id)).hasSizeGreaterThanOrEqualTo(atLeast));
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            return path.toAbsolutePath(); // deleted after its host was closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Path process, List<JobProcess> found) {
        try {
            String environment = bytes(process.resolve("environ"));
            String id = variable(environment, "TAU_JOB_ID");
            if (id.isEmpty()) {
                return;
            }
            String stat = bytes(process.resolve("stat"));
            // The name in parentheses may hold anything; what follows it is plain.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (!fields[0].equals("Z") && !fields[0].equals("X")) {
                found.add(new JobProcess(
                        Long.parseLong(process.getFileName().toString()),
                        Long.parseLong(fields[1]),
                        Long.parseLong(fields[19]),
                        id,
                        variable(environment, "TAU_JOB_STATE_DIR")));
            }
        } catch (IOException e) {
            return; // ended meanwhile, or somebody else's
        }
    }

    private static String bytes(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static String variable(String environment, String name) {
        for (String entry : environment.split("\0", -1)) {
            if (entry.startsWith(name + "=")) {
                return entry.substring(name.length() + 1);
            }
        }
        return "";
    }
}
