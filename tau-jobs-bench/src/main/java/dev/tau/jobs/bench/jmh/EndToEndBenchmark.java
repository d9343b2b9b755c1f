package dev.tau.jobs.bench.jmh;

import dev.tau.jobs.bench.host.Host;
import dev.tau.jobs.bench.host.Scratch;
import dev.tau.jobs.bench.peer.JobSystem;
import dev.tau.jobs.bench.peer.TrueCommand;
import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

/** One {@code /bin/true} on an idle runtime, from create to ended, beside starting it and waiting for it. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EndToEndBenchmark {

    /** A runtime with nothing to do; its state dir is fresh in each fork. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class IdleRuntime {
        private Scratch scratch;
        private Host host;

        /** Starts a runtime. */
        @Setup
        public void open() throws IOException {
            scratch = new Scratch();
            host = Host.open(scratch.freshDirectory(), Map.of());
        }

        /** Ends the runtime. */
        @TearDown
        public void close() throws IOException {
            host.close();
            scratch.close();
        }
    }

    /** A directory for outputs, fresh in each fork. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class Floor {
        private final AtomicLong lastProcess = new AtomicLong();
        private Scratch scratch;
        private Path directory;

        /** Makes it. */
        @Setup
        public void open() throws IOException {
            scratch = new Scratch();
            directory = scratch.freshDirectory();
        }

        /** Deletes it. */
        @TearDown
        public void deleteScratch() throws IOException {
            scratch.close();
        }
    }

    /** The tools. */
    @Benchmark
    public ToolResult createAndAwait(IdleRuntime runtime) {
        return runtime.host.awaitEnd(runtime.host.create(Map.of("command", "/bin/true")));
    }

    /** Floor of whoever starts processes with the JDK: outputs go to two new files. */
    @Benchmark
    public int floorProcessBuilder(Floor floor) throws IOException, InterruptedException {
        return TrueCommand.run(floor.directory, Long.toString(floor.lastProcess.incrementAndGet()));
    }

    /** A peer with two workers and nothing to do; its database is fresh in each fork. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class Peer {
        /** Which one, as {@link JobSystem#open} knows it. */
        @Param({"quartz-ram", "db-scheduler", "jobrunr"})
        public String peer;

        private Scratch scratch;
        private JobSystem jobs;

        /** Starts the peer. */
        @Setup
        public void open() throws Exception {
            scratch = new Scratch();
            jobs = JobSystem.open(peer, scratch.freshDirectory());
        }

        /** Ends it. */
        @TearDown
        public void close() throws Exception {
            jobs.close();
            scratch.close();
        }
    }

    /** Peers, from handing the job in to the end of its program. */
    @Benchmark
    public void peer(Peer state) throws Exception {
        state.jobs.runAll(1);
    }
}
