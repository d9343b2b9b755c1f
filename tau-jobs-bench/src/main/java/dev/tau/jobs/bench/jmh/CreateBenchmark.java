package dev.tau.jobs.bench.jmh;

import dev.tau.jobs.bench.host.Host;
import dev.tau.jobs.bench.host.Scratch;
import dev.tau.jobs.bench.peer.GroupCommitLog;
import dev.tau.jobs.bench.peer.SqliteJobs;
import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/**
 * Durable {@code jobs_create} a second, beside logs whose lines of 1.1 KB are safe against power loss, and SQLite with the
 * same promise. With {@code -t 8} several threads share one runtime, one log, one database.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CreateBenchmark {
    private static final byte[] CONTENT = content();
    private static final String MANIFEST = new String(CONTENT, StandardCharsets.US_ASCII);

    private static byte[] content() {
        byte[] line = new byte[1_100];
        Arrays.fill(line, (byte) 'x');
        line[line.length - 1] = '\n';
        return line;
    }

    /**
     * A runtime whose only worker is kept busy, so that what is created stays queued. Opened once a fork: what an opening
     * allocates within an iteration would count as the calls'.
     */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class BusyRuntime {
        private Scratch scratch;
        private Host host;

        /** Starts a runtime on a state dir of its own. */
        @Setup
        public void open() throws IOException {
            scratch = new Scratch();
            host = Host.open(scratch.freshDirectory(), Map.of("jobs-workers", "1"));
            host.create(Map.of("command", "sleep", "args", List.of("3600"), "timeout_ms", 900_000));
        }

        /** Ends the runtime, and with it the program that kept it busy. */
        @TearDown
        public void close() throws IOException {
            host.close();
            scratch.close();
        }
    }

    /** A log, fresh in each fork. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class Log {
        private Scratch scratch;
        private FileChannel file;
        private GroupCommitLog groups;

        /** Opens the log. */
        @Setup
        public void open() throws IOException {
            scratch = new Scratch();
            Path log = scratch.freshDirectory().resolve("log");
            file = FileChannel.open(log, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
            groups = new GroupCommitLog(file);
        }

        /** Closes the log. */
        @TearDown
        public void close() throws IOException {
            file.close();
            scratch.close();
        }
    }

    /** A database, fresh in each fork; all threads share its one connection, which is faster than one each. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setups before anything else
    public static class Database {
        private final AtomicInteger lastJob = new AtomicInteger();
        private Scratch scratch;
        private SqliteJobs jobs;

        /** Opens the database. */
        @Setup
        public void open() throws IOException, SQLException {
            scratch = new Scratch();
            jobs = SqliteJobs.open(scratch.freshDirectory().resolve("jobs.db"));
        }

        /** Closes the database. */
        @TearDown
        public void close() throws IOException, SQLException {
            jobs.close();
            scratch.close();
        }
    }

    /** The tool. */
    @Benchmark
    public ToolResult jobsCreate(BusyRuntime runtime) {
        return runtime.host.call("jobs_create", Map.of("command", "/bin/true"));
    }

    /** Floor of one thread: one line, one force. */
    @Benchmark
    public void floorAppendForce(Log log) throws IOException {
        for (ByteBuffer content = ByteBuffer.wrap(CONTENT); content.hasRemaining(); ) {
            log.file.write(content);
        }
        log.file.force(false);
    }

    /** Floor of several threads: whoever comes while a force is under way shares the next one. */
    @Benchmark
    public void floorGroupCommit(Log log) throws IOException, InterruptedException {
        log.groups.append(CONTENT);
    }

    /** Peer: one row, one transaction, WAL and synchronous=FULL. */
    @Benchmark
    public void sqliteInsert(Database database) throws SQLException {
        database.jobs.insertDurably(database.lastJob.incrementAndGet(), MANIFEST);
    }
}
