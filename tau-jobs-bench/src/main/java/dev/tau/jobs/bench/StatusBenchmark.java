package dev.tau.jobs.bench;

import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** One {@code jobs_status} of an ended job with a line of output, beside reading its manifest without parsing it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StatusBenchmark {

    /** A runtime that has run one job. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else
    public static class OneEndedJob {
        private Scratch scratch;
        private Host host;
        private Map<String, String> arguments;
        private Path manifest;

        /** Runs the job. */
        @Setup
        public void run() throws IOException {
            scratch = new Scratch();
            Path stateDir = scratch.freshDirectory();
            host = Host.open(stateDir, Map.of());
            String id = host.create(Map.of("command", "echo", "args", List.of("done")));
            host.awaitEnd(id);
            arguments = Map.of("job_id", id);
            manifest = stateDir.resolve("jobs").resolve(id + ".json");
        }

        /** Ends the runtime and deletes its files. */
        @TearDown
        public void close() throws IOException {
            host.close();
            scratch.close();
        }
    }

    /** The tool. */
    @Benchmark
    public ToolResult jobsStatus(OneEndedJob ended) {
        return ended.host.call("jobs_status", ended.arguments);
    }

    /** Floor of whoever keeps nothing in memory. */
    @Benchmark
    public byte[] floorReadManifest(OneEndedJob ended) throws IOException {
        return Files.readAllBytes(ended.manifest);
    }
}
