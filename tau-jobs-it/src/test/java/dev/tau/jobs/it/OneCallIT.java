package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.TauJobs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a model gets done by one jobs_create: a script, its end, its output, and what to do next. */
@Timeout(60)
@TauJobs
class OneCallIT {

    private static JsonNode create(JobsHost host, Object... arguments) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            map.put((String) arguments[i], arguments[i + 1]);
        }
        ToolResult result = host.call("jobs_create", map);
        assertThat(result.reasonCode()).as(result.json()).isEqualTo("job_queued");
        return host.content(result);
    }

    @Test
    void whatIsQuickComesBackFinishedWithItsOutput(JobsHost host) {
        JsonNode answer = create(host, "command", "echo out; echo err >&2; exit 3", "shell", true, "wait_ms", 20_000);

        assertThat(answer.path("job").path("status").asString()).isEqualTo("failed");
        assertThat(answer.path("job").path("exit_code").asInt()).isEqualTo(3);
        assertThat(answer.path("stdout_preview").asString()).isEqualTo("out\n");
        assertThat(answer.path("stderr_preview").asString()).isEqualTo("err\n");
        assertThat(answer.path("job").path("stdout_bytes").asInt()).isEqualTo(4);
        assertThat(answer.has("hint")).isFalse();
        assertThat(answer.path("health").path("failed_total").asInt()).isEqualTo(1);
    }

    @Test
    void whatTakesLongerGoesOnInTheBackground(JobsHost host) {
        JsonNode answer = create(host, "command", "echo begun; sleep 300", "shell", true, "wait_ms", 1);
        String id = answer.path("job").path("job_id").asString();

        assertThat(answer.path("job").path("status").asString()).isIn("queued", "running");
        assertThat(answer.path("hint").asString()).contains("jobs_status with wait_ms");
        host.awaitOutput(id, "begun");
        assertThat(host.status(id).path("hint").asString()).startsWith("still running");
        JsonNode cancelled = host.content(host.call("jobs_cancel", Map.of("job_id", id)));
        assertThat(cancelled.path("hint").asString()).startsWith("being ended");
        assertThat(host.awaitEnd(id).has("hint")).isFalse();
    }

    @Test
    void aWaitThatIsInterruptedStillNamesTheJob(JobsHost host) {
        // The first call opens the state dir, which is another matter.
        host.list(Map.of());
        Thread.currentThread().interrupt();
        JsonNode answer = create(host, "command", "true", "wait_ms", 20_000);

        assertThat(Thread.interrupted()).isTrue();
        String id = answer.path("job").path("job_id").asString();
        assertThat(host.awaitEnd(id).path("job").path("status").asString()).isEqualTo("succeeded");
    }

    @Test
    void aScriptGetsItsArgumentsAsTheyAre(JobsHost host) {
        JsonNode answer = create(
                host,
                "command",
                "for a in \"$@\"; do printf '[%s]' \"$a\"; done",
                "args",
                List.of("a b", "", "$HOME", "'"),
                "shell",
                true,
                "wait_ms",
                20_000);

        assertThat(answer.path("stdout_preview").asString()).isEqualTo("[a b][][$HOME][']");
        assertThat(answer.path("job").path("command").asString()).isEqualTo("sh");
    }

    @Test
    void withoutShellACommandIsAProgram(JobsHost host) {
        JsonNode answer = create(host, "command", "echo out | cat", "wait_ms", 20_000);

        assertThat(answer.path("job").path("reason_code").asString()).isEqualTo("job_spawn_failed");
        assertThat(answer.path("hint").asString()).contains("shell");
    }

    @Test
    void workLeftInTheBackgroundIsEndedAndSaid(JobsHost host) {
        JsonNode answer = create(host, "command", "sleep 300 & sleep 300 & echo up", "shell", true, "wait_ms", 20_000);

        String id = answer.path("job").path("job_id").asString();
        assertThat(answer.path("job").path("status").asString()).isEqualTo("succeeded");
        assertThat(answer.path("job").path("strays_ended").asInt()).isEqualTo(2);
        assertThat(answer.path("hint").asString()).contains("without & or nohup");
        assertThat(host.manifest(id).path("strays_ended").asInt()).isEqualTo(2);
        assertThat(create(host, "command", "true", "wait_ms", 20_000)
                        .path("job")
                        .has("strays_ended"))
                .isFalse();
    }

    @Test
    void whatIsEndedOnRequestIsNoStray(JobsHost host) {
        String id = host.shell("sleep 300 & sleep 300");
        host.awaitProcesses(id, 3);
        host.cancel(id);

        assertThat(host.awaitEnd(id).path("job").has("strays_ended")).isFalse();
    }

    @Test
    void aLabelIsShownWhereverTheJobIs(JobsHost host) {
        JsonNode answer = create(host, "command", "true", "label", "unit tests", "wait_ms", 20_000);
        String id = answer.path("job").path("job_id").asString();

        assertThat(answer.path("job").path("label").asString()).isEqualTo("unit tests");
        assertThat(host.list(Map.of()).path("jobs").get(0).path("label").asString())
                .isEqualTo("unit tests");
        assertThat(host.manifest(id).path("label").asString()).isEqualTo("unit tests");
        assertThat(create(host, "command", "true").path("job").has("label")).isFalse();
        create(host, "command", "true", "label", "\ud83d\ude00".repeat(80));
        assertThat(host.content(host.call("jobs_create", Map.of("command", "true", "label", "x".repeat(81))))
                        .path("error")
                        .asString())
                .isEqualTo("label must not have more than 80 characters");
    }

    @Test
    void aTimeoutSaysHowLongItMayBe(JobsHost host) {
        JsonNode answer =
                create(host, "command", "sleep", "args", List.of("300"), "timeout_ms", 100, "wait_ms", 20_000);

        assertThat(answer.path("job").path("reason_code").asString()).isEqualTo("job_timeout");
        assertThat(answer.path("hint").asString()).contains("timeout_ms", "900000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n 2>/dev/null; echo hi", "+x; echo hi", "-; echo hi"})
    void aScriptIsNoOptionOfTheShell(String script, JobsHost host) {
        JsonNode answer = create(host, "command", script, "shell", true, "args", List.of("a"), "wait_ms", 20_000);

        assertThat(answer.path("stdout_preview").asString()).isEqualTo("hi\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "yes"})
    void shellIsTrueOrFalseAndNothingElse(String value, JobsHost host) {
        ToolResult result = host.call("jobs_create", Map.of("command", "true", "shell", value));

        assertThat(result.reasonCode()).isEqualTo("jobs_invalid_arguments");
        assertThat(host.content(result).path("error").asString()).isEqualTo("shell must be true or false");
    }
}
