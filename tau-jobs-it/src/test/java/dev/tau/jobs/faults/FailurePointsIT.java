package dev.tau.jobs.faults;

import static dev.tau.jobs.faults.Runtimes.awaitEnd;
import static dev.tau.jobs.faults.Runtimes.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.json.JsonLibrary;
import dev.tau.jobs.runtime.JobRuntime;
import dev.tau.jobs.store.RequestBox;
import dev.tau.jobs.testing.disk.FailingDisk;
import dev.tau.jobs.testing.disk.FailingDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation on the disk fails, alone and with those after it: calls answer with an error, jobs fail, the runtime goes on,
 * and when the fault is gone everything works and nothing that was acknowledged is lost.
 */
class FailurePointsIT {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyOperationFailsOnce(Fault fault) throws Exception {
        // Two faults at each point always, the others, which differ in their words alone, at each with -Pdeep.
        boolean all = Runtimes.DEEP || fault == Fault.ENOSPC || fault == Fault.SHORT_WRITE;
        assertThat(failEverywhere(fault, 1, all ? 1 : 5, FailurePointsIT::runAndReopen))
                .isGreaterThan(40);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "ENOSPC")
    void aRunOfOperationsFails(Fault fault) throws Exception {
        assertThat(failEverywhere(fault, 12, Runtimes.DEEP ? 1 : 4, FailurePointsIT::runAndReopen))
                .isGreaterThan(40);
    }

    @Test
    void aGuestsJobRunsOnceTheOwnersDiskIsSound() throws Exception {
        assertThat(failEverywhere(Fault.ENOSPC, 3, Runtimes.DEEP ? 1 : 3, FailurePointsIT::takeFromGuest))
                .isGreaterThan(25);
    }

    /** Readers of the state dir learn of it while the runtime lives, and without anything else happening in it. */
    @Test
    void anEndIsShownOnceTheDiskIsSound() throws Exception {
        assertThat(failEverywhere(Fault.ENOSPC, 2, Runtimes.DEEP ? 1 : 3, FailurePointsIT::endIsShown))
                .isGreaterThan(25);
    }

    private interface Scenario {
        void run(Path dir, FailingDisk disk) throws Exception;
    }

    /** Returns over how many operations it has gone. */
    private long failEverywhere(Fault fault, long operations, int step, Scenario scenario) throws Exception {
        List<Callable<Void>> points = new ArrayList<>();
        FailingDisk sound = new FailingDisk(fault, Long.MAX_VALUE / 2, 1);
        scenario.run(temporary.toRealPath().resolve("sound"), sound);
        long reached = sound.count();
        for (long point = 1; point <= reached; point += step) {
            long first = point;
            points.add(() -> fail(fault, first, operations, scenario));
        }
        Runtimes.inParallel(points);
        System.out.println(
                "failure points: " + points.size() + " of " + fault + ", " + operations + " operations each");
        return points.size() * (long) step;
    }

    private Void fail(Fault fault, long point, long operations, Scenario scenario) throws IOException {
        Path dir = temporary.toRealPath().resolve(fault + "-" + point);
        try {
            scenario.run(dir, new FailingDisk(fault, point, operations));
        } catch (Exception | AssertionError e) {
            throw new AssertionError(fault + " at operation " + point + ", in " + dir, e);
        }
        return null;
    }

    private static void runAndReopen(Path dir, FailingDisk disk) throws Exception {
        Map<JobId, JobStatus> ended = new LinkedHashMap<>();
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            for (String program : new String[] {"true", "false", "sleep"}) {
                try {
                    JobId id = runtime.create(
                                    command(program, program.equals("sleep") ? new String[] {"300"} : new String[0]))
                            .id();
                    if (program.equals("sleep")) {
                        cancel(runtime, id);
                    }
                    ended.put(id, awaitEnd(runtime, id).status());
                } catch (IOException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
            // By now the fault is over, or its operations are used up by trying.
            JobId last = createUntilItWorks(runtime);
            ended.put(last, awaitEnd(runtime, last).status());
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(ended).isEmpty();
        }
        JobRuntime again = Runtimes.open(dir, Disk.local());
        try {
            for (Map.Entry<JobId, JobStatus> end : ended.entrySet()) {
                assertThat(again.get(end.getKey()))
                        .map(JobRecord::status)
                        .as(end.getKey().value())
                        .contains(end.getValue());
            }
            assertThat(again.health().createdTotal()).isEqualTo(ended.size());
            Runtimes.checkLaws(again, dir);
        } finally {
            again.close();
        }
    }

    private static void endIsShown(Path dir, FailingDisk disk) throws Exception {
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            // Long enough for its start to be shown before its end.
            JobId id = runtime.create(command("sleep", "0.2")).id();
            JobStatus status = awaitEnd(runtime, id).status();
            JsonCodec codec = JsonLibrary.AUTO.codec();
            // There may be no manifest yet.
            await().ignoreExceptionsInstanceOf(NoSuchFileException.class).untilAsserted(() -> {
                assertThat(codec.read(Files.readAllBytes(dir.resolve("jobs/" + id + ".json"))))
                        .containsEntry("status", status.wireName());
                assertThat(String.valueOf(codec.read(Files.readAllBytes(dir.resolve("state.json")))
                                .get("running_jobs")))
                        .isEqualTo("0");
            });
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** The guest's own disk is sound. */
    private static void takeFromGuest(Path dir, FailingDisk disk) throws Exception {
        Files.createDirectories(dir);
        JobRecord job = Runtimes.guestsJob("true");
        RequestBox.of(dir, JsonLibrary.AUTO.codec(), Disk.local()).submit(job);
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            await().until(() -> runtime.get(job.id()).isPresent());
            assertThat(awaitEnd(runtime, job.id()).status()).isEqualTo(JobStatus.SUCCEEDED);
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        try (JobRuntime again = Runtimes.open(dir, Disk.local())) {
            await().until(() -> again.get(job.id()).isPresent());
            assertThat(awaitEnd(again, job.id()).status()).isEqualTo(JobStatus.SUCCEEDED);
            assertThat(again.health().createdTotal()).isEqualTo(1);
            Runtimes.checkLaws(again, dir);
        }
    }

    private static void cancel(JobRuntime runtime, JobId id) throws Exception {
        for (int tries = 0; tries < 100; tries++) {
            try {
                runtime.cancel(id);
                return;
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        throw new AssertionError("no cancel was taken");
    }

    private static JobId createUntilItWorks(JobRuntime runtime) throws Exception {
        for (int tries = 0; tries < 100; tries++) {
            try {
                return runtime.create(command("true")).id();
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        throw new AssertionError("the runtime takes no job any more");
    }
}
