package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.CallSequence;
import dev.tau.jobs.testing.CallSequence.Outcome;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.TauJobsDomain;
import dev.tau.jobs.testing.TauJobsDomain.CreateArguments;
import dev.tau.jobs.testing.TauJobsDomain.HostileArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import tools.jackson.databind.JsonNode;

/** What the kit makes up, against the tools: valid is accepted, hostile is refused, and the counters always add up. */
@Domain(TauJobsDomain.class)
class ArbitrariesIT {
    @SuppressWarnings("NullAway.Init") // set before each property
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private JobsHost host;

    @BeforeProperty
    void open() throws IOException {
        root = Files.createTempDirectory("arbitraries").toRealPath();
        host = JobsHost.open(root, "no-session", "true", "jobs-kill-grace-ms", "200");
    }

    @AfterProperty
    void close() throws IOException {
        host.close();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Property
    void valid_arguments_are_accepted(@ForAll CreateArguments arguments) {
        assertThat(host.create(arguments.map())).startsWith("job-");
    }

    @Property
    void hostile_arguments_are_refused(@ForAll HostileArguments arguments) {
        ToolResult result = host.call("jobs_create", arguments.map());

        assertThat(result.reasonCode()).isEqualTo("jobs_invalid_arguments");
    }

    @Property(tries = 50)
    void any_sequence_of_calls_is_answered_and_counted(@ForAll CallSequence calls) {
        long before = host.list(Map.of()).path("health").path("created_total").asLong();

        Outcome outcome = calls.run(host);

        for (ToolResult result : outcome.results()) {
            assertThat(result.isError() && !result.reasonCode().equals("job_not_found"))
                    .as(result.json())
                    .isFalse();
        }
        outcome.jobIds().forEach(host::awaitEnd);
        JsonNode health = host.list(Map.of()).path("health");
        assertThat(health.path("created_total").asLong())
                .isEqualTo(before + outcome.jobIds().size());
        assertThat(Stream.of("queue_depth", "running_jobs", "succeeded_total", "failed_total", "cancelled_total")
                        .mapToLong(counter -> health.path(counter).asLong())
                        .sum())
                .isEqualTo(health.path("created_total").asLong());
        assertThat(List.of(
                        health.path("queue_depth").asInt(),
                        health.path("running_jobs").asInt()))
                .containsOnly(0);
    }
}
