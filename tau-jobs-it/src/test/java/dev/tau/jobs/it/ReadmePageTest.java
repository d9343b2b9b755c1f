package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.Tool;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolDefinition;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.MarkdownPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The Java of README.md, word for word. It takes its settings from the environment, which is the pom's. */
class ReadmePageTest {
    private static final Path STATE_DIR = Path.of(System.getenv().getOrDefault("TAU_JOBS_STATE_DIR", ".tau/jobs"))
            .toAbsolutePath();

    private final List<String> registered = new ArrayList<>();

    private void register(ToolDefinition definition) {
        registered.add(definition.name());
    }

    private static int created() {
        try (JobsHost host = JobsHost.open(STATE_DIR.getParent().getParent(), "no-session", "true")) {
            JsonNode jobs = host.list(Map.of());
            return jobs.path("health").path("created_total").asInt();
        }
    }

    @Test
    void thePageShowsWhatIsRunHere() {
        MarkdownPage.of(Path.of("../README.md"))
                .assertJavaIsIn(Path.of("src/test/java/dev/tau/jobs/it/ReadmePageTest.java"));
    }

    @Test
    void anAgentRegistersTheToolsAndCallsOne() {
        int before = created();

        try (ToolSet tools = ToolSet.load(ToolContext.fromEnvironment())) {
            for (Tool tool : tools) {
                register(tool.definition()); // name, description, JSON Schema of the arguments, hints
            }
            ToolResult result = tools.find("jobs_create")
                    .orElseThrow()
                    .execute(ToolCall.of(Map.of("command", "make", "args", List.of("test"))));
            result.content(); // a map; result.json() is the same as text
        }

        assertThat(registered).containsExactlyInAnyOrder("jobs_create", "jobs_list", "jobs_status", "jobs_cancel");
        assertThat(created()).isEqualTo(before + 1);
    }
}
