package dev.tau.jobs.bench.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.bench.host.Host;
import dev.tau.jobs.bench.host.Manifests;
import dev.tau.jobs.bench.host.Scratch;
import dev.tau.jobs.bench.peer.SqliteJobs;
import dev.tau.jobs.spi.ToolResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
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

/** {@code jobs_status} of an ended job, of one without outputs and of one with two of 1 GB. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StatusBenchmark {
    private static final int PREVIEW_BYTES = 2_000;
    private static final int JOBS = 1_000;
    private static final long LARGE = 1L << 30;

    /** A runtime with a history whose last job has large outputs, and the same jobs in a database. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // JMH calls the setup before anything else
    public static class History {
        private final ObjectMapper json = new ObjectMapper();
        private Scratch scratch;
        private Host host;
        private SqliteJobs database;
        private Map<String, Object> small;
        private Map<String, Object> large;
        private Path manifest;
        private Path stdout;
        private Path stderr;

        /** Writes the history and opens it. */
        @Setup
        public void open() throws IOException, SQLException {
            scratch = new Scratch();
            Path stateDir = scratch.freshDirectory();
            Path jobs = stateDir.resolve("jobs");
            Manifests.write(stateDir, JOBS, 0);
            String id = Manifests.id(JOBS - 1);
            stdout = large(jobs.resolve(id + ".stdout.log"));
            stderr = large(jobs.resolve(id + ".stderr.log"));
            manifest = jobs.resolve(id + ".json");
            database = SqliteJobs.open(scratch.freshDirectory().resolve("jobs.db"));
            database.fill(JOBS);
            host = Host.open(stateDir, Map.of("jobs-max-output-bytes", Long.toString(2 * LARGE)));
            small = Map.of("job_id", Manifests.id(0));
            large = Map.of("job_id", id, "output_preview_bytes", PREVIEW_BYTES);
            ToolResult result = host.call("jobs_status", large);
            if (!String.valueOf(result.content().get("stdout_preview")).endsWith("end\n")) {
                throw new IllegalStateException("not the end of the output: " + result.json());
            }
        }

        /** Sparse: only its end takes room, and only its end should be read. */
        private static Path large(Path file) throws IOException {
            try (RandomAccessFile output = new RandomAccessFile(file.toFile(), "rw")) {
                output.seek(LARGE - 2 * PREVIEW_BYTES);
                output.write("x".repeat(2 * PREVIEW_BYTES - 4).getBytes(StandardCharsets.US_ASCII));
                output.write("end\n".getBytes(StandardCharsets.US_ASCII));
            }
            return file;
        }

        /** Ends the runtime and deletes its files. */
        @TearDown
        public void close() throws IOException, SQLException {
            host.close();
            database.close();
            scratch.close();
        }
    }

    /** The tool, on a job without outputs. */
    @Benchmark
    public ToolResult jobsStatus(History history) {
        return history.host.call("jobs_status", history.small);
    }

    /** Floor of whoever keeps nothing in memory: read and parse one manifest. */
    @Benchmark
    public JsonNode floorReadManifest(History history) throws IOException {
        return history.json.readTree(Files.readAllBytes(history.manifest));
    }

    /** Peer: one row by its primary key, its manifest parsed. */
    @Benchmark
    public JsonNode sqliteById(History history) throws SQLException {
        return history.database.byId(0);
    }

    /** The tool, on a job with two outputs of 1 GB. */
    @Benchmark
    public ToolResult jobsStatusLargeOutputs(History history) {
        return history.host.call("jobs_status", history.large);
    }

    /** Floor of the previews: open both files, read their last bytes, make strings of them. */
    @Benchmark
    public int floorReadTails(History history) throws IOException {
        return tail(history.stdout).length() + tail(history.stderr).length();
    }

    private static String tail(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(PREVIEW_BYTES);
            long position = file.size() - PREVIEW_BYTES;
            while (bytes.hasRemaining() && file.read(bytes, position + bytes.position()) >= 0) {
                // A read may return less than it was asked for.
            }
            return new String(bytes.array(), StandardCharsets.UTF_8);
        }
    }
}
