package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.JobGate;
import dev.tau.jobs.spi.JobProposal;
import dev.tau.jobs.spi.JobRefusedException;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillableJvm;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a host forbids does not run, whoever asks for it and in whichever way. */
@Timeout(60)
class GatesIT {
    @TempDir
    Path root;

    /** Found by ServiceLoader, by way of a class loader that names it. */
    public static final class Policy implements JobGate {
        private Path log = Path.of("");

        @Override
        public String name() {
            return "policy";
        }

        @Override
        public void open(ToolContext context) {
            log = context.workingDirectory().resolve("seen");
        }

        @Override
        public void check(JobProposal job) throws Exception {
            String line = String.join(" ", job.command(), String.join(" ", job.args())) + " " + job.variables() + " "
                    + job.directory().equals(log.getParent()) + " " + job.timeoutMs() + " " + job.label() + "\n";
            Files.writeString(
                    log, line, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
            switch (job.command()) {
                case "rm" -> throw new JobRefusedException("nothing is deleted here");
                case "deploy" ->
                    throw new JobRefusedException(
                            ToolResult.error("jobs_create", "approval_required", "ask Ann", Map.of("ticket", 7)));
                case "bug" -> throw new IllegalStateException("no policy");
                default -> {}
            }
        }
    }

    private ToolContext.Builder withGates(String... classNames) throws IOException {
        Path services = Files.createDirectories(root.resolve("gates/META-INF/services"));
        Files.write(services.resolve(JobGate.class.getName()), List.of(classNames));
        URL[] urls = {root.resolve("gates").toUri().toURL()};
        return ToolContext.builder()
                .classLoader(new URLClassLoader(urls, getClass().getClassLoader()));
    }

    private static JsonNode answer(JobsHost host, Object... arguments) {
        Map<String, Object> map = new java.util.HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            map.put((String) arguments[i], arguments[i + 1]);
        }
        return host.content(host.call("jobs_create", map));
    }

    @Test
    void whatIsRefusedElsewhereDoesNotCountTowardsTheRate() throws Exception {
        String[] settings = {
            "no-session", "true", "jobs-workers", "1", "jobs-max-queued", "1", "jobs-max-per-minute", "3"
        };
        try (JobsHost host = JobsHost.open(root, settings)) {
            host.awaitStatus(host.shell("sleep 300"), "running");
            String waits = host.shell("sleep 300");
            for (int i = 0; i < 3; i++) {
                assertThat(answer(host, "command", "true").path("error").asString())
                        .contains("jobs-max-queued");
            }
            host.cancel(waits);
            assertThat(answer(host, "command", "true").path("reason_code").asString())
                    .isEqualTo("job_queued");
            assertThat(answer(host, "command", "true").path("error").asString()).contains("--jobs-max-per-minute");
        }
    }

    @Test
    void aNameThatNoProgramCanHaveIsNotAllowed() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-allow-command", "*")) {
            JsonNode refused = answer(host, "command", "a\ud800");
            assertThat(refused.path("reason_code").asString()).isEqualTo("jobs_invalid_arguments");
            assertThat(refused.path("error").asString()).contains("--jobs-allow-command");
        }
    }

    /** Rather than with another variable than the one that was asked for. */
    @Test
    void aVariableWhoseNameHasNoEncodingIsNotPassedAsAnother() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = host.create(Map.of("command", "env", "env", Map.of("A\ud800", "x")));
            assertThat(host.awaitEnd(id).path("job").path("reason_code").asString())
                    .isEqualTo("job_spawn_failed");
        }
    }

    @Test
    void aGateLetsPassRefusesOrAsks() throws Exception {
        try (JobsHost host = JobsHost.open(root, withGates(Policy.class.getName()), "no-session", "true")) {
            JsonNode passed = answer(
                    host,
                    "command",
                    "true",
                    "args",
                    List.of("a"),
                    "env",
                    Map.of("SECRET", "s3cret"),
                    "timeout_ms",
                    5_000,
                    "label",
                    "l",
                    "idempotency_key",
                    "k");
            assertThat(passed.path("reason_code").asString()).isEqualTo("job_queued");
            assertThat(Files.readString(root.resolve("seen"))).isEqualTo("true a [SECRET] true 5000 l\n");

            JsonNode refused = answer(host, "command", "rm");
            assertThat(refused.path("reason_code").asString()).isEqualTo("jobs_runtime_error");
            assertThat(refused.path("error").asString())
                    .isEqualTo("refused by job gate policy: nothing is deleted here");
            JsonNode asks = answer(host, "command", "deploy");
            assertThat(asks.path("reason_code").asString()).isEqualTo("approval_required");
            assertThat(asks.path("ticket").asInt()).isEqualTo(7);
            assertThat(answer(host, "command", "bug").path("error").asString())
                    .contains("job gate policy failed", "no policy");
            // What is there already is not asked for again.
            long lines = Files.readAllLines(root.resolve("seen")).size();
            answer(
                    host,
                    "command",
                    "true",
                    "args",
                    List.of("a"),
                    "env",
                    Map.of("SECRET", "s3cret"),
                    "idempotency_key",
                    "k");
            assertThat(Files.readAllLines(root.resolve("seen"))).hasSize((int) lines);
            assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aGateThatCanNotBeLoadedRefusesAll() throws Exception {
        try (JobsHost host = JobsHost.open(root, withGates("no.such.Gate"), "no-session", "true")) {
            JsonNode refused = answer(host, "command", "true");
            assertThat(refused.path("reason_code").asString()).isEqualTo("jobs_runtime_error");
            assertThat(refused.path("error").asString()).contains("a job gate can't be loaded", "no.such.Gate");
            assertThat(host.list(Map.of()).path("reason_code").asString()).isEqualTo("jobs_list_ok");
        }
    }

    @Test
    void onlyAllowedCommandsAreStarted() {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-allow-command", "true\necho")) {
            assertThat(host.awaitEnd(host.create(Map.of("command", "true")))
                            .path("job")
                            .path("status")
                            .asString())
                    .isEqualTo("succeeded");
            for (JsonNode refused : List.of(
                    answer(host, "command", "false"),
                    answer(host, "command", "true", "shell", true),
                    answer(host, "command", "./true"),
                    answer(host, "command", "echo", "env", Map.of("PATH", root.toString())))) {
                assertThat(refused.path("reason_code").asString()).isEqualTo("jobs_invalid_arguments");
                assertThat(refused.path("error").asString()).contains("--jobs-allow-command");
            }
            assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(1);
        }
    }

    /** The guest's own settings allow all; the owner's count where it is started. */
    @Test
    void theOwnerStartsNothingForAGuestThatItDoesNotAllow() {
        try (KillableJvm owner = HostMain.start(root, "jobs-workers", "4", "jobs-allow-command", "sleep\nsh");
                JobsHost guest = JobsHost.open(root, "no-session", "true")) {
            HostMain.jobId(root, owner);
            JsonNode end =
                    guest.awaitEnd(guest.create(Map.of("command", "true"))).path("job");
            assertThat(end.path("reason_code").asString()).isEqualTo("job_spawn_failed");
            assertThat(end.path("error").asString()).contains("--jobs-allow-command", "sleep, sh");
        }
    }

    @Test
    void noMoreJobsAMinuteThanAllowed() {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-max-per-minute", "3")) {
            for (int i = 0; i < 3; i++) {
                host.create(Map.of("command", "true"));
            }
            JsonNode refused = answer(host, "command", "true");
            assertThat(refused.path("reason_code").asString()).isEqualTo("jobs_runtime_error");
            assertThat(refused.path("error").asString())
                    .contains("--jobs-max-per-minute", "no more than 3 jobs a minute");
            assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(3);
        }
    }
}
