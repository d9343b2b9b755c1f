package dev.tau.jobs.springai;

import dev.tau.jobs.spi.ToolResult;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up as long as the state dir can be used; says how many jobs wait and run. Unknown if the tools are switched off, which is no fault. */
final class TauJobsHealthIndicator implements HealthIndicator {
    private static final List<String> DETAILS = List.of("queue_depth", "running_jobs", "last_reason_code");

    private final TauJobsTools tools;

    TauJobsHealthIndicator(TauJobsTools tools) {
        this.tools = tools;
    }

    @Override
    public Health health() {
        ToolResult result = tools.call("jobs_list", Map.of("limit", 1));
        if (result.isError()) {
            Health.Builder not = result.reasonCode().equals("jobs_disabled") ? Health.unknown() : Health.down();
            return not.withDetail("reason_code", result.reasonCode())
                    .withDetail("error", String.valueOf(result.content().get("error")))
                    .build();
        }
        Health.Builder up = Health.up();
        if (result.content().get("health") instanceof Map<?, ?> health) {
            for (String name : DETAILS) {
                Object value = health.get(name);
                if (value != null) {
                    up.withDetail(name, value);
                }
            }
        }
        return up.build();
    }
}
