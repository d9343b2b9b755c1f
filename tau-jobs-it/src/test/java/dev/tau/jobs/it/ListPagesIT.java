package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.TauJobs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
@TauJobs
class ListPagesIT {

    private static List<String> all(JobsHost host, Map<String, ?> filter, int limit) {
        List<String> ids = new ArrayList<>();
        Map<String, Object> arguments = new HashMap<>(filter);
        arguments.put("limit", limit);
        while (true) {
            JsonNode page = host.list(arguments);
            assertThat(page.path("count").asInt()).isLessThanOrEqualTo(limit);
            ids.addAll(page.path("jobs").findValuesAsString("job_id"));
            if (!page.has("next_cursor")) {
                return ids;
            }
            arguments.put("cursor", page.path("next_cursor").asString());
        }
    }

    @Test
    void pagesAreTheListThoughJobsAreAddedMeanwhile(JobsHost host) {
        for (int i = 0; i < 11; i++) {
            host.create(Map.of("command", "true", "label", i % 2 == 0 ? "even" : "odd"));
        }
        List<String> ids = host.list(Map.of("limit", 100)).path("jobs").findValuesAsString("job_id");
        assertThat(ids).hasSize(11);
        assertThat(all(host, Map.of(), 3)).isEqualTo(ids);
        assertThat(all(host, Map.of(), 11)).isEqualTo(ids);
        assertThat(all(host, Map.of("label", "even"), 2))
                .hasSize(6)
                .allSatisfy(
                        id -> assertThat(host.job(id).path("label").asString()).isEqualTo("even"));
        JsonNode first = host.list(Map.of("limit", 4));
        host.create(Map.of("command", "true"));
        JsonNode second =
                host.list(Map.of("limit", 4, "cursor", first.path("next_cursor").asString()));
        assertThat(second.path("jobs").findValuesAsString("job_id")).isEqualTo(ids.subList(4, 8));
    }

    @Test
    void jobsOfATimeAreFound(JobsHost host) {
        String id = host.create(Map.of("command", "true"));
        long created = host.job(id).path("created_unix_ms").asLong();
        assertThat(all(host, Map.of("since_unix_ms", created), 5)).containsExactly(id);
        assertThat(all(host, Map.of("since_unix_ms", created + 1), 5)).isEmpty();
        assertThat(all(host, Map.of("until_unix_ms", created + 1), 5)).containsExactly(id);
        assertThat(all(host, Map.of("until_unix_ms", created), 5)).isEmpty();
    }

    @Test
    void aCursorThatIsNoneIsRefused(JobsHost host) {
        for (String cursor : List.of("x", "1:", ":job-1-0001", "1:../x", "99999999999999999999:a")) {
            JsonNode answer = host.content(host.call("jobs_list", Map.of("cursor", cursor)));
            assertThat(answer.path("reason_code").asString()).as(cursor).isEqualTo("jobs_invalid_arguments");
            assertThat(answer.path("error").asString()).contains("cursor", "next_cursor");
        }
    }
}
