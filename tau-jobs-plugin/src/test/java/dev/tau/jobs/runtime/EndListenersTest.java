package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.HeardStore;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.Jobs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EndListenersTest {
    @TempDir
    Path root;

    /** What waits for it is not all kept in memory: of most it is told what their manifests say by then. */
    @Test
    void a_listener_that_is_far_behind_hears_of_all_in_their_order() {
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .jobListener(JobListener.of("slow", end -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    heard.add(end.jobId() + " " + end.event());
                }))
                .build();
        Map<JobId, JobRecord> jobs = new ConcurrentHashMap<>();
        Set<JobId> read = ConcurrentHashMap.newKeySet();
        EndListeners listeners = new EndListeners(
                context,
                HeardStore.in(root, Disk.local(), new JacksonJsonCodec()),
                id -> {
                    read.add(id);
                    return jobs.get(id);
                },
                job -> List.of(root.resolve("stdout"), root.resolve("stderr")));
        listeners.start(new JobIndex(), 0, Set.of());
        List<JobRecord> ended = IntStream.range(0, 3_000)
                .mapToObj(i -> Jobs.succeeded("job-" + i, 10 + i))
                .toList();
        for (JobRecord job : ended) {
            jobs.put(job.id(), job);
            listeners.ended(job, JobEvent.ended(job, 20));
        }
        // Retention has removed it meanwhile.
        jobs.remove(new JobId("job-2999"));

        goOn.countDown();
        await().until(() -> heard.size() == 3_000);
        listeners.close();
        assertThat(heard)
                .isEqualTo(ended.stream().map(job -> job.id() + " succeeded").toList());
        assertThat(read).hasSizeBetween(1_000, 2_900);
    }
}
