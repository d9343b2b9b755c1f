package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.TauJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the four answers hold: what the wire format names, whatever has been added since. */
@TauJobs({"no-session=true", "jobs-workers=1"})
class ResultsIT {
    private static final String[] JOB = {
        "job_id",
        "command",
        "args",
        "cwd",
        "env_keys",
        "status",
        "reason_code",
        "created_unix_ms",
        "updated_unix_ms",
        "started_unix_ms",
        "finished_unix_ms",
        "exit_code",
        "error",
        "requested_timeout_ms",
        "effective_timeout_ms",
        "cancellation_requested"
    };
    private static final String[] HEALTH = {
        "updated_unix_ms",
        "queue_depth",
        "running_jobs",
        "created_total",
        "started_total",
        "succeeded_total",
        "failed_total",
        "cancelled_total",
        "last_job_id",
        "last_reason_code",
        "reason_codes",
        "diagnostics"
    };

    private static void assertAnswer(JsonNode answer, String tool, String code) {
        assertThat(answer.path("tool").asString()).isEqualTo(tool);
        assertThat(answer.path("reason_code").asString()).isEqualTo(code);
    }

    private static List<String> names(JsonNode object) {
        return new ArrayList<>(object.propertyNames());
    }

    private static void assertJob(JsonNode job) {
        assertThat(names(job)).as("additions stand among them").containsSubsequence(JOB);
    }

    private static void assertHealth(JsonNode health) {
        assertThat(names(health)).contains(HEALTH).doesNotContain("schema_version");
    }

    @Test
    void createdAndListedAndCancelled(JobsHost host) {
        JsonNode created = host.content(host.call(
                "jobs_create", Map.of("command", "true", "env", Map.of("SECRET", "value"), "timeout_ms", 5_000)));
        assertAnswer(created, "jobs_create", "job_queued");
        assertJob(created.path("job"));
        assertThat(created.path("job").path("env_keys").toString()).isEqualTo("[\"SECRET\"]");
        assertThat(created.path("job").path("requested_timeout_ms").asInt()).isEqualTo(5_000);
        assertThat(created.path("job").path("effective_timeout_ms").asInt()).isEqualTo(5_000);
        assertHealth(created.path("health"));
        String id = created.path("job").path("job_id").asString();
        assertThat(created.path("health").path("last_job_id").asString()).isEqualTo(id);

        JsonNode ended = host.awaitEnd(id);
        assertAnswer(ended, "jobs_status", "jobs_status_ok");
        assertJob(ended.path("job"));
        assertThat(names(ended)).contains("stdout_preview", "stderr_preview");
        assertThat(ended.path("output_preview_bytes").asInt()).isEqualTo(2_000);
        assertThat(ended.path("job").path("stdout_path").asString())
                .isEqualTo(JobsHost.jobFile(host.root(), id, ".stdout.log").toString());
        assertThat(ended.path("job").path("stderr_path").asString())
                .isEqualTo(JobsHost.jobFile(host.root(), id, ".stderr.log").toString());
        assertThat(ended.path("job").path("updated_unix_ms").asLong())
                .isEqualTo(ended.path("job").path("finished_unix_ms").asLong());

        JsonNode cancelled = host.cancel(id);
        assertAnswer(cancelled, "jobs_cancel", "jobs_cancel_ok");
        assertThat(cancelled.path("job").path("status").asString())
                .as("one that had ended stays as it is")
                .isEqualTo("succeeded");
        assertHealth(cancelled.path("health"));
    }

    @Test
    void aListHas20UnlessToldAndEndsByItsLimit(JobsHost host) {
        String blocker = host.shell("sleep 300");
        host.awaitStatus(blocker, "running");
        List<String> ids = new ArrayList<>(List.of(blocker));
        for (int i = 0; i < 21; i++) {
            ids.add(host.create(Map.of("command", "true")));
        }
        host.cancel(ids.get(5));
        JsonNode list = host.list(Map.of());
        assertAnswer(list, "jobs_list", "jobs_list_ok");
        assertThat(list.path("limit").asInt()).isEqualTo(20);
        assertThat(list.path("count").asInt()).isEqualTo(20);
        assertThat(list.path("jobs")).hasSize(20).allSatisfy(ResultsIT::assertJob);
        assertThat(list.path("status").isNull()).isTrue();
        assertHealth(list.path("health"));
        for (String word : List.of("cancelled", "canceled")) {
            assertThat(host.list(Map.of("status", word)).path("jobs").findValuesAsString("job_id"))
                    .containsExactly(ids.get(5));
        }
        assertThat(host.list(Map.of("status", "terminal")).path("jobs").findValuesAsString("job_id"))
                .containsExactly(ids.get(5));
        assertThat(host.list(Map.of("status", "queued", "limit", 200))
                        .path("count")
                        .asInt())
                .isEqualTo(20);
    }

    @Test
    void anErrorNamesTheJobWhereThereIsOne(JobsHost host) {
        for (String tool : List.of("jobs_status", "jobs_cancel")) {
            JsonNode missing = host.content(host.call(tool, Map.of("job_id", "job-1-0001")));
            assertAnswer(missing, tool, "job_not_found");
            assertThat(missing.path("job_id").asString()).isEqualTo("job-1-0001");
            assertThat(missing.path("error").asString()).contains("job-1-0001");
        }
    }
}
