package dev.tau.jobs.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.service.AiServices;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.AgentScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TauJobsTest {
    interface Assistant {
        String chat(String message);
    }

    @TempDir
    Path root;

    private ToolContext context(String... settings) {
        ToolContext.Builder context =
                ToolContext.builder().workingDirectory(root).setting("no-session", "true");
        for (int i = 0; i < settings.length; i += 2) {
            context.setting(settings[i], settings[i + 1]);
        }
        return context.build();
    }

    private ScriptedModel play(AgentScript script, ToolContext context) {
        ScriptedModel model = new ScriptedModel(script);
        try (TauJobs tools = TauJobs.toolProvider(context)) {
            Assistant assistant = AiServices.builder(Assistant.class)
                    .chatModel(model)
                    .toolProvider(tools)
                    .build();
            assertThat(assistant.chat("run the tests")).isEqualTo("done");
        }
        script.assertPlayed();
        assertThat(model.results())
                .extracting(ToolExecutionResultMessage::isError)
                .isEqualTo(script.errors());
        return model;
    }

    @Test
    void anAgentStartsWaitsReadsAndCancels() {
        ScriptedModel model = play(AgentScript.aDayWithJobs(), context());

        assertThat(model.tools())
                .extracting(ToolSpecification::name)
                .containsExactlyInAnyOrder("jobs_create", "jobs_list", "jobs_status", "jobs_cancel");
    }

    /** The model's turn is over, and the end of its job begins another one. */
    @Test
    void theEndOfAJobWakesTheAgent() throws Exception {
        BlockingQueue<TraceEvent> ended = new LinkedBlockingQueue<>();
        ToolContext context = context().toBuilder()
                .jobListener(JobListener.of("agent", ended::add))
                .build();
        ScriptedModel model = new ScriptedModel(
                AgentScript.of("job_queued", "jobs_create", Map.of("command", "sh", "args", List.of("-c", "exit 3"))));
        try (TauJobs jobs = TauJobs.toolProvider(context)) {
            Assistant assistant = AiServices.builder(Assistant.class)
                    .chatModel(model)
                    .toolProvider(jobs)
                    .build();
            assertThat(assistant.chat("run the tests in the background")).isEqualTo("done");

            TraceEvent end = ended.poll(30, TimeUnit.SECONDS);
            assertThat(end).isNotNull();
            assertThat(end.exitCode()).isEqualTo(3);
            model.next(AgentScript.of("jobs_status_ok", "jobs_status", Map.of("job_id", end.jobId())));
            assertThat(assistant.chat("job " + end.jobId() + " has " + end.event()))
                    .isEqualTo("done");
        }
        assertThat(model.results()).hasSize(2);
    }

    @Test
    void argumentsThatAreNoJsonAreTheModelsMistake() {
        play(AgentScript.malformed(), context());
    }

    @Test
    void switchedOffToolsSayIt() {
        play(AgentScript.of("jobs_disabled", "jobs_list", Map.of()), context("jobs-enabled", "false"));
    }

    @Test
    void aStateDirThatCantBeUsedIsNamed() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "in the way");

        play(
                AgentScript.of("jobs_runtime_unavailable", "jobs_list", Map.of()),
                context("jobs-state-dir", file.toString()));
    }

    @Test
    void aBrokenManifestIsARuntimeError() throws Exception {
        Path manifest = root.resolve(".tau/jobs/jobs/job-1-0001.json");
        Files.createDirectories(manifest.getParent());
        Files.writeString(manifest, "{\"schema_version\": 99}");

        play(AgentScript.of("jobs_runtime_error", "jobs_status", Map.of("job_id", "job-1-0001")), context());
    }

    @Test
    void theModelIsToldTheSchemaToItsLastLimit() throws Exception {
        List<ToolSpecification> told = play(AgentScript.of("jobs_list_ok", "jobs_list", Map.of()), context())
                .tools();

        JsonMapper json = new JsonMapper();
        try (ToolSet tools = ToolSet.load(context())) {
            for (Tool tool : tools) {
                ToolDefinition expected = tool.definition();
                ToolSpecification mapped = told.stream()
                        .filter(one -> one.name().equals(expected.name()))
                        .findFirst()
                        .orElseThrow();
                assertThat(mapped.description()).isEqualTo(expected.description());
                assertThat(json.readTree(mapped.toJson()).path("parameters"))
                        .isEqualTo(json.readTree(json.writeValueAsString(expected.inputSchema())));
            }
        }
    }

    @Test
    void aSettingThatIsNotValidIsRefusedAtOnce() {
        assertThatThrownBy(() -> TauJobs.toolProvider(context("jobs-workers", "many")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("jobs-workers", "must be an integer");
    }
}
