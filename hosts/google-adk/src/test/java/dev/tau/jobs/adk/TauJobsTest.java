package dev.tau.jobs.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.adk.agents.LlmAgent;
import com.google.adk.agents.RunConfig;
import com.google.adk.events.Event;
import com.google.adk.runner.InMemoryRunner;
import com.google.genai.types.Content;
import com.google.genai.types.Part;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.testing.AgentScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TauJobsTest {
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

    private static void play(AgentScript script, ToolContext context) {
        TauJobs tools = TauJobs.toolset(context);
        try {
            LlmAgent agent = LlmAgent.builder()
                    .name("agent")
                    .model(new ScriptedModel(script))
                    .tools(tools)
                    .build();
            InMemoryRunner runner = new InMemoryRunner(agent);
            String session = runner.sessionService()
                    .createSession(runner.appName(), "user")
                    .blockingGet()
                    .id();
            Event last = runner.runAsync(
                            "user",
                            session,
                            Content.fromParts(Part.fromText("run the tests")),
                            RunConfig.builder().build())
                    .blockingLast();
            assertThat(last.stringifyContent()).isEqualTo("done");
        } finally {
            tools.close();
        }
        script.assertPlayed();
    }

    @Test
    void anAgentStartsWaitsReadsAndCancels() {
        play(AgentScript.aDayWithJobs(), context());
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
    void aSettingThatIsNotValidIsRefusedAtOnce() {
        assertThatThrownBy(() -> TauJobs.toolset(context("jobs-workers", "many")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("jobs-workers", "must be an integer");
    }
}
