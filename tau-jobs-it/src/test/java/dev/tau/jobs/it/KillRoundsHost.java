package dev.tau.jobs.it;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillPoint;
import dev.tau.jobs.testing.KillableJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The host of {@link KillRoundsIT}: creates, cancels and sees jobs end until it is killed, and writes down, synced, what it
 * was told. What it was told and could not write down any more is not held against the runtime.
 */
final class KillRoundsHost {
    static final String[] SETTINGS = {
        "no-session", "true",
        "jobs-workers", "4",
        "jobs-kill-grace-ms", "300",
        "jobs-list-max-limit", "100000",
        "jobs-max-recoveries", "1000000"
    };
    static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");
    private static final int OUTSTANDING = 12;

    private final JobsHost host;
    private final Random random;
    private final FileChannel acknowledged;
    private final Path root;
    private final List<String> outstanding = new ArrayList<>();

    private KillRoundsHost(JobsHost host, Path root, Random random, FileChannel acknowledged) {
        this.host = host;
        this.root = root;
        this.random = random;
        this.acknowledged = acknowledged;
    }

    static KillableJvm start(Path root, long seed) {
        return KillableJvm.of(KillRoundsHost.class)
                .argument(root.toString())
                .argument(Long.toString(seed))
                .start();
    }

    static Path acknowledgements(Path root) {
        return root.resolve("acknowledged");
    }

    /** How often a job has begun to run: it says so itself. */
    static int runs(Path root, String id) throws IOException {
        Path file = root.resolve("runs").resolve(id);
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        Files.createDirectories(root.resolve("runs"));
        try (FileChannel acknowledged = FileChannel.open(
                acknowledgements(root),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC)) {
            KillPoint.reached("opening");
            try (JobsHost host = JobsHost.open(root, SETTINGS)) {
                KillPoint.reached("load");
                new KillRoundsHost(host, root, new Random(Long.parseLong(args[1])), acknowledged).load();
            }
        }
    }

    private void load() throws IOException {
        while (true) {
            if (outstanding.size() < OUTSTANDING) {
                create();
            }
            if (random.nextInt(4) == 0) {
                cancel(outstanding.get(random.nextInt(outstanding.size())));
            }
            if (outstanding.size() == OUTSTANDING) {
                // A breath, so that the jobs have the processor, too.
                host.call("jobs_status", Map.of("job_id", outstanding.get(0), "wait_ms", 5));
            }
            seeEnds();
        }
    }

    /**
     * The lock is held by the kernel for as long as any process of the run lives, so that a second one at the same time
     * shows, whenever it was.
     */
    private void create() throws IOException {
        int wish = random.nextInt(10);
        String rest = wish < 4
                ? "exit 0"
                : wish < 6 ? "exit 3" : "sleep 0." + (1 + random.nextInt(wish < 9 ? 9 : 40)) + "; exit 0";
        acknowledge("created "
                + host.shell("exec 9>runs/$TAU_JOB_ID.lock; flock -n 9 || echo $TAU_JOB_ID >> doubles; "
                        + "echo run >> runs/$TAU_JOB_ID; " + rest));
    }

    private void acknowledge(String line) throws IOException {
        if (line.startsWith("created ")) {
            outstanding.add(line.substring("created ".length()));
        }
        acknowledged.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private void cancel(String id) throws IOException {
        JsonNode job = host.cancel(id).path("job");
        if (job.path("cancellation_requested").asBoolean()
                && !Set.of("succeeded", "failed").contains(job.path("status").asString())) {
            acknowledge("cancelled " + id);
        }
    }

    private void seeEnds() throws IOException {
        for (JsonNode job :
                host.list(Map.of("status", "terminal", "limit", 500)).path("jobs")) {
            String id = job.path("job_id").asString();
            if (outstanding.remove(id)) {
                acknowledge("ended " + id + " " + job.path("status").asString() + " " + runs(root, id));
            }
        }
    }
}
