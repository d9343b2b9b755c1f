package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolCodesIT {
    private static final List<String> TOOLS = List.of("jobs_create", "jobs_list", "jobs_status", "jobs_cancel");

    @TempDir
    Path root;

    private static void assertError(JobsHost host, String tool, Map<String, ?> arguments, String code) {
        ToolResult result = host.call(tool, arguments);
        assertThat(result.isError()).as(tool + arguments).isTrue();
        assertThat(result.reasonCode()).as(tool + arguments).isEqualTo(code);
        assertThat(host.content(result).path("tool").asString()).isEqualTo(tool);
        assertThat(host.content(result).path("error").asString()).isNotEmpty();
    }

    private static Map<String, Object> command(String key, Object value) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("command", "true");
        arguments.put(key, value);
        return arguments;
    }

    @Test
    void theGoodOnes() {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = host.create(Map.of("command", "true"));
            host.awaitEnd(id);
            assertThat(host.status(id).path("reason_code").asString()).isEqualTo("jobs_status_ok");
            assertThat(host.list(Map.of()).path("reason_code").asString()).isEqualTo("jobs_list_ok");
            assertThat(host.cancel(id).path("reason_code").asString()).isEqualTo("jobs_cancel_ok");
            assertThat(host.job(id).path("status").asString()).isEqualTo("succeeded");
        }
    }

    @Test
    void disabled() {
        try (JobsHost host = JobsHost.open(root, "jobs-enabled", "false")) {
            TOOLS.forEach(tool -> assertError(
                    host,
                    tool,
                    tool.equals("jobs_create") ? Map.of("command", "true") : Map.of("job_id", "job-1-0001"),
                    "jobs_disabled"));
        }
    }

    @Test
    void unavailable() throws Exception {
        Files.createDirectory(root.resolve(".tau"));
        Files.createFile(JobsHost.stateDir(root));
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            assertError(host, "jobs_create", Map.of("command", "true"), "jobs_runtime_unavailable");
            assertError(host, "jobs_list", Map.of(), "jobs_runtime_unavailable");
        }
    }

    @Test
    void notFound() {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            assertError(host, "jobs_status", Map.of("job_id", "job-1-0001"), "job_not_found");
            assertError(host, "jobs_cancel", Map.of("job_id", "job-1-0001"), "job_not_found");
        }
    }

    @Test
    void queueFull() {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "1", "jobs-max-queued", "1")) {
            String running = host.shell("sleep 300");
            host.awaitStatus(running, "running");
            String queued = host.shell("true");
            assertError(host, "jobs_create", Map.of("command", "true"), "jobs_runtime_error");
            host.cancel(queued);
            host.cancel(running);
            host.awaitEnd(running);
        }
    }

    @Test
    void invalidArguments(@TempDir Path outside) throws Exception {
        Files.createSymbolicLink(root.resolve("link"), outside);
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            List<Map<String, Object>> creates = List.of(
                    Map.of(),
                    Map.of("command", " "),
                    Map.of("command", 5),
                    Map.of("command", "tr\0ue"),
                    command("surprise", 1),
                    command("args", "one"),
                    command("args", List.of(1)),
                    command("args", List.of("a\0b")),
                    command("env", List.of()),
                    command("env", Map.of("A", 1)),
                    command("env", Map.of("A=B", "x")),
                    command("env", Map.of("A", "x\0y")),
                    command("timeout_ms", 0),
                    command("timeout_ms", 900_001),
                    command("timeout_ms", "100"),
                    command("timeout_ms", 1.5),
                    command("channel_id", "alone"),
                    command("channel_transport", "alone"),
                    command("cwd", outside.toString()),
                    command("cwd", ".."),
                    command("cwd", "link"),
                    command("session_path", "link/session.jsonl"),
                    command("session_path", "../session.jsonl"));
            creates.forEach(arguments -> assertError(host, "jobs_create", arguments, "jobs_invalid_arguments"));

            List<Map<String, Object>> statuses = List.of(
                    Map.of(),
                    Map.of("job_id", "../x"),
                    Map.of("job_id", ".hidden"),
                    Map.of("job_id", 1),
                    Map.of("job_id", "job-1-0001", "output_preview_bytes", 16_001),
                    Map.of("job_id", "job-1-0001", "output_preview_bytes", 0),
                    Map.of("job_id", "job-1-0001", "wait_ms", 45_001));
            statuses.forEach(arguments -> assertError(host, "jobs_status", arguments, "jobs_invalid_arguments"));
            List.<Map<String, Object>>of(Map.of("limit", 0), Map.of("limit", 201), Map.of("status", "lost"))
                    .forEach(arguments -> assertError(host, "jobs_list", arguments, "jobs_invalid_arguments"));
            assertError(host, "jobs_cancel", Map.of("job_id", "../x"), "jobs_invalid_arguments");
            assertThat(host.list(Map.of()).path("count").asInt()).isZero();
        }
    }
}
