package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.spi.ToolContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
        runtime.create(new JobRequest(
                "sh",
                List.of("-c", "trap '' TERM; echo $$ > pid; while :; do sleep 0.1; done"),
                Map.of(),
                null,
                null,
                JobTrace.NONE,
                JobOptions.NONE,
                null,
                null));
        await().until(() -> Files.exists(root.resolve("pid"))
                && Files.readString(root.resolve("pid")).endsWith("\n"));
        long pid = Long.parseLong(Files.readString(root.resolve("pid")).strip());

        CompletableFuture<Void> first = CompletableFuture.runAsync(runtime::close);
        await().until(() -> isClosing(runtime));
        runtime.close();

        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        first.join();
    }

    private static boolean isClosing(JobRuntime runtime) {
        try {
            runtime.cancel(new JobId("job-0-0000"));
            return false;
        } catch (RejectedJobException e) {
            return true;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
