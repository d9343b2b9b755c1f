package dev.tau.jobs.springai;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.AgentScript;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class TauJobsAutoConfigurationTest {
    @TempDir
    Path root;

    private ApplicationContextRunner application;

    @BeforeEach
    void application() {
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TauJobsAutoConfiguration.class))
                .withPropertyValues("tau.jobs.working-directory=" + root, "tau.jobs.no-session=true");
    }

    private static ScriptedModel play(AgentScript script, ApplicationContext context) {
        ScriptedModel model = new ScriptedModel(script);
        String said = ChatClient.builder(model)
                .defaultTools(context.getBean(ToolCallbackProvider.class))
                .build()
                .prompt("run the tests")
                .call()
                .content();
        assertThat(said).isEqualTo("done");
        script.assertPlayed();
        return model;
    }

    private static Health health(ApplicationContext context) {
        return requireNonNull(context.getBean(HealthIndicator.class).health());
    }

    @Test
    void anAgentStartsWaitsReadsAndCancels() {
        application.run(context -> {
            ScriptedModel model = play(AgentScript.aDayWithJobs(), context);

            assertThat(model.tools())
                    .extracting(ToolDefinition::name)
                    .containsExactlyInAnyOrder("jobs_create", "jobs_list", "jobs_status", "jobs_cancel");
            assertThat(model.tools())
                    .allSatisfy(tool -> assertThat(JsonMapper.shared()
                                    .readTree(tool.inputSchema())
                                    .path("additionalProperties")
                                    .asBoolean(true))
                            .isFalse());
        });
    }

    @Test
    void argumentsThatAreNoJsonAreTheModelsMistake() {
        application.run(context -> play(AgentScript.malformed(), context));
    }

    @Test
    void switchedOffToolsSayIt() {
        application.withPropertyValues("tau.jobs.enabled=false").run(context -> {
            play(AgentScript.of("jobs_disabled", "jobs_list", Map.of()), context);
            assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
        });
    }

    @Test
    void aStateDirThatCantBeUsedIsNamedAndDown() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "in the way");

        application.withPropertyValues("tau.jobs.state-dir=" + file).run(context -> {
            play(AgentScript.of("jobs_runtime_unavailable", "jobs_list", Map.of()), context);
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().get("error")).asString().contains(file.toString());
        });
    }

    @Test
    void aBrokenManifestIsARuntimeError() throws Exception {
        Path manifest = root.resolve(".tau/jobs/jobs/job-1-0001.json");
        Files.createDirectories(manifest.getParent());
        Files.writeString(manifest, "{\"schema_version\": 99}");

        application.run(context ->
                play(AgentScript.of("jobs_runtime_error", "jobs_status", Map.of("job_id", "job-1-0001")), context));
    }

    /** The model's turn is over, and the end of its job begins another one. */
    @Test
    void theEndOfAJobWakesTheAgent() {
        BlockingQueue<TraceEvent> ended = new LinkedBlockingQueue<>();
        application
                .withBean(JobListener.class, () -> JobListener.of("agent", ended::add))
                .run(context -> {
                    play(AgentScript.of("job_queued", "jobs_create", Map.of("command", "true")), context);
                    TraceEvent end = ended.poll(30, TimeUnit.SECONDS);
                    assertThat(end).isNotNull();
                    assertThat(end.event()).isEqualTo("succeeded");
                    play(AgentScript.of("jobs_status_ok", "jobs_status", Map.of("job_id", end.jobId())), context);
                });
    }

    @Test
    void propertiesAreTheSettings() {
        application
                .withPropertyValues(
                        "tau.jobs.default-timeout=90s",
                        "tau.jobs.max-timeout=2h",
                        "tau.jobs.max-output=1MB",
                        "tau.jobs.retain=7d",
                        "tau.jobs.allow-commands=git,make",
                        "tau.jobs.workers=3")
                .run(context -> {
                    Map<String, String> settings =
                            context.getBean(TauJobsProperties.class).context().settings();
                    assertThat(settings)
                            .containsEntry("jobs-default-timeout-ms", "90000")
                            .containsEntry("jobs-max-timeout-ms", "7200000")
                            .containsEntry("jobs-max-output-bytes", "1048576")
                            .containsEntry("jobs-retain-ms", "604800000")
                            .containsEntry("jobs-allow-command", "git\nmake")
                            .containsEntry("jobs-workers", "3")
                            .doesNotContainKey("jobs-max-queued");
                    assertThat(context.getBean(TauJobsTools.class)
                                    .getToolCallbacks()[0]
                                    .getToolDefinition()
                                    .inputSchema())
                            .contains("7200000");
                });
    }

    @Test
    void pathsAreRelativeToTheProcessAndNotToTheApplication() {
        application
                .withPropertyValues("tau.jobs.working-directory=.", "tau.jobs.allowed-roots=.,/tmp")
                .run(context -> {
                    ToolContext tools = context.getBean(TauJobsProperties.class).context();
                    Path here = Path.of("").toAbsolutePath();
                    assertThat(tools.workingDirectory()).isEqualTo(here);
                    assertThat(tools.allowedRoots()).containsExactly(here, Path.of("/tmp"));
                });
    }

    @Test
    void healthCanBeSwitchedOff() {
        application
                .withPropertyValues("management.health.tauJobs.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void aSettingThatIsNotValidStopsTheStart() {
        application
                .withPropertyValues("tau.jobs.workers=0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll("jobs-workers", "must be an integer from 1"));
    }

    @Test
    void healthAndMetersTellWhatTheDirectoryHolds() {
        application.run(context -> {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            context.getBean(MeterBinder.class).bindTo(registry);
            play(AgentScript.aDayWithJobs(), context);

            assertThat(registry.get("tau.jobs.created").functionCounter().count())
                    .isEqualTo(2);
            assertThat(registry.get("tau.jobs.ended")
                            .tag("outcome", "cancelled")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("tau.jobs.running").gauge().value()).isZero();
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("queue_depth", 0L);
        });
    }

    @Test
    void withoutActuatorTheToolsAreThereAlone() {
        application
                .withClassLoader(new FilteredClassLoader(HealthIndicator.class, MeterBinder.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(ToolCallbackProvider.class)
                        .doesNotHaveBean("tauJobsHealthIndicator")
                        .doesNotHaveBean("tauJobsMeters"));
    }

    @Test
    void theToolsAreClosedWithTheApplication() {
        application.run(context -> {
            play(
                    AgentScript.of(
                            "job_queued", "jobs_create", Map.of("command", "touch begun; sleep 300", "shell", true)),
                    context);
            await().until(() -> Files.exists(root.resolve("begun")));
        });
        assertThat(root.resolve(".tau/jobs/jobs")).isDirectory();
        assertThat(root.resolve(".tau/jobs/owner.json")).doesNotExist();
        // Another application owns the directory, and starts again what was cut short.
        application.run(context -> {
            AgentScript list = AgentScript.of("jobs_list_ok", "jobs_list", Map.of());
            play(list, context);
            assertThat(list.answers().get(0).path("health").path("reason_codes").toString())
                    .contains("job_recovered_after_restart");
        });
    }

    @Test
    void theMetadataNamesEachProperty() throws Exception {
        try (var in = TauJobsProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(in).isNotNull();
            assertThat(JsonMapper.shared().readTree(in).path("properties").findValuesAsString("name"))
                    .hasSize(TauJobsProperties.class.getRecordComponents().length)
                    .contains("tau.jobs.state-dir", "tau.jobs.max-output");
        }
    }
}
