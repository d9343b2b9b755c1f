package dev.tau.jobs.bench;

import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

/**
 * One durable {@code jobs_create}, beside the two ways to make 1.1 KB safe against power loss. With {@code -t 8} several
 * threads share one runtime, one log file and one directory.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CreateBenchmark {
    private static final byte[] CONTENT = content();

    private static byte[] content() {
        byte[] line = new byte[1_100];
        java.util.Arrays.fill(line, (byte) 'x');
        line[line.length - 1] = '\n';
        return line;
    }

    /** A runtime whose only worker is kept busy, so that what is created stays queued. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class BusyRuntime {
        private Scratch scratch;
        private Host host;

        /** Makes the directory of the trial. */
        @Setup(Level.Trial)
        public void makeScratch() throws IOException {
            scratch = new Scratch();
        }

        /** Starts a runtime on a state dir of its own. */
        @Setup(Level.Iteration)
        public void open() throws IOException {
            host = Host.open(scratch.freshDirectory(), Map.of("jobs-workers", "1", "jobs-max-queued", "10000000"));
            host.create(Map.of("command", "sleep", "args", List.of("3600"), "timeout_ms", 900_000));
        }

        /** Ends the runtime, and with it the program that kept it busy. */
        @TearDown(Level.Iteration)
        public void close() {
            host.close();
        }

        /** Deletes what all iterations left. */
        @TearDown(Level.Trial)
        public void deleteScratch() throws IOException {
            scratch.close();
        }
    }

    /** A directory with one open log, both fresh in each iteration. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class Floor {
        private final AtomicLong lastFile = new AtomicLong();
        private Scratch scratch;
        private Path directory;
        private FileChannel log;

        /** Makes the directory of the trial. */
        @Setup(Level.Trial)
        public void makeScratch() throws IOException {
            scratch = new Scratch();
        }

        /** Opens the log. */
        @Setup(Level.Iteration)
        public void open() throws IOException {
            directory = scratch.freshDirectory();
            log = FileChannel.open(directory.resolve("log"), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
        }

        /** Closes the log. */
        @TearDown(Level.Iteration)
        public void close() throws IOException {
            log.close();
        }

        /** Deletes what all iterations left. */
        @TearDown(Level.Trial)
        public void deleteScratch() throws IOException {
            scratch.close();
        }
    }

    /** The tool. */
    @Benchmark
    public ToolResult jobsCreate(BusyRuntime runtime) {
        return runtime.host.call("jobs_create", Map.of("command", "/bin/true"));
    }

    /** Floor of a log: one line, one force. */
    @Benchmark
    public void floorAppendForce(Floor floor) throws IOException {
        writeFully(floor.log);
        floor.log.force(false);
    }

    /** Floor of a file a job: temporary file, force, rename, force of the directory. */
    @Benchmark
    public void floorRenameForce(Floor floor) throws IOException {
        String name = "job-" + floor.lastFile.incrementAndGet();
        Path temporary = floor.directory.resolve("." + name + ".tmp");
        try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(file);
            file.force(true);
        }
        Files.move(temporary, floor.directory.resolve(name + ".json"), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(floor.directory, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static void writeFully(FileChannel file) throws IOException {
        for (ByteBuffer content = ByteBuffer.wrap(CONTENT); content.hasRemaining(); ) {
            file.write(content);
        }
    }
}
