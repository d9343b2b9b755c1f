package dev.tau.jobs.faults;

import static dev.tau.jobs.faults.Runtimes.awaitEnd;
import static dev.tau.jobs.faults.Runtimes.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.json.JsonLibrary;
import dev.tau.jobs.runtime.JobRuntime;
import dev.tau.jobs.store.RequestBox;
import dev.tau.jobs.testing.disk.CrashedDisk;
import dev.tau.jobs.testing.disk.DiskOperation;
import dev.tau.jobs.testing.disk.RecordingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The world stops after each operation on the disk, by the end of the process and by a power cut: whatever is left, recovery
 * from it keeps what was acknowledged, repeats nothing that had ended, and counts right.
 */
class CrashPointsIT {
    private static final DiskOperation.Mark CALLED = new DiskOperation.Mark("called");
    private static final int POWER_CUTS_A_POINT = Runtimes.DEEP ? 10 : 1;

    @TempDir
    private Path temporary;

    private Path dir;
    private Path flag;
    private final RecordingDisk disk = new RecordingDisk();
    private List<DiskOperation> before = List.of();

    @BeforeEach
    void stateDir() throws IOException {
        dir = temporary.toRealPath().resolve("state");
        flag = temporary.resolve("go");
    }

    /** Waits for ever in the scenario, and ends at once when it is run again after the crash. */
    private String[] untilTheCrash() {
        return new String[] {"-c", "test -e '" + flag + "' || sleep 300"};
    }

    private JobId create(JobRuntime runtime, String program, String... args) throws Exception {
        disk.mark(CALLED.what());
        JobId id = runtime.create(command(program, args)).id();
        disk.mark("created " + id);
        return id;
    }

    private void end(JobRuntime runtime, JobId id) throws Exception {
        disk.mark("ended " + awaitEnd(runtime, id).status() + " " + id);
    }

    @Test
    void creates() throws Exception {
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            create(runtime, "true");
            create(runtime, "false");
            create(runtime, "true");
        }
        stopEverywhere();
    }

    @Test
    void createAndCancel() throws Exception {
        try (JobRuntime runtime = Runtimes.open(dir, disk, "jobs-workers", "1")) {
            JobId running = create(runtime, "sh", untilTheCrash());
            JobId queued = create(runtime, "true");
            runtime.cancel(queued);
            end(runtime, queued);
            await().until(() -> runtime.get(running).orElseThrow().status() == JobStatus.RUNNING);
            runtime.cancel(running);
            disk.mark("cancelled " + running);
            end(runtime, running);
        }
        stopEverywhere();
    }

    @Test
    void fullRun() throws Exception {
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            end(runtime, create(runtime, "true"));
            end(runtime, create(runtime, "false"));
            end(runtime, create(runtime, "no-such-program"));
        }
        stopEverywhere();
    }

    @Test
    void logRotation() throws Exception {
        try (JobRuntime runtime =
                Runtimes.open(dir, disk, "log-rotation-max-bytes", "400", "log-rotation-max-files", "3")) {
            end(runtime, create(runtime, "true"));
            end(runtime, create(runtime, "true"));
        }
        stopEverywhere("log-rotation-max-bytes", "400", "log-rotation-max-files", "3");
    }

    @Test
    void retentionSweep() throws Exception {
        try (JobRuntime runtime = Runtimes.open(dir, disk, "jobs-retain-count", "1")) {
            for (int i = 0; i < 4; i++) {
                awaitEnd(runtime, create(runtime, i % 2 == 0 ? "true" : "false"));
            }
            await().until(() -> runtime.health().removed().succeeded()
                            + runtime.health().removed().failed()
                    == 3);
        }
        stopEverywhere("jobs-retain-count", "1");
    }

    @Test
    void takeOver() throws Exception {
        disk.createDirectories(dir);
        JobRecord job = Runtimes.guestsJob("true");
        disk.mark(CALLED.what());
        RequestBox.of(dir, JsonLibrary.AUTO.codec(), disk).submit(job);
        disk.mark("created " + job.id());
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            end(runtime, job.id());
        }
        stopEverywhere();
    }

    @Test
    void recoveryItself() throws Exception {
        RecordingDisk first = new RecordingDisk();
        Path killed = dir.resolveSibling("killed");
        JobId running;
        JobId queued;
        CrashedDisk crashed;
        try (JobRuntime runtime = Runtimes.open(killed, first, "jobs-workers", "1")) {
            running = runtime.create(command("sh", untilTheCrash())).id();
            queued = runtime.create(command("true")).id();
            await().until(() -> runtime.get(running).orElseThrow().status() == JobStatus.RUNNING);
            crashed = CrashedDisk.after(killed, first.operations());
        }
        crashed.writeAfterKill(Files.createDirectory(dir));
        before = CrashedDisk.contentOf(dir);
        for (JobId id : List.of(running, queued)) {
            before.add(CALLED);
            before.add(new DiskOperation.Mark("created " + id));
        }
        Files.createFile(flag);
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            end(runtime, running);
            end(runtime, queued);
        }
        stopEverywhere();
    }

    private void stopEverywhere(String... settings) throws Exception {
        if (!Files.exists(flag)) {
            Files.createFile(flag);
        }
        List<DiskOperation> recorded = disk.operations();
        assertThat(recorded).hasSizeGreaterThan(20);
        long seed = Long.getLong("tau.jobs.seed", new Random().nextLong());
        List<Callable<Void>> stops = new ArrayList<>();
        for (int point = 0; point <= recorded.size(); point++) {
            // A call changes nothing; behind an answer what it says must be there, whatever comes next.
            if (point > 0 && CALLED.equals(recorded.get(point - 1))) {
                continue;
            }
            for (int cut = 0; cut <= POWER_CUTS_A_POINT; cut++) {
                int number = stops.size();
                int after = point;
                boolean killed = cut == 0;
                stops.add(() -> stop(recorded, after, killed, number, seed, settings));
            }
        }
        Runtimes.inParallel(stops);
        System.out.println(
                "crash points: " + stops.size() + " stops over " + recorded.size() + " operations, seed " + seed);
    }

    /** Only reads what was recorded, and writes into a directory of its own: several may stop at the same time. */
    private Void stop(
            List<DiskOperation> recorded, int point, boolean killed, int number, long seed, String... settings)
            throws Exception {
        List<DiskOperation> done = new ArrayList<>(before);
        done.addAll(recorded.subList(0, point));
        CrashedDisk crashed = CrashedDisk.after(dir, done);
        Path target = Files.createDirectory(temporary.toRealPath().resolve("crash-" + number));
        if (killed) {
            crashed.writeAfterKill(target);
        } else {
            crashed.writeAfterPowerCut(target, new Random(seed + number));
        }
        try {
            checkRecovery(target, marks(done), settings);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "after operation " + point + " of " + recorded.size() + ", " + (killed ? "killed" : "power cut")
                            + ", -Dtau.jobs.seed=" + seed + ", left in " + target + ", the last was "
                            + (point == 0 ? "none" : recorded.get(point - 1)),
                    e);
        }
        delete(target);
        return null;
    }

    private static List<String> marks(List<DiskOperation> done) {
        return done.stream()
                .filter(DiskOperation.Mark.class::isInstance)
                .map(mark -> ((DiskOperation.Mark) mark).what())
                .toList();
    }

    private static void checkRecovery(Path target, List<String> marks, String... settings) throws Exception {
        boolean history = List.of(settings).contains("jobs-retain-count");
        JobRuntime runtime = Runtimes.open(target, Disk.local(), settings);
        try {
            long called = marks.stream().filter(CALLED.what()::equals).count();
            long created =
                    marks.stream().filter(mark -> mark.startsWith("created ")).count();
            assertThat(runtime.health().createdTotal()).isBetween(created, called);
            for (String mark : marks) {
                String[] words = mark.split(" ", -1);
                JobRecord job = words.length == 1
                        ? null
                        : runtime.get(new JobId(words[words.length - 1])).orElse(null);
                if (words.length > 1 && !history) {
                    assertThat(job).as(mark).isNotNull();
                }
                if (job != null && words[0].equals("ended")) {
                    assertThat(job.status()).as(mark).isEqualTo(JobStatus.valueOf(words[1]));
                }
                if (job != null && words[0].equals("cancelled")) {
                    assertThat(awaitEnd(runtime, job.id()).status()).as(mark).isEqualTo(JobStatus.CANCELLED);
                }
            }
            if (!history) {
                assertThat(runtime.list(EnumSet.allOf(JobStatus.class), 1_000))
                        .hasSize((int) runtime.health().createdTotal());
            }
            Runtimes.checkLaws(runtime, target);
        } finally {
            runtime.close();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
