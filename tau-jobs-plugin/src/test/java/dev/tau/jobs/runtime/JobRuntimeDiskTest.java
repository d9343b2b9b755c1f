package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.ReasonCode;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.JournalEntry;
import dev.tau.jobs.store.JournalReplay;
import dev.tau.jobs.store.StateDir;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full for a while: what is refused then, and what is written once it can be. */
@Timeout(60)
class JobRuntimeDiskTest {
    @TempDir
    Path root;

    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicBoolean syncsFail = new AtomicBoolean();
    private JobRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-workers", "1")
                .setting("jobs-kill-grace-ms", "0")
                .build();
        runtime = JobRuntime.open(JobsConfig.from(context), context, failing(Disk.class, Disk.local()));
    }

    @AfterEach
    void close() {
        full.set(false);
        runtime.close();
    }

    /** Also what is opened on it fails while it is full. */
    private <T> T failing(Class<T> type, T delegate) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (full.get() && !method.getName().equals("close")) {
                        throw new IOException("No space left on device");
                    }
                    if (syncsFail.get() && method.getName().equals("sync")) {
                        throw new IOException("Input/output error");
                    }
                    try {
                        Object result = method.invoke(delegate, arguments);
                        return result instanceof Disk.Appender appender
                                ? failing(Disk.Appender.class, appender)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                }));
    }

    private JobRecord script(String script, int retries) throws Exception {
        JobOptions options = new JobOptions(null, null, 0, 0, List.of(), retries);
        return runtime.create(
                new JobRequest("sh", List.of("-c", script), Map.of(), null, null, JobTrace.NONE, options, null, null));
    }

    private JobRecord job(JobId id) throws IOException {
        return runtime.get(id).orElseThrow();
    }

    @Test
    void a_cancel_of_a_queued_job_that_cant_be_written_is_refused() throws Exception {
        JobId first = script("until [ -e go ]; do sleep 0.02; done", 0).id();
        await().until(() -> job(first).status() == JobStatus.RUNNING);
        JobId queued = script("touch ran", 0).id();

        full.set(true);
        assertThatThrownBy(() -> runtime.cancel(queued)).hasMessageContaining("the cancel could not be written");
        assertThat(job(queued).status()).isEqualTo(JobStatus.QUEUED);

        full.set(false);
        assertThat(runtime.cancel(queued).orElseThrow().status()).isEqualTo(JobStatus.CANCELLED);
        Files.createFile(root.resolve("go"));
        await().until(() -> job(first).status().isTerminal());
        assertThat(root.resolve("ran")).doesNotExist();
        assertThat(runtime.health().cancelledTotal()).isOne();
    }

    /** It was appended, and would be found by who comes after a kill. */
    @Test
    void a_cancel_that_was_refused_does_not_come_true_after_a_kill() throws Exception {
        JobId first = script("until [ -e go ]; do sleep 0.02; done", 0).id();
        await().until(() -> job(first).status() == JobStatus.RUNNING);
        JobId queued = script("true", 0).id();
        syncsFail.set(true);
        assertThatThrownBy(() -> runtime.cancel(queued)).hasMessageContaining("the cancel could not be written");
        syncsFail.set(false);

        JournalEntry last = JournalReplay.read(new StateDir(root.resolve(".tau/jobs")), new JacksonJsonCodec())
                .missed(Set.of())
                .get(queued);
        byte[] found = last == null
                ? Files.readAllBytes(root.resolve(".tau/jobs/jobs/" + queued + ".json"))
                : Objects.requireNonNull(last.manifest());
        assertThat(new String(found, StandardCharsets.UTF_8)).contains("\"status\": \"queued\"");
        Files.createFile(root.resolve("go"));
        await().until(() -> job(queued).status() == JobStatus.SUCCEEDED);
    }

    /** What is written late of a job comes before what is newer. */
    @Test
    void a_cancel_after_an_attempt_that_was_not_written_yet_is_the_last_word() throws Exception {
        JobId id = script("echo >> tries; until [ -e go ]; do sleep 0.02; done; exit 3", 5)
                .id();
        await().until(() -> job(id).state().process() != null && Files.exists(root.resolve("tries")));
        full.set(true);
        Files.createFile(root.resolve("go"));
        await().until(() -> job(id).status() == JobStatus.QUEUED);
        full.set(false);
        assertThat(runtime.cancel(id).orElseThrow().status()).isEqualTo(JobStatus.CANCELLED);

        runtime.close();
        open();
        assertThat(job(id).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(runtime.health().cancelledTotal()).isOne();
        assertThat(runtime.health().createdTotal()).isOne();
        assertThat(Files.readString(root.resolve(".tau/jobs/events.jsonl")))
                .containsSubsequence("\"started\"", "attempt 1 of 6", "cancelled before start");
    }

    @Test
    void an_end_that_is_not_written_yet_is_no_reason_to_refuse_a_cancel() throws Exception {
        JobId id = script("until [ -e go ]; do sleep 0.02; done", 0).id();
        await().until(() -> job(id).state().process() != null);
        full.set(true);
        Files.createFile(root.resolve("go"));
        await().until(() -> job(id).status().isTerminal());
        assertThat(runtime.cancel(id).orElseThrow().status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void an_attempt_whose_end_cant_be_written_at_once_costs_no_retry() throws Exception {
        JobId id = script("echo >> tries; until [ -e go ]; do sleep 0.02; done; exit 3", 1)
                .id();
        await().until(() -> job(id).state().process() != null && Files.exists(root.resolve("tries")));
        full.set(true);
        Files.createFile(root.resolve("go"));
        await().until(() -> job(id).status() == JobStatus.QUEUED);
        // Not before the first one is written: what is written late must not come to stand for what is newer.
        assertThatThrownBy(() -> runtime.cancel(id)).isInstanceOf(IOException.class);
        full.set(false);

        await().until(() -> job(id).status().isTerminal());
        assertThat(job(id).state().reasonCode()).isEqualTo(ReasonCode.JOB_NON_ZERO_EXIT);
        assertThat(job(id).state().exitCode()).isEqualTo(3);
        assertThat(job(id).state().attempts()).hasSize(1);
        assertThat(Files.readAllLines(root.resolve("tries"))).hasSize(2);
        assertThat(runtime.health().startedTotal()).isEqualTo(2);
        assertThat(runtime.health().failedTotal()).isOne();
        assertThat(runtime.health().queueDepth()).isZero();
        assertThat(runtime.health().runningJobs()).isZero();
    }
}
