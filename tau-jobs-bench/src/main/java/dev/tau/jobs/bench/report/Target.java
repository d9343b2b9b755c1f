package dev.tau.jobs.bench.report;

import static dev.tau.jobs.bench.report.Check.Sense.AT_LEAST;
import static dev.tau.jobs.bench.report.Check.Sense.AT_MOST;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What we want to reach.
 *
 * @param number by which it is chosen and named
 * @param work what is done
 * @param wanted the aim in words
 * @param field where others stand
 * @param checks all of them are to be met
 */
public record Target(int number, String work, String wanted, String field, List<Check> checks) {
    private static final List<Target> ALL = List.of(
            new Target(
                    1,
                    "durable create, 1 thread, workers busy",
                    "at least 0.6 of append + force of one line",
                    "SQLite WAL FULL: 0.7; the original, never synced: 0.6",
                    List.of(Check.floorRatio(AT_LEAST, 0.6, "create.1-thread"))),
            new Target(
                    2,
                    "durable create, 8 and 32 threads",
                    "at least 3x SQLite WAL FULL on as many threads",
                    "no peer batches",
                    List.of(
                            Check.peerRatio("sqlite", 3, "create.8-threads"),
                            Check.peerRatio("sqlite", 3, "create.32-threads"))),
            new Target(
                    3,
                    "1,000 x /bin/true, create to ended, 2 workers",
                    "at least 1.3x a bare ProcessBuilder pool of 2 threads with redirects; goal 0.7 of C's posix_spawn",
                    "Quartz in memory 0.84, tsp 0.7, the original 0.01",
                    List.of(
                            Check.floorRatio(AT_LEAST, 1.3, "true.1000", "true.300"),
                            Check.peerRatio("posix-spawn", 0.7, "true.1000", "true.300"))),
            new Target(
                    4,
                    "one /bin/true, idle, create to ended (p50)",
                    "at most 1.2x ProcessBuilder start + wait",
                    "the original 60x",
                    List.of(Check.floorRatio(AT_MOST, 1.2, "true.one"))),
            new Target(
                    5,
                    "list newest 20 of 100,000, no filter and each status",
                    "at most 20 µs, and flat from 1,000 to 1,000,000 jobs in the index (at most 1.5x)",
                    "SQLite 260 µs",
                    lists()),
            new Target(
                    6,
                    "jobs_status with 2,000 byte previews of two 1 GB logs",
                    "at most 100 µs",
                    "the original reads both files whole",
                    List.of(Check.atMost(100, "status.1gb"))),
            new Target(
                    7,
                    "open on 100,000 ended + 1,000 queued jobs",
                    "at most 300 ms in a fresh JVM with files cached; within 1.5x of the same on 1,000 ended jobs when cold",
                    "original 2,440 ms, SQLite 220 ms",
                    List.of(
                            Check.atMost(300, "open.100000", "open.10000"),
                            Check.floorRatio(AT_MOST, 1.5, "open-cold.100000"))),
            new Target(
                    8,
                    "cancel of a running sleep 300, call to ended and tree gone (p50)",
                    "at most 10 ms",
                    "the original up to 100 ms",
                    List.of(Check.atMost(10_000, "cancel.sleep"))),
            new Target(
                    9,
                    "memory: heap of an idle runtime with 100,000 jobs; with 1,000 running sleeps",
                    "at most 40 MB; at most 64 MB and no thread a job (at most 100 threads)",
                    "the original 3 MB idle, 165 MB when it lists",
                    List.of(
                            Check.atMost(40, "heap.idle.100000", "heap.idle.10000"),
                            Check.atMost(64, "heap.running.1000", "heap.running.200"),
                            Check.atMost(100, "threads.running.1000", "threads.running.200"))),
            new Target(
                    10,
                    "idle cost",
                    "no CPU and no wake-ups in 60 s with 100,000 ended jobs (at most 1 ms and 1 a minute, the JVM's own not"
                            + " counted)",
                    "JobRunr polls every 5 s, db-scheduler every 10 s",
                    List.of(
                            Check.atMost(1, "idle.own-cpu.100000", "idle.own-cpu.10000"),
                            Check.atMost(1, "idle.own-wake-ups.100000", "idle.own-wake-ups.10000"))),
            new Target(
                    11,
                    "CPU a job of all processes in target 3",
                    "below a bare ProcessBuilder pool's",
                    "ProcessBuilder pool 1.8 ms, tsp 2.5 ms",
                    List.of(Check.floorRatio(AT_MOST, 1, "cpu.true.1000", "cpu.true.300"))));

    private static List<Check> lists() {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.atMost(20, "list.100000", "list.10000"));
        for (String status : List.of("queued", "running", "succeeded", "failed", "cancelled", "terminal")) {
            checks.add(Check.atMost(20, "list.100000." + status, "list.10000." + status));
        }
        checks.add(Check.flat(1.5, "list.1000", "list.10000", "list.100000", "list.1000000"));
        return List.copyOf(checks);
    }

    /** {@return all targets, by number} */
    public static List<Target> all() {
        return ALL;
    }

    /** {@return their numbers} */
    public static Set<Integer> numbers() {
        return ALL.stream().map(Target::number).collect(Collectors.toCollection(TreeSet::new));
    }
}
