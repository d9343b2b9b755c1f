package dev.tau.jobs.bench;

import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The newest 20 of 10,000 ended jobs, beside 20 look-ups in a HashMap of as many. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ListBenchmark {
    private static final int JOBS = 10_000;
    private static final int LISTED = 20;

    /** A runtime that was opened on a state dir with a history. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else
    public static class FullRuntime {
        private Scratch scratch;
        private Host host;

        /** Writes the history, starts the runtime, and makes sure that it has found the history. */
        @Setup
        public void open() throws IOException {
            scratch = new Scratch();
            Path stateDir = scratch.freshDirectory();
            Manifests.write(stateDir, JOBS);
            host = Host.open(stateDir, Map.of());
            ToolResult result = list();
            boolean newest = result.content().get("jobs") instanceof List<?> jobs
                    && jobs.size() == LISTED
                    && jobs.get(0) instanceof Map<?, ?> job
                    && Manifests.id(JOBS - 1).equals(job.get("job_id"));
            if (!newest) {
                throw new IllegalStateException("not the newest " + LISTED + ": " + result.json());
            }
        }

        ToolResult list() {
            return host.call("jobs_list", Map.of("limit", LISTED));
        }

        /** Ends the runtime and deletes the history. */
        @TearDown
        public void close() throws IOException {
            host.close();
            scratch.close();
        }
    }

    /** As many ids in memory, and which of them are looked up. */
    @State(Scope.Benchmark)
    public static class Floor {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> newest = new ArrayList<>();

        /** Fills the map. */
        @Setup
        public void fill() {
            for (int number = 0; number < JOBS; number++) {
                numbers.put(Manifests.id(number), number);
            }
            for (int number = JOBS - 1; number >= JOBS - LISTED; number--) {
                newest.add(Manifests.id(number));
            }
        }
    }

    /** The tool. */
    @Benchmark
    public ToolResult jobsList(FullRuntime runtime) {
        return runtime.list();
    }

    /** Floor: no files, no copies, no order. */
    @Benchmark
    public long floorHashMap(Floor floor) {
        long sum = 0;
        for (String id : floor.newest) {
            sum += floor.numbers.getOrDefault(id, 0);
        }
        return sum;
    }
}
