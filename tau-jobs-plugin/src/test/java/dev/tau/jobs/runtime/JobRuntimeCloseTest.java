package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.spi.ToolContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JobRuntimeCloseTest {
    @TempDir
    Path root;

    /** A host that closes, and the shutdown hook of a JVM that is told to end meanwhile. */
    @Test
    void who_closes_second_waits_until_no_process_is_left() throws Exception {
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-kill-grace-ms", "500")
                .build();
        JobRuntime runtime = JobRuntime.open(JobsConfig.from(context), context);
        runtime.create(script("trap '' TERM; echo $$ > pid; for i in 1 2 3 4 5 6; do sleep 5; done"));
        await().until(() -> Files.exists(root.resolve("pid"))
                && Files.readString(root.resolve("pid")).endsWith("\n"));
        long pid = Long.parseLong(Files.readString(root.resolve("pid")).strip());

        CompletableFuture<Void> first = CompletableFuture.runAsync(runtime::close);
        await().until(() -> isClosing(runtime));
        runtime.close();

        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        first.join();
    }

    @Test
    void a_close_waits_for_a_job_that_is_being_created() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .clock(() -> {
                    if (Thread.currentThread().getName().equals("creator")) {
                        begun.countDown();
                        awaitQuietly(goOn);
                    }
                    return Instant.now();
                })
                .build();
        JobRuntime runtime = JobRuntime.open(JobsConfig.from(context), context);
        CompletableFuture<JobRecord> created = new CompletableFuture<>();
        Thread creator = new Thread(
                () -> {
                    try {
                        created.complete(runtime.create(script("exit 0")));
                    } catch (IOException | RejectedJobException e) {
                        created.completeExceptionally(e);
                    }
                },
                "creator");
        creator.start();
        begun.await();

        CompletableFuture<Void> close = CompletableFuture.runAsync(runtime::close);
        await().pollInterval(Duration.ofMillis(5)).until(() -> isClosing(runtime));
        assertThatThrownBy(() -> close.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        goOn.countDown();
        close.join();

        try (JobRuntime next = JobRuntime.open(JobsConfig.from(context), context)) {
            assertThat(next.get(created.join().id())).isPresent();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JobRequest script(String script) {
        return new JobRequest(
                "sh", List.of("-c", script), Map.of(), null, null, JobTrace.NONE, JobOptions.NONE, null, null);
    }

    private static boolean isClosing(JobRuntime runtime) {
        try {
            runtime.cancel(new JobId("job-0-0000"));
            return false;
        } catch (RejectedJobException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
