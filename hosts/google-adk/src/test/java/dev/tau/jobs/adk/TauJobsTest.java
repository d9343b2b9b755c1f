package dev.tau.jobs.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.adk.agents.LlmAgent;
import com.google.adk.agents.RunConfig;
import com.google.adk.events.Event;
import com.google.adk.runner.InMemoryRunner;
import com.google.genai.types.Content;
import com.google.genai.types.Part;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.AgentScript;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
            play(script, tools);
        } finally {
            tools.close();
        }
    }

    private static void play(AgentScript script, TauJobs tools) {
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
        script.assertPlayed();
    }

    @Test
    void anAgentStartsWaitsReadsAndCancels() {
        play(AgentScript.aDayWithJobs(), context());
    }

    /** The model's turn is over, and the end of its job begins another one. */
    @Test
    void theEndOfAJobWakesTheAgent() throws Exception {
        BlockingQueue<TraceEvent> ended = new LinkedBlockingQueue<>();
        ToolContext context = context().toBuilder()
                .jobListener(JobListener.of("agent", ended::add))
                .build();
        TauJobs jobs = TauJobs.toolset(context);
        try {
            play(AgentScript.of("job_queued", "jobs_create", Map.of("command", "true")), jobs);
            TraceEvent end = ended.poll(30, TimeUnit.SECONDS);
            assertThat(end).isNotNull();
            assertThat(end.event()).isEqualTo("succeeded");
            play(AgentScript.of("jobs_status_ok", "jobs_status", Map.of("job_id", end.jobId())), jobs);
        } finally {
            jobs.close();
        }
    }

    /** Also where a tool is called on a thread of its own. */
    @Test
    void aJobIsOfTheTraceOfTheTurnThatCreatesIt() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        SpanContext turn =
                SpanContext.create(trace, "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault());
        try (Scope current = Span.wrap(turn).makeCurrent()) {
            assertThat(current).isNotNull();
            play(AgentScript.of("job_queued", "jobs_create", Map.of("command", "true")), context());
        }
        try (DirectoryStream<Path> manifests = Files.newDirectoryStream(root.resolve(".tau/jobs/jobs"), "*.json")) {
            assertThat(manifests.iterator().next()).content().contains("\"traceparent\": \"00-" + trace + "-");
        }
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
