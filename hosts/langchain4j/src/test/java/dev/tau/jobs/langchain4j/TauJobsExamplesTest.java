package dev.tau.jobs.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.service.AiServices;
import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.AgentScript;
import dev.tau.jobs.testing.MarkdownPage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of docs/langchain4j.md, word for word. They take their settings from the environment, which is the pom's. */
@Timeout(120)
@SuppressWarnings("SameNameButDifferent") // the page declares its Assistant beside what uses it
class TauJobsExamplesTest {
    @Test
    void thePageShowsWhatIsRunHere() {
        MarkdownPage.of(Path.of("../../docs/langchain4j.md"))
                .assertJavaIsIn(Path.of("src/test/java/dev/tau/jobs/langchain4j/TauJobsExamplesTest.java"));
    }

    @Test
    void anAssistantWithTheToolsOfTheEnvironment() {
        AgentScript script = AgentScript.of("job_queued", "jobs_create", Map.of("command", "true", "wait_ms", 20_000));
        ScriptedModel model = new ScriptedModel(script);

        interface Assistant {
            String chat(String message);
        }

        try (TauJobs jobs = TauJobs.toolProvider()) {
            Assistant assistant = AiServices.builder(Assistant.class)
                    .chatModel(model)
                    .toolProvider(jobs)
                    .build();
            assistant.chat("Run the tests in the background, and tell me how they ended.");
        }

        script.assertPlayed();
        assertThat(model.results())
                .extracting(ToolExecutionResultMessage::isError)
                .containsExactly(false);
        assertThat(Path.of(System.getenv("TAU_JOBS_STATE_DIR"))).isDirectory();
    }

    interface Assistant {
        String chat(String message);
    }

    @Test
    void theEndOfAJobIsTheNextTurn() throws Exception {
        AgentScript script = AgentScript.of("job_queued", "jobs_create", Map.of("command", "true"));
        ScriptedModel model = new ScriptedModel(script);

        BlockingQueue<TraceEvent> ended = new LinkedBlockingQueue<>();
        ToolContext context = ToolContext.fromEnvironment().toBuilder()
                .jobListener(JobListener.of("my-agent", ended::add))
                .build();
        try (TauJobs jobs = TauJobs.toolProvider(context)) {
            Assistant assistant = AiServices.builder(Assistant.class)
                    .chatModel(model)
                    .toolProvider(jobs)
                    .build();
            assistant.chat("Run the tests in the background.");
            TraceEvent end = ended.take();
            assistant.chat("Job " + end.jobId() + " has " + end.event() + ": " + end.detail());
        }

        assertThat(model.asked()).startsWith("Job " + script.jobId(0) + " has succeeded: ");
    }
}
