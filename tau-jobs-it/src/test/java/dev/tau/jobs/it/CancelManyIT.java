package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.TauJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One jobs_cancel that ends many jobs. */
@Timeout(60)
class CancelManyIT {
    private static JsonNode cancel(JobsHost host, Map<String, ?> arguments) {
        ToolResult result = host.call("jobs_cancel", arguments);
        assertThat(result.reasonCode()).as(result.json()).isEqualTo("jobs_cancel_ok");
        return host.content(result);
    }

    @Test
    @TauJobs("jobs-workers=1")
    void thoseThatAreNamed(JobsHost host) {
        String runs = host.shell("sleep 300");
        host.awaitStatus(runs, "running");
        String waits = host.shell("sleep 300");
        String stays = host.shell("true");

        JsonNode answer = cancel(host, Map.of("job_ids", List.of(runs, waits, "job-0-0000", waits)));

        assertThat(answer.path("count").asInt()).isEqualTo(2);
        assertThat(answer.path("statuses").path(runs).asString()).isEqualTo("running");
        assertThat(answer.path("statuses").path(waits).asString()).isEqualTo("cancelled");
        assertThat(answer.path("not_found").toString()).isEqualTo("[\"job-0-0000\"]");
        assertThat(host.awaitEnd(runs).path("job").path("status").asString()).isEqualTo("cancelled");
        assertThat(host.awaitEnd(stays).path("job").path("status").asString()).isEqualTo("succeeded");
        host.awaitNoProcessOf(runs);
    }

    @Test
    @TauJobs("jobs-workers=2")
    void allThatHaveNotEndedAndNoneStartsMeanwhile(JobsHost host) {
        List<String> running = List.of(host.shell("sleep 300"), host.shell("sleep 300"));
        for (int i = 0; i < 98; i++) {
            host.shell("sleep 300");
        }
        running.forEach(id -> host.awaitStatus(id, "running"));

        assertThat(cancel(host, Map.of("status", "active")).path("count").asInt())
                .isEqualTo(100);

        for (String id : host.list(Map.of("limit", 100)).path("jobs").findValuesAsString("job_id")) {
            assertThat(host.awaitEnd(id).path("job").path("status").asString()).isEqualTo("cancelled");
        }
        assertThat(host.list(Map.of()).path("health").path("started_total").asInt())
                .isEqualTo(2);
    }

    /** One that waits for another fails if that one is cancelled first. */
    @ParameterizedTest
    @ValueSource(strings = {"job_ids", "queued", "active"})
    @TauJobs("jobs-workers=1")
    void thoseThatWaitForEachOtherAreCancelledToo(String how, JobsHost host) {
        List<String> chain = new ArrayList<>();
        chain.add(host.create(Map.of("command", "true", "delay_ms", 3_600_000)));
        for (int i = 0; i < 20; i++) {
            chain.add(host.create(Map.of("command", "true", "after", List.of(chain.get(i)))));
        }
        cancel(host, how.equals("job_ids") ? Map.of("job_ids", chain) : Map.of("status", how));
        for (String id : chain) {
            assertThat(host.awaitEnd(id).path("job").path("status").asString()).isEqualTo("cancelled");
        }
    }

    @Test
    @TauJobs("jobs-workers=1")
    void onlyThoseThatWait(JobsHost host) {
        String runs = host.shell("sleep 300");
        host.awaitStatus(runs, "running");
        host.shell("sleep 300");

        assertThat(cancel(host, Map.of("status", "queued")).path("count").asInt())
                .isEqualTo(1);
        assertThat(host.job(runs).path("status").asString()).isEqualTo("running");
    }

    @Test
    @TauJobs
    void mistakesNameTheRule(JobsHost host) {
        assertThat(error(host, Map.of())).isEqualTo("job_id is required, or job_ids or status in its place");
        assertThat(cancel(host, Map.of("job_ids", List.of())).path("count").asInt())
                .isZero();
        assertThat(error(host, Map.of("job_id", "a", "status", "active")))
                .isEqualTo("only one of job_id, job_ids and status may be given");
        assertThat(error(host, Map.of("status", "succeeded"))).isEqualTo("status must be queued, running or active");
        assertThat(error(host, Map.of("job_ids", List.of("../x")))).contains("each of job_ids must be");
        assertThat(error(host, Map.of("job_ids", java.util.Collections.nCopies(1_001, "a"))))
                .isEqualTo("job_ids must not have more than 1000 elements");
    }

    private static String error(JobsHost host, Map<String, ?> arguments) {
        ToolResult result = host.call("jobs_cancel", arguments);
        assertThat(result.reasonCode()).isEqualTo("jobs_invalid_arguments");
        return host.content(result).path("error").asString();
    }
}
