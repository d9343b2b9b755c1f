package dev.tau.jobs.bench.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tau.jobs.bench.host.Host;
import dev.tau.jobs.bench.host.Manifests;
import dev.tau.jobs.bench.host.Scratch;
import dev.tau.jobs.bench.peer.SqliteJobs;
import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The newest 20 of many jobs, beside 20 look-ups in a HashMap of as many, and SQLite with an index. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ListBenchmark {
    /** The system property that names a state dir with {@link #QUEUED} queued jobs; absent, a small one is made. */
    public static final String STATE_DIR = "tau.jobs.bench.stateDir";

    /** The system property that names a database made by {@link SqliteJobs}. */
    public static final String DATABASE = "tau.jobs.bench.database";

    /** Jobs in the queue of the state dir: {@link #LISTED} run, and more than that wait. */
    public static final int QUEUED = 100;

    private static final int LISTED = 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** A runtime that was opened on a state dir with a history and a queue. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else
    public static class FullRuntime {
        /** Which jobs; {@code any} sets no filter. */
        @Param({"any", "queued", "running", "succeeded", "failed", "cancelled", "terminal"})
        public String status;

        private Scratch scratch;
        private Host host;
        private Map<String, Object> arguments;

        /** Starts the runtime, and waits until each status has enough jobs. */
        @Setup
        public void open() throws IOException, InterruptedException {
            scratch = new Scratch();
            String given = System.getProperty(STATE_DIR);
            Path stateDir = given == null ? scratch.freshDirectory() : Path.of(given);
            if (given == null) {
                Manifests.write(stateDir, 10_000, QUEUED);
            }
            host = Host.open(stateDir, Map.of("jobs-workers", Integer.toString(LISTED)));
            arguments = status.equals("any") ? Map.of("limit", LISTED) : Map.of("limit", LISTED, "status", status);
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (host.counter("running_jobs") < LISTED
                    || !Integer.valueOf(LISTED).equals(list().content().get("count"))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("not " + LISTED + " " + status + ": " + list().json());
                }
                Thread.sleep(20);
            }
        }

        ToolResult list() {
            return host.call("jobs_list", arguments);
        }

        /** Ends the runtime. */
        @TearDown
        public void close() throws IOException {
            host.close();
            scratch.close();
        }
    }

    /** As many ids in memory, and which of them are looked up. */
    @State(Scope.Benchmark)
    public static class Memory {
        /** How many. */
        @Param("10000")
        public int jobs;

        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> newest = new ArrayList<>();

        /** Fills the map. */
        @Setup
        public void fill() {
            for (int number = 0; number < jobs; number++) {
                numbers.put(Manifests.id(number), number);
            }
            for (int number = jobs - 1; number >= jobs - LISTED; number--) {
                newest.add(Manifests.id(number));
            }
        }
    }

    /** A database with as many jobs. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else
    public static class Database {
        private Scratch scratch;
        private SqliteJobs jobs;

        /** Opens it. */
        @Setup
        public void open() throws IOException, SQLException {
            scratch = new Scratch();
            String given = System.getProperty(DATABASE);
            if (given == null) {
                jobs = SqliteJobs.open(scratch.freshDirectory().resolve("jobs.db"));
                jobs.fill(10_000);
            } else {
                jobs = SqliteJobs.open(Path.of(given));
            }
        }

        /** Closes it. */
        @TearDown
        public void close() throws IOException, SQLException {
            jobs.close();
            scratch.close();
        }
    }

    /** The tool. */
    @Benchmark
    public ToolResult jobsList(FullRuntime runtime) {
        return runtime.list();
    }

    /** Floor: no files, no copies, no order. */
    @Benchmark
    public long floorHashMap(Memory memory) {
        long sum = 0;
        for (String id : memory.newest) {
            sum += memory.numbers.getOrDefault(id, 0);
        }
        return sum;
    }

    /** Peer: the newest rows by an index, their manifests parsed. */
    @Benchmark
    public List<JsonNode> sqliteNewest(Database database) throws SQLException {
        return database.jobs.newest(LISTED);
    }
}
