package dev.tau.jobs.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.AgentScript;
import dev.tau.jobs.testing.MarkdownPage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** The examples of docs/spring-ai.md, word for word. */
@Timeout(120)
class TauJobsExamplesTest {
    private static final MarkdownPage PAGE = MarkdownPage.of(Path.of("../../docs/spring-ai.md"));

    @TempDir
    Path root;

    private final AgentScript script =
            AgentScript.of("job_queued", "jobs_create", Map.of("command", "true", "wait_ms", 20_000));

    /** The page's beans, and a listener as its comment says. */
    @Configuration(proxyBeanMethods = false)
    static class Application {
        final BlockingQueue<TraceEvent> turns = new LinkedBlockingQueue<>();

        @Bean
        ChatClient assistant(ChatClient.Builder builder, TauJobsTools jobs) {
            return builder.defaultTools(jobs).build();
        }

        @Bean
        JobListener wakeTheAgent(ApplicationEventPublisher events) {
            return JobListener.of(
                    "my-agent", events::publishEvent); // a listener of TraceEvent begins the agent's next turn
        }

        @EventListener
        void beginTurn(TraceEvent end) {
            turns.add(end);
        }
    }

    private ApplicationContextRunner application(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TauJobsAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withBean(ChatClient.Builder.class, () -> ChatClient.builder(new ScriptedModel(script)))
                .withPropertyValues("tau.jobs.working-directory=" + root, "tau.jobs.no-session=true")
                .withPropertyValues(properties);
    }

    @Test
    void thePageShowsWhatIsRunHere() {
        PAGE.assertJavaIsIn(Path.of("src/test/java/dev/tau/jobs/springai/TauJobsExamplesTest.java"));
    }

    @Test
    void theAssistantRunsAJobAndItsEndIsAnEvent() {
        application().run(context -> {
            assertThat(context.getBean(ChatClient.class)
                            .prompt("Run the tests.")
                            .call()
                            .content())
                    .isEqualTo("done");
            script.assertPlayed();
            TraceEvent end = context.getBean(Application.class).turns.poll(30, TimeUnit.SECONDS);
            assertThat(end).isNotNull();
            assertThat(end.event()).isEqualTo("succeeded");
        });
    }

    @Test
    void anEndThatCameWhileTheApplicationWasDownIsAnEventToo() {
        application().run(context -> assertThat(context).hasNotFailed());
        ToolContext other = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .build();
        try (ToolSet tools = ToolSet.load(other)) {
            ToolResult ended = tools.find("jobs_create")
                    .orElseThrow()
                    .execute(ToolCall.of(Map.of("command", "false", "wait_ms", 20_000)));
            assertThat(ended.json()).contains("job_non_zero_exit");
        }
        application().run(context -> {
            TraceEvent end = context.getBean(Application.class).turns.poll(30, TimeUnit.SECONDS);
            assertThat(end).isNotNull();
            assertThat(end.event()).isEqualTo("failed");
        });
    }

    /** All but the directory, which is the reader's own. */
    @Test
    void thePropertiesOfThePageAreSettings() {
        String properties = PAGE.blocks("properties").get(0).text();
        assertThat(properties).contains("=/path/to/project\n");
        application(properties.replace("/path/to/project", root.toString()).split("\n"))
                .run(context -> assertThat(context.getBean(TauJobsProperties.class)
                                .context()
                                .settings())
                        .containsEntry("jobs-workers", "4")
                        .containsEntry("jobs-default-timeout-ms", "600000")
                        .containsEntry("jobs-max-timeout-ms", "7200000")
                        .containsEntry("jobs-max-output-bytes", "16777216"));
    }
}
