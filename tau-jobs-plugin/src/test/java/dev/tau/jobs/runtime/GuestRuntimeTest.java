package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobQuery;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GuestRuntimeTest {
    @TempDir
    Path root;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private ToolContext.Builder context() {
        return ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-workers", "2");
    }

    private static GuestRuntime guest(ToolContext context) throws IOException {
        JobsConfig config = JobsConfig.from(context);
        return new GuestRuntime(config, context, config.json().codec(), Disk.local());
    }

    private static JobId create(GuestRuntime guest, String script) throws Exception {
        JobRequest request = new JobRequest(
                "sh", List.of("-c", script), Map.of(), null, null, JobTrace.NONE, JobOptions.NONE, null, null);
        return guest.create(request).id();
    }

    private static void awaitEnd(GuestRuntime guest, JobId id) {
        await().until(() -> guest.get(id)
                .map(JobRecord::status)
                .filter(JobStatus::isTerminal)
                .isPresent());
    }

    /** A take-over that fails half-way, as the disk is full: who listened here listens here again. */
    @Test
    void after_a_take_over_that_failed_its_listeners_hear_of_each_end_once() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        ToolContext listening = context()
                .jobListener(JobListener.of("agent", end -> {
                    heard.add(end.jobId());
                    try {
                        slow.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .build();
        ToolContext owners = context().build();
        try (JobRuntime owner = JobRuntime.open(JobsConfig.from(owners), owners);
                GuestRuntime guest = guest(listening)) {
            assertThat(owner.list(JobQuery.newest(EnumSet.allOf(JobStatus.class), 1))
                            .jobs())
                    .isEmpty();
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                JobId id = create(guest, "exit 0");
                awaitEnd(guest, id);
                all.add(id.value());
            }
            JobId later = create(guest, "until test -e go; do sleep 0.02; done");
            all.add(later.value());
            await().until(() -> heard.size() == 1);

            assertThat(guest.handOver()).extracting(JobId::value).containsExactlyElementsOf(heard);
            guest.goOn();
            slow.countDown();
            Files.createFile(root.resolve("go"));
            awaitEnd(guest, later);
            await().until(() -> heard.size() == 4);
            assertThat(heard).containsExactlyInAnyOrderElementsOf(all);
        }
    }
}
