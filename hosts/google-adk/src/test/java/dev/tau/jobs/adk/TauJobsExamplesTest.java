package dev.tau.jobs.adk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.adk.agents.LlmAgent;
import com.google.adk.agents.RunConfig;
import com.google.adk.models.LlmRegistry;
import com.google.adk.runner.InMemoryRunner;
import com.google.genai.types.Content;
import com.google.genai.types.Part;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.AgentScript;
import dev.tau.jobs.testing.MarkdownPage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The examples of docs/google-adk.md, word for word. They take their settings from the environment, which is the pom's: both have one
 * state directory, and the tools of the page's first example stay open until the JVM ends, so that one comes last.
 */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TauJobsExamplesTest {
    private final RunConfig config = RunConfig.builder().build();
    private final String user = "user";

    @Test
    void thePageShowsWhatIsRunHere() {
        MarkdownPage.of(Path.of("../../docs/google-adk.md"))
                .assertJavaIsIn(Path.of("src/test/java/dev/tau/jobs/adk/TauJobsExamplesTest.java"));
    }

    private String session(InMemoryRunner runner) {
        return runner.sessionService()
                .createSession(runner.appName(), user)
                .blockingGet()
                .id();
    }

    @Test
    @Order(1)
    void theEndOfAJobIsTheNextTurn() throws Exception {
        AgentScript script = AgentScript.of("job_queued", "jobs_create", Map.of("command", "true"));
        ScriptedModel model = new ScriptedModel(script);

        BlockingQueue<TraceEvent> ended = new LinkedBlockingQueue<>();
        TauJobs jobs = TauJobs.toolset(ToolContext.fromEnvironment().toBuilder()
                .jobListener(JobListener.of("my-agent", ended::add))
                .build());
        try {
            LlmAgent agent =
                    LlmAgent.builder().name("builder").model(model).tools(jobs).build();
            InMemoryRunner runner = new InMemoryRunner(agent);
            String session = session(runner);
            runner.runAsync(user, session, Content.fromParts(Part.fromText("Run the tests.")), config)
                    .blockingSubscribe();
            script.assertPlayed();

            TraceEvent end = ended.take();
            Content news = Content.fromParts(Part.fromText("Job " + end.jobId() + " has " + end.event()));
            runner.runAsync(user, session, news, config).blockingSubscribe(); // nothing runs before somebody subscribes

            assertThat(model.asked()).isEqualTo("Job " + script.jobId(0) + " has succeeded");
        } finally {
            jobs.close();
        }
    }

    @Test
    @Order(2)
    void anAgentWithTheToolsOfTheEnvironment() {
        AgentScript script = AgentScript.of("job_queued", "jobs_create", Map.of("command", "true", "wait_ms", 20_000));
        LlmRegistry.registerLlm("gemini-.*", name -> new ScriptedModel(script));

        LlmAgent agent = LlmAgent.builder()
                .name("builder")
                .model("gemini-2.5-flash")
                .instruction("Run long commands as background jobs.")
                .tools(TauJobs.tools())
                .build();

        InMemoryRunner runner = new InMemoryRunner(agent);
        runner.runAsync(user, session(runner), Content.fromParts(Part.fromText("Run the tests.")), config)
                .blockingSubscribe();
        script.assertPlayed();
        assertThat(Path.of(System.getenv("TAU_JOBS_STATE_DIR"))).isDirectory();
    }
}
