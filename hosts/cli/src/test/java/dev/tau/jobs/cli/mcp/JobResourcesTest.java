package dev.tau.jobs.cli.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobResourcesTest {
    @TempDir
    Path root;

    private static Map<?, ?> list(JobResources resources, Map<String, Object> params) {
        JSONRPCResponse answer = resources.run(new JSONRPCRequest(McpSchema.METHOD_RESOURCES_LIST, 1, params));
        assertThat(answer.error()).isNull();
        return (Map<?, ?>) answer.result();
    }

    @Test
    void aPageIsNoLongerThanTheHostLetsAListBe() {
        ToolContext context = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-list-default-limit", "3")
                .setting("jobs-list-max-limit", "3")
                .build();
        try (ToolSet tools = ToolSet.load(context)) {
            for (int i = 0; i < 4; i++) {
                tools.find("jobs_create").orElseThrow().execute(ToolCall.of(Map.of("command", "true")));
            }
            JobResources resources = JobResources.of(tools).orElseThrow();

            Map<?, ?> first = list(resources, Map.of());
            assertThat((List<?>) first.get("resources")).hasSize(3);
            Map<?, ?> second = list(resources, Map.of("cursor", first.get("nextCursor")));
            assertThat((List<?>) second.get("resources")).hasSize(1);
            assertThat(second.get("nextCursor")).isNull();
        }
    }
}
