package dev.tau.jobs.faults;

import static dev.tau.jobs.faults.Runtimes.awaitEnd;
import static dev.tau.jobs.faults.Runtimes.command;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.runtime.JobRuntime;
import dev.tau.jobs.testing.disk.DiskFault;
import dev.tau.jobs.testing.disk.FailingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/** Whatever is asked, and wherever the disk fails meanwhile: what was acknowledged is there afterwards, and ended as told. */
class FaultPropertiesIT {
    private static final int OPERATIONS = 60;

    /** What somebody asks of the runtime. */
    enum Step {
        RUN,
        RUN_AND_FAIL,
        RUN_LONG,
        CANCEL_THE_LAST,
        AWAIT_ALL
    }

    @Provide
    Arbitrary<DiskFault> faults() {
        return DiskFault.within(OPERATIONS);
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void nothing_acknowledged_is_lost(
            @ForAll @Size(min = 1, max = 8) List<Step> steps, @ForAll("faults") DiskFault fault) throws Exception {
        Path outer = Files.createTempDirectory("tau-jobs-").toRealPath();
        Path dir = outer.resolve("state");
        FailingDisk disk = fault.disk();
        List<JobId> acknowledged = new ArrayList<>();
        Map<JobId, JobStatus> ended = new LinkedHashMap<>();
        try (JobRuntime runtime = Runtimes.open(dir, disk)) {
            for (Step step : steps) {
                take(step, runtime, acknowledged, ended);
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(acknowledged).isEmpty();
        }
        try (JobRuntime again = Runtimes.open(dir, Disk.local())) {
            for (JobId id : acknowledged) {
                assertThat(again.get(id)).as(id.value()).isPresent();
            }
            if (disk.count() > fault.first() + fault.operations()) {
                // The disk was sound again while the first runtime lived: what it told had ended, it has written.
                for (Map.Entry<JobId, JobStatus> end : ended.entrySet()) {
                    assertThat(again.get(end.getKey()).orElseThrow().status())
                            .as(end.getKey().value())
                            .isEqualTo(end.getValue());
                }
            }
            cancelAll(again, acknowledged);
            assertThat(again.health().createdTotal()).isEqualTo(acknowledged.size());
            Runtimes.checkLaws(again, dir);
        }
        delete(outer);
    }

    private static void take(Step step, JobRuntime runtime, List<JobId> acknowledged, Map<JobId, JobStatus> ended)
            throws Exception {
        try {
            switch (step) {
                case RUN -> acknowledged.add(runtime.create(command("true")).id());
                case RUN_AND_FAIL ->
                    acknowledged.add(runtime.create(command("false")).id());
                case RUN_LONG ->
                    acknowledged.add(runtime.create(command("sleep", "0.05")).id());
                case CANCEL_THE_LAST -> {
                    if (!acknowledged.isEmpty()) {
                        runtime.cancel(acknowledged.get(acknowledged.size() - 1));
                    }
                }
                case AWAIT_ALL -> {
                    for (JobId id : acknowledged) {
                        ended.put(id, awaitEnd(runtime, id).status());
                    }
                }
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void cancelAll(JobRuntime runtime, List<JobId> ids) throws Exception {
        for (JobId id : ids) {
            runtime.cancel(id);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
