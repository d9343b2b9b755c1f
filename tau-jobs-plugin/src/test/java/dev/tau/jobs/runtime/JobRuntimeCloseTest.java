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
import java.util.Set;
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

    /** As hosts do that are told to end: what still runs must have ended all the same, and how it ended be written. */
    @Test
    void a_thread_that_is_interrupted_closes_as_well_as_any() throws Exception {
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-kill-grace-ms", "20000")
                .build();
        JobRuntime runtime = JobRuntime.open(JobsConfig.from(context), context);
        runtime.create(script("trap 'sleep 0.5; exit 0' TERM; echo $$ > pid; while :; do sleep 0.05; done"));
        await().until(() -> Files.exists(root.resolve("pid"))
                && Files.readString(root.resolve("pid")).endsWith("\n"));
        long pid = Long.parseLong(Files.readString(root.resolve("pid")).strip());

        Thread.currentThread().interrupt();
        runtime.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(root.resolve(".tau/jobs/journal")).isEmptyDirectory();
    }

    /** A container that ends an application interrupts all threads that it finds, and not every application ends by that. */
    @Test
    void threads_that_somebody_interrupts_go_on() throws Exception {
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-workers", "1")
                .build();
        Set<Thread> ofOthers = Thread.getAllStackTraces().keySet();
        try (JobRuntime runtime = JobRuntime.open(JobsConfig.from(context), context)) {
            // What a helper does not start is waited for by a thread of its own.
            for (String size : List.of("small", "x".repeat(100_000))) {
                JobRecord job = runtime.create(script(
                        "touch ready" + size.length() + "; until [ -e go ]; do sleep 0.02; done; exit 7 # " + size));
                await().until(() -> Files.exists(root.resolve("ready" + size.length())));
                for (int i = 0; i < 3; i++) {
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("tau-jobs-") && !ofOthers.contains(thread))
                            .forEach(Thread::interrupt);
                }
                Files.createFile(root.resolve("go"));
                await().until(() -> runtime.get(job.id()).orElseThrow().status().isTerminal());
                assertThat(runtime.get(job.id()).orElseThrow().state().exitCode())
                        .isEqualTo(7);
                Files.delete(root.resolve("go"));
            }
        }
    }

    /** Its jobs take their time to end; those of another directory have nothing to do with that. */
    @Test
    void a_state_dir_that_is_being_closed_keeps_no_other_waiting() throws Exception {
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-kill-grace-ms", "600000")
                .build();
        SharedRuntimes.Lease slow = SharedRuntimes.lease(JobsConfig.from(context), context);
        JobRuntime slowRuntime = (JobRuntime) slow.service();
        slowRuntime.create(script("trap '' TERM; echo > ready; until [ -e go ]; do sleep 0.05; done"));
        await().until(() -> Files.exists(root.resolve("ready")));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(slow::close);
        await().until(() -> isClosing(slowRuntime));

        ToolContext other = context.toBuilder()
                .setting("jobs-state-dir", root.resolve("other").toString())
                .build();
        try {
            CompletableFuture<SharedRuntimes.Lease> quick =
                    CompletableFuture.supplyAsync(() -> SharedRuntimes.lease(JobsConfig.from(other), other));
            try (SharedRuntimes.Lease opened = quick.get(20, TimeUnit.SECONDS)) {
                assertThat(opened.service().health().createdTotal()).isZero();
            }
            assertThat(closing).isNotDone();
        } finally {
            Files.createFile(root.resolve("go"));
        }
        closing.join();
        try (SharedRuntimes.Lease again = SharedRuntimes.lease(JobsConfig.from(context), context)) {
            assertThat(again.service()).isInstanceOf(JobRuntime.class);
        }
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
