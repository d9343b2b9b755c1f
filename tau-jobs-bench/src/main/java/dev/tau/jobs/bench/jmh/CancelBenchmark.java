package dev.tau.jobs.bench.jmh;

import dev.tau.jobs.bench.host.Host;
import dev.tau.jobs.bench.host.Scratch;
import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A cancel of a running {@code sleep 300}, from the call until the job has ended and its process is gone. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CancelBenchmark {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** A runtime with one running job, a new one for each call. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class OneRunningJob {
        private Scratch scratch;
        private Host host;
        private String id;
        private ProcessHandle process;

        /** Starts a runtime. */
        @Setup(Level.Trial)
        public void open() throws IOException {
            scratch = new Scratch();
            host = Host.open(scratch.freshDirectory(), Map.of());
        }

        /** Starts a job and waits until it is the {@code sleep}: the shell says its pid and becomes it. */
        @Setup(Level.Invocation)
        public void start() {
            id = host.create(
                    Map.of("command", "sh", "args", List.of("-c", "echo $$; exec sleep 300"), "timeout_ms", 900_000));
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            ProcessHandle found = null;
            while (found == null) {
                Object said =
                        host.call("jobs_status", Map.of("job_id", id)).content().get("stdout_preview");
                String text = String.valueOf(said).strip();
                if (!text.isEmpty()) {
                    found = ProcessHandle.of(Long.parseLong(text)).orElse(null);
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("job " + id + " does not start");
                }
                Thread.onSpinWait();
            }
            process = found;
        }

        /** Ends the runtime and deletes its files. */
        @TearDown(Level.Trial)
        public void close() throws IOException {
            host.close();
            scratch.close();
        }
    }

    /** A process, a new one for each call. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else
    public static class OneProcess {
        private Process process;

        /** Starts it. */
        @Setup(Level.Invocation)
        public void start() throws IOException {
            process = new ProcessBuilder("sleep", "300").start();
        }
    }

    /** The tool. */
    @Benchmark
    public ToolResult jobsCancel(OneRunningJob running) {
        running.host.call("jobs_cancel", Map.of("job_id", running.id));
        ToolResult result = running.host.awaitEnd(running.id);
        // Ended is to mean gone; if it does not, the time until it is counts.
        while (running.process.isAlive()) {
            Thread.onSpinWait();
        }
        return result;
    }

    /** Floor: SIGTERM, and waiting for the end of a process that one has started oneself. */
    @Benchmark
    public int floorDestroy(OneProcess one) throws InterruptedException {
        one.process.destroy();
        return one.process.waitFor();
    }
}
