package dev.tau.jobs.statedir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.LostOutput;
import dev.tau.jobs.job.ReasonCode;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.store.ManifestReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitingTest {
    private static final String ATTEMPT =
            ", \"retries\": 2, \"attempts\": [{\"reason_code\": \"job_timeout\", \"exit_code\": null, "
                    + "\"started_unix_ms\": 2, \"finished_unix_ms\": 3, \"stdout_end\": 0, \"stderr_end\": 0}]";
    private static final String AFTER = ", \"after\": [\"job-1-0001\", \"job-1-0002\"]";

    /** Queued at 1,000 ms. */
    private static JobRecord queued(String rest) throws IOException {
        String manifest = """
                {"schema_version": 1, "job_id": "job-1-0009", "command": "echo", "args": [], "env": {}, "cwd": null,
                "requested_timeout_ms": 20000, "effective_timeout_ms": 20000, "status": "queued",
                "reason_code": "job_queued", "created_unix_ms": 1, "updated_unix_ms": 1000, "started_unix_ms": null,
                "finished_unix_ms": null, "exit_code": null, "error": null, "cancellation_requested": false,
                "trace": {}%s}
                """.formatted(rest);
        return ManifestReader.parse(
                Path.of("job-1-0009.json"), new JacksonJsonCodec().read(manifest.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<JobId> waitsFor(JobRecord job, Map<String, JobRecord> others) {
        return Waiting.forOthers(job, id -> Optional.ofNullable(others.get(id.value())));
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void it_waits_for_those_that_have_not_succeeded_or_are_unknown(JobStatus status) throws IOException {
        JobRecord first = queued("");
        JobState state = new JobState(
                status,
                ReasonCode.JOB_QUEUED,
                1,
                1L,
                1L,
                null,
                null,
                false,
                0,
                null,
                null,
                0,
                List.of(),
                LostOutput.NONE,
                null);
        JobRecord other = new JobRecord(first.spec(), state, first.unknown());
        List<JobId> waits = waitsFor(queued(AFTER), Map.of("job-1-0001", other));
        assertThat(waits)
                .containsExactlyElementsOf(
                        status == JobStatus.SUCCEEDED
                                ? List.of(new JobId("job-1-0002"))
                                : List.of(new JobId("job-1-0001"), new JobId("job-1-0002")));
    }

    /** It did so before its first run. */
    @Test
    void who_has_run_waits_for_nobody() throws IOException {
        assertThat(waitsFor(queued(AFTER + ", \"recoveries\": 1"), Map.of())).isEmpty();
        assertThat(waitsFor(queued(AFTER + ATTEMPT), Map.of())).isEmpty();
    }

    @Test
    void it_may_be_started_when_it_is_queued_and_its_time_and_its_pause_are_over() throws IOException {
        assertThat(Waiting.since(queued(""))).isEqualTo(1_000);
        assertThat(Waiting.since(queued(", \"not_before_unix_ms\": 5000"))).isEqualTo(5_000);
        assertThat(Waiting.since(queued(ATTEMPT))).isEqualTo(61_000);
    }
}
