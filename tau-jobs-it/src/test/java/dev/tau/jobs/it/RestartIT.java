package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RestartIT {
    private static final String[] ONE_WORKER = {"jobs-workers", "1", "no-session", "true"};

    @Test
    void afterAKillTheOldProcessesAreGoneAndTheJobRunsAgain(@TempDir Path root) throws Exception {
        try (KillableJvm child = HostMain.start(root)) {
            String id = HostMain.jobId(root, child);
            List<String> old = JobProcess.pidsOf(JobsHost.stateDir(root), id);
            child.kill();
            try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
                host.awaitStatus(id, "running");
                assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id)).doesNotContainAnyElementsOf(old);
                assertThat(host.events(id))
                        .containsExactly(
                                "created/job_queued",
                                "started/job_started",
                                "recovered/job_recovered_after_restart",
                                "started/job_started");
                host.cancel(id);
                assertThat(host.awaitEnd(id).path("job").path("reason_code").asString())
                        .isEqualTo("job_cancelled_during_run");
                JobProcess.awaitNone(JobsHost.stateDir(root), id);
            }
        }
    }

    @Test
    void whenTheHostIsKilledItsJobsAreEndedWithoutAnyRestart(@TempDir Path root) throws Exception {
        try (KillableJvm child = HostMain.start(root)) {
            String id = HostMain.jobId(root, child);
            child.kill();
            JobProcess.awaitNone(JobsHost.stateDir(root), id);
        }
    }

    @Test
    void afterAGracefulCloseRunningJobsComeFirstAndQueuedOnesKeepTheirOrder(@TempDir Path root) throws Exception {
        Path flag = root.resolve("go");
        String script = "test -e go && echo again || { echo first; sleep 300; }";
        String running;
        String second;
        String third;
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            running = host.shell(script);
            second = host.shell("echo second >> order");
            third = host.shell("echo third >> order");
            host.awaitOutput(running, "first");
        }
        assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), running)).isEmpty();
        Files.createFile(flag);
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            assertThat(host.awaitEnd(third).path("job").path("status").asString())
                    .isEqualTo("succeeded");
            // How a job ended is written while the next one runs already.
            assertThat(host.awaitEnd(second).path("job").path("status").asString())
                    .isEqualTo("succeeded");
            assertThat(host.awaitEnd(running).path("job").path("status").asString())
                    .isEqualTo("succeeded");
            assertThat(host.status(running).path("stdout_preview").asString()).isEqualTo("again\n");
            assertThat(Json.text(root.resolve("order"))).isEqualTo("second\nthird\n");
            assertThat(host.events(running))
                    .containsSubsequence(
                            "started/job_started",
                            "recovered/job_recovered_after_restart",
                            "started/job_started",
                            "succeeded/job_succeeded");
            assertThat(host.job(running).path("started_unix_ms").asLong())
                    .isLessThanOrEqualTo(
                            host.job(second).path("started_unix_ms").asLong());
        }
    }

    @Test
    void aJobThatWasRunningAtTooManyRestartsFails(@TempDir Path root) throws Exception {
        String[] twice = {"jobs-max-recoveries", "2"};
        String id;
        try (KillableJvm first = HostMain.start(root, twice)) {
            id = HostMain.jobId(root, first);
            first.kill();
        }
        try (KillableJvm second = HostMain.restart(root, id, twice)) {
            assertThat(JobsHost.events(root, id))
                    .endsWith("recovered/job_recovered_after_restart", "started/job_started");
            second.kill();
        }
        try (JobsHost third = JobsHost.open(root, "jobs-workers", "1", "no-session", "true", twice[0], twice[1])) {
            JsonNode job = third.job(id);
            assertThat(job.path("status").asString()).isEqualTo("failed");
            assertThat(job.path("reason_code").asString()).isEqualTo("job_runtime_error");
            assertThat(job.path("error").asString()).contains("2 restarts");
            assertThat(third.events(id))
                    .containsExactly(
                            "created/job_queued",
                            "started/job_started",
                            "recovered/job_recovered_after_restart",
                            "started/job_started",
                            "failed/job_runtime_error");
            JobProcess.awaitNone(JobsHost.stateDir(root), id);
        }
    }
}
