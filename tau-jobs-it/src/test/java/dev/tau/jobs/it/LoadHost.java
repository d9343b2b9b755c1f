package dev.tau.jobs.it;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The host of {@link LoadIT}, which needs little memory of its own: knows the SPI and nothing else. Arguments: the root, how
 * many seconds of load, in how many rounds, each behind as many idle calls: a machine that is slow for a while is so in both. Writes
 * down what it was told, in the file {@code acknowledged}; prints {@code name=number} lines, of latencies the medians of the rounds.
 */
@SuppressWarnings("SystemOut") // standard output is what the test reads
final class LoadHost {
    private static final int THREADS = 8;
    private static final int WARM_UP = 5_000;
    private static final int IDLE_CALLS = 5_000;

    private final ToolSet tools;
    private final BufferedWriter acknowledged;
    private final List<Latencies> idle = new ArrayList<>();
    private final List<Latencies> underLoad = new ArrayList<>();

    private LoadHost(ToolSet tools, BufferedWriter acknowledged) {
        this.tools = tools;
        this.acknowledged = acknowledged;
    }

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("jobs-state-dir", root.resolve(".tau/jobs").toString())
                .setting("no-session", "true")
                .setting("jobs-workers", "1")
                .setting("jobs-max-queued", "1000000")
                .setting("jobs-retain-count", "200000")
                .setting("jobs-kill-grace-ms", "300")
                .build();
        long begin = System.nanoTime();
        try (BufferedWriter acknowledged = Files.newBufferedWriter(root.resolve("acknowledged"));
                ToolSet tools = ToolSet.load(context)) {
            LoadHost host = new LoadHost(tools, acknowledged);
            host.call("jobs_list", Map.of(), "jobs_list_ok");
            print("open_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            print("heap_after_open_kb", heapInUse());
            int rounds = Integer.parseInt(args[2]);
            for (int i = 0; i < rounds; i++) {
                host.idle();
                host.load(Duration.ofSeconds(Long.parseLong(args[1])).dividedBy(rounds), i);
            }
            host.printLatencies();
            print("heap_after_load_kb", heapInUse());
        }
        System.out.println("closed");
    }

    private static void print(String name, long number) {
        System.out.println(name + "=" + number);
    }

    private static long heapInUse() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 10;
    }

    private ToolResult call(String name, Map<String, ?> arguments, String expected) {
        Tool tool = tools.find(name).orElseThrow();
        ToolResult result = tool.execute(ToolCall.of(arguments));
        if (!result.reasonCode().equals(expected)) {
            throw new IllegalStateException(name + " answered " + result.json());
        }
        return result;
    }

    private void timedList(Latencies latencies) {
        long begin = System.nanoTime();
        call("jobs_list", Map.of(), "jobs_list_ok");
        latencies.add(System.nanoTime() - begin);
    }

    private void idle() {
        Latencies latencies = new Latencies();
        for (int i = 0; i < WARM_UP; i++) {
            timedList(latencies);
        }
        latencies = new Latencies();
        for (int i = 0; i < IDLE_CALLS; i++) {
            timedList(latencies);
        }
        idle.add(latencies);
    }

    private void load(Duration time, int round) throws Exception {
        Latencies latencies = new Latencies();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        long end = System.nanoTime() + time.toNanos();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(round * (long) THREADS + i);
            all.add(threads.submit(() -> {
                createListAndCancel(random, end, latencies);
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(time.toSeconds() + 60, TimeUnit.SECONDS);
        }
        threads.shutdown();
        underLoad.add(latencies);
    }

    private void printLatencies() {
        print("idle_p50_us", median(idle, 0.5));
        print("idle_p99_us", median(idle, 0.99));
        print("load_calls", underLoad.stream().mapToLong(Latencies::count).sum());
        print("load_p50_us", median(underLoad, 0.5));
        print("load_p99_us", median(underLoad, 0.99));
    }

    private static long median(List<Latencies> rounds, double part) {
        return rounds.stream()
                .map(round -> round.micros(part))
                .sorted()
                .toList()
                .get(rounds.size() / 2);
    }

    private void createListAndCancel(Random random, long end, Latencies latencies) throws IOException {
        List<String> mine = new ArrayList<>();
        while (System.nanoTime() < end) {
            int wish = random.nextInt(3);
            if (wish == 0) {
                timedList(latencies);
            } else if (wish == 1 || mine.isEmpty()) {
                ToolResult result =
                        call("jobs_create", Map.of("command", "echo", "args", List.of("hello")), "job_queued");
                String id = (String) ((Map<?, ?>) result.content().get("job")).get("job_id");
                acknowledge("created " + id);
                mine.add(id);
            } else {
                String id = mine.remove(random.nextInt(mine.size()));
                call("jobs_cancel", Map.of("job_id", id), "jobs_cancel_ok");
                acknowledge("cancelled " + id);
            }
        }
    }

    private void acknowledge(String line) throws IOException {
        synchronized (acknowledged) {
            acknowledged.write(line + "\n");
        }
    }
}
