package dev.tau.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.json.JsonLibrary;
import dev.tau.jobs.runtime.JobRequest;
import dev.tau.jobs.runtime.JobRuntime;
import dev.tau.jobs.spi.ToolContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runtimes on a state dir and a disk of a test's choice, and the laws that hold once one has recovered. */
final class Runtimes {
    static final boolean DEEP = Boolean.getBoolean("tau.jobs.deep");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Runtimes() {}

    static JobRuntime open(Path dir, Disk disk, String... settings) throws IOException {
        ToolContext.Builder context = ToolContext.builder()
                .workingDirectory(dir.getParent())
                .setting("jobs-state-dir", dir.toString())
                .setting("no-session", "true")
                .setting("jobs-workers", "2")
                .setting("jobs-kill-grace-ms", "200")
                .setting("jobs-max-recoveries", "1000");
        for (int i = 0; i < settings.length; i += 2) {
            context.setting(settings[i], settings[i + 1]);
        }
        ToolContext built = context.build();
        return JobRuntime.open(JobsConfig.from(built), built, disk);
    }

    /**
     * Does all of it, in no order and several at a time, since each waits for processes and syncs more than it computes. After a
     * failure nothing more is begun.
     *
     * @throws Exception what the first one that failed has thrown
     */
    static void inParallel(List<Callable<Void>> tasks) throws Exception {
        ExecutorService threads =
                Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors());
        try {
            CompletionService<Void> all = new ExecutorCompletionService<>(threads);
            tasks.forEach(all::submit);
            for (int done = 0; done < tasks.size(); done++) {
                all.take().get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    static JobRequest command(String command, String... args) {
        return new JobRequest(
                command, List.of(args), Map.of(), null, 60_000L, JobTrace.NONE, JobOptions.NONE, null, null);
    }

    /** As another process makes one, to hand it to the owner of the state dir. */
    static JobRecord guestsJob(String command) {
        return JobRecord.created(new JobSpec(
                new JobId("job-1-1000000001"),
                command,
                List.of(),
                Map.of(),
                null,
                60_000,
                60_000,
                1,
                JobTrace.NONE,
                JobOptions.NONE));
    }

    static JobRecord awaitEnd(JobRuntime runtime, JobId id) throws InterruptedException, IOException {
        JobRecord job = runtime.await(id, PATIENCE).orElseThrow();
        assertThat(job.status().isTerminal()).as(job + " has ended").isTrue();
        return job;
    }

    /** Lets everything end, and checks what must hold then of counters and files. */
    static void checkLaws(JobRuntime runtime, Path dir) throws Exception {
        List<JobRecord> all = runtime.list(EnumSet.allOf(JobStatus.class), Integer.MAX_VALUE);
        for (JobRecord job : all) {
            // One that is gone by now has ended before: only those are removed.
            runtime.await(job.id(), PATIENCE)
                    .ifPresent(found -> assertThat(found.status().isTerminal())
                            .as(found + " has ended")
                            .isTrue());
        }
        // Before, old jobs may still be removed.
        runtime.close();
        Snapshot health = runtime.health();
        assertThat(health.queueDepth()).isZero();
        assertThat(health.runningJobs()).isZero();
        assertThat(health.createdTotal())
                .isEqualTo(health.succeededTotal() + health.failedTotal() + health.cancelledTotal());
        checkFiles(dir, health);
    }

    private static void checkFiles(Path dir, Snapshot health) throws IOException, InvalidJsonException {
        JsonCodec codec = JsonLibrary.AUTO.codec();
        assertThat(dir.resolve("quarantine")).doesNotExist();
        try (Stream<Path> requests = Files.list(dir.resolve("requests"))) {
            // A guest that dies in mid-write leaves a temporary file, which only doctor can tell from a live one's.
            assertThat(requests.map(file -> file.getFileName().toString())).allMatch(name -> name.endsWith(".tmp"));
        }
        codec.read(Files.readAllBytes(dir.resolve("state.json")));
        Path events = dir.resolve("events.jsonl");
        String lines = Files.exists(events) ? Files.readString(events) : "";
        for (String line : lines.split("\n", -1)) {
            if (!line.isEmpty()) {
                codec.read(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        long manifests = 0;
        try (Stream<Path> files = Files.list(dir.resolve("jobs"))) {
            for (Path file : files.toList()) {
                assertThat(file.getFileName().toString()).doesNotEndWith(".tmp");
                if (file.toString().endsWith(".json")) {
                    manifests++;
                    codec.read(Files.readAllBytes(file));
                }
            }
        }
        Snapshot.Removed removed = health.removed();
        assertThat(manifests + removed.succeeded() + removed.failed() + removed.cancelled())
                .isEqualTo(health.createdTotal());
    }
}
