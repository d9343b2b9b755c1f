package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Nothing that we did not start is ever signalled, whatever a manifest or an environment says. */
@EnabledOnOs(OS.LINUX)
class DecoyIT {
    private static final String[] SETTINGS = {
        "no-session", "true", "jobs-workers", "1", "jobs-kill-grace-ms", "100", "jobs-max-recoveries", "9"
    };

    @TempDir
    Path root;

    /** A process and its child, in a session of their own, as one that got a pid anew would lead. */
    private static final class Decoy implements AutoCloseable {
        private final String duration = Processes.uniqueDuration();
        private final Process leader;
        private final List<Processes.Found> all;

        Decoy(Map<String, String> environment) throws Exception {
            ProcessBuilder builder = new ProcessBuilder("setsid", "sh", "-c", "sleep " + duration + " & wait");
            builder.environment().putAll(environment);
            leader = builder.start();
            Processes.Found child = Processes.awaitOne(duration);
            assertThat(child.session()).isEqualTo(leader.pid());
            all = List.of(Processes.find(leader.pid()).orElseThrow(), child);
        }

        long pid() {
            return leader.pid();
        }

        void assertUntouched() {
            for (Processes.Found before : all) {
                Processes.Found now =
                        Processes.find(before.pid()).orElseThrow(() -> new AssertionError(before + " is gone"));
                assertThat(now.session()).isEqualTo(before.session());
                assertThat(now.state()).as("stopped by somebody").isNotEqualTo('T');
            }
        }

        @Override
        public void close() {
            leader.descendants().forEach(ProcessHandle::destroyForcibly);
            leader.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"that of another process", "no-boot:1", "", "0"})
    void aPidThatIsSomebodyElsesNowIsLeftAlone(String start) throws Exception {
        String id;
        JsonNode process;
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            id = host.shell("echo up; sleep 300");
            host.awaitOutput(id, "up");
            await().ignoreExceptions() // its manifest comes a moment later
                    .until(() -> host.manifest(id).path("process").has("start"));
            process = host.manifest(id).path("process");
        }
        try (Decoy decoy = new Decoy(Map.of())) {
            ObjectNode manifest = (ObjectNode) Json.file(JobsHost.jobFile(root, id, ".json"));
            manifest.put("status", "running").put("reason_code", "job_started");
            manifest.putObject("process")
                    .put("pid", decoy.pid())
                    .put(
                            "start",
                            start.startsWith("that of") ? process.path("start").asString() : start);
            Files.writeString(JobsHost.jobFile(root, id, ".json"), manifest.toPrettyString() + "\n");

            try (JobsHost host = JobsHost.open(root, SETTINGS)) {
                assertThat(host.events(id)).contains("recovered/job_recovered_after_restart");
                host.awaitOutput(id, "up");
                decoy.assertUntouched();
                host.cancel(id);
                assertThat(host.awaitEnd(id).path("job").path("reason_code").asString())
                        .isEqualTo("job_cancelled_during_run");
                decoy.assertUntouched();
            }
            decoy.assertUntouched();
        }
    }

    @Test
    void aJobOfTheSameIdInAnotherStateDirIsLeftAlone() throws Exception {
        String id;
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            id = host.shell("echo up; sleep 300");
            host.awaitOutput(id, "up");
            Path another = Files.createDirectory(root.resolve("another"));
            try (Decoy decoy = new Decoy(Map.of("TAU_JOB_ID", id, "TAU_JOB_STATE_DIR", another.toString()));
                    // One that begins like ours: a comparison of beginnings would be fooled.
                    Decoy longer = new Decoy(Map.of(
                            "TAU_JOB_ID",
                            id,
                            "TAU_JOB_STATE_DIR",
                            JobsHost.stateDir(root).toRealPath() + "-2"));
                    Decoy sibling = new Decoy(Map.of(
                            "TAU_JOB_ID",
                            id + "0",
                            "TAU_JOB_STATE_DIR",
                            JobsHost.stateDir(root).toRealPath().toString()))) {
                host.cancel(id);
                host.awaitEnd(id);
                host.close();
                try (JobsHost again = JobsHost.open(root, SETTINGS)) {
                    assertThat(again.job(id).path("status").asString()).isEqualTo("cancelled");
                }
                for (Decoy untouched : List.of(decoy, longer, sibling)) {
                    untouched.assertUntouched();
                }
            }
        }
    }

    @Test
    void recoveryAlsoLeavesAloneAJobOfTheSameIdInAnotherStateDir() throws Exception {
        try (KillableJvm child = HostMain.start(root, "jobs-max-recoveries", "9")) {
            String id = HostMain.jobId(root, child);
            List<String> strays = JobProcess.pidsOf(JobsHost.stateDir(root), id);
            assertThat(strays).hasSizeGreaterThanOrEqualTo(3);
            Path another = Files.createDirectory(root.resolve("another"));
            try (Decoy decoy = new Decoy(Map.of("TAU_JOB_ID", id, "TAU_JOB_STATE_DIR", another.toString()))) {
                child.kill();
                try (JobsHost host = JobsHost.open(root, SETTINGS)) {
                    host.awaitStatus(id, "running");
                    assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id)).doesNotContainAnyElementsOf(strays);
                    decoy.assertUntouched();
                    host.cancel(id);
                    host.awaitEnd(id);
                }
                decoy.assertUntouched();
            }
        }
    }
}
