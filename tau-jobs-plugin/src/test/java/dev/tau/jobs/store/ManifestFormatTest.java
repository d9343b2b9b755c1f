package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.job.Attempt;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.ReasonCode;
import dev.tau.jobs.json.JacksonJsonCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestFormatTest {
    /** A manifest as the original wrote it, to the byte. */
    private static final String ORIGINAL = """
            {
              "schema_version": 1,
              "job_id": "job-1795462833709-0004",
              "command": "sleep",
              "args": [
                "30"
              ],
              "env": {
                "BUILD_MODE": "release"
              },
              "cwd": null,
              "requested_timeout_ms": 150,
              "effective_timeout_ms": 150,
              "status": "failed",
              "reason_code": "job_timeout",
              "created_unix_ms": 1795462833709,
              "updated_unix_ms": 1795462833927,
              "started_unix_ms": 1795462833756,
              "finished_unix_ms": 1795462833927,
              "exit_code": null,
              "error": "job exceeded timeout of 150ms",
              "cancellation_requested": false,
              "stdout_path": ".tau/jobs/jobs/job-1795462833709-0004.stdout.log",
              "stderr_path": ".tau/jobs/jobs/job-1795462833709-0004.stderr.log",
              "trace": {
                "channel_store_root": null,
                "channel_transport": null,
                "channel_id": null,
                "session_path": null
              }
            }""";

    private final JacksonJsonCodec codec = new JacksonJsonCodec();

    private JobRecord read(String text) throws Exception {
        return ManifestFormat.read(codec.read(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String write(JobRecord job) {
        Path jobs = Path.of(".tau/jobs/jobs");
        return new String(
                codec.write(
                        ManifestFormat.write(
                                job, jobs.resolve(job.id() + ".stdout.log"), jobs.resolve(job.id() + ".stderr.log")),
                        true),
                StandardCharsets.UTF_8);
    }

    @Test
    void what_the_original_wrote_is_written_again_to_the_byte() throws Exception {
        assertThat(write(read(ORIGINAL))).isEqualTo(ORIGINAL);
    }

    @Test
    void unknown_members_are_kept() throws Exception {
        String extended = ORIGINAL.replace("{\n  \"schema", "{\n  \"x_note\": {\"n\": 1.50},\n  \"schema");

        assertThat(codec.read(write(read(extended)).getBytes(StandardCharsets.UTF_8)))
                .containsEntry("x_note", Map.of("n", new java.math.BigDecimal("1.50")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"schema_version\": 1|\"schema_version\": 2|schema_version",
                "\"command\": \"sleep\"|\"command\": \" \"|command",
                "\"requested_timeout_ms\": 150|\"requested_timeout_ms\": 0|requested_timeout_ms",
                "\"requested_timeout_ms\": 150|\"requested_timeout_ms\": 1.5|requested_timeout_ms",
                "\"requested_timeout_ms\": 150|\"requested_timeout_ms\": 99999999999999999999|requested_timeout_ms",
                "\"status\": \"failed\"|\"status\": \"lost\"|status",
                "\"exit_code\": null|\"exit_code\": 2147483648|exit_code",
                "\"BUILD_MODE\": \"release\"|\"BUILD_MODE\": 1|env",
                "\"job_id\": \"job-1795462833709-0004\"|\"job_id\": \"../x\"|job_id",
            })
    void what_breaks_a_rule_is_refused_with_the_members_name(String from, String to, String member) {
        assertThat(ORIGINAL).contains(from);
        assertThatThrownBy(() -> read(ORIGINAL.replace(from, to)))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining(member);
    }

    /** Of a job that was tried again, with all that may be asked of it. */
    @Test
    void attempts_and_options_are_read_as_they_are_written() throws Exception {
        String tried = ORIGINAL.replace(
                "{\n  \"schema",
                "{\n  \"label\": \"l\", \"stdin\": \"in\", \"priority\": -3, \"not_before_unix_ms\": 5, "
                        + "\"after\": [\"job-1-0001\"], \"retries\": 2, \"attempts\": ["
                        + "{\"reason_code\": \"job_non_zero_exit\", \"exit_code\": 3, \"started_unix_ms\": 10, "
                        + "\"finished_unix_ms\": 11, \"stdout_end\": 12, \"stderr_end\": 13}, "
                        + "{\"reason_code\": \"job_timeout\", \"exit_code\": null, \"started_unix_ms\": 14, "
                        + "\"finished_unix_ms\": 15, \"stdout_end\": 16, \"stderr_end\": 17}],\n  \"schema");
        JobRecord job = read(tried);
        assertThat(job.spec().options())
                .isEqualTo(new JobOptions("l", "in", -3, 5, List.of(new JobId("job-1-0001")), 2));
        assertThat(job.state().attempts())
                .containsExactly(
                        new Attempt(ReasonCode.JOB_NON_ZERO_EXIT, 3, 10, 11, 12, 13),
                        new Attempt(ReasonCode.JOB_TIMEOUT, null, 14, 15, 16, 17));
        assertThat(read(write(job))).isEqualTo(job);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"attempts\": [{\"reason_code\": \"lost\"}]|reason_code is no lifecycle code",
                "\"attempts\": {}|attempts must be a list",
                "\"after\": [\"../x\"]|after must hold ids",
                "\"priority\": 101|priority must be at most 100",
                "\"priority\": -101|priority must be at least -100"
            })
    void of_attempts_and_options_too(String member, String message) {
        assertThatThrownBy(() -> read(ORIGINAL.replace("{\n  \"schema", "{\n  " + member + ",\n  \"schema")))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_number_is_written_unless_it_is_0_and_read_up_to_the_highest() throws Exception {
        JobRecord job = read(ORIGINAL);
        Path path = Path.of("x");
        assertThat(codec.read(ManifestFormat.encode(job, 0, path, path, codec))).doesNotContainKey("journal_number");
        long highest = JournalEntry.MAX_NUMBER;
        assertThat(ManifestFormat.number(codec.read(ManifestFormat.encode(job, highest, path, path, codec))))
                .isEqualTo(highest);
        assertThatThrownBy(() -> ManifestFormat.number(Map.of("journal_number", highest + 1)))
                .isInstanceOf(InvalidFileException.class);
    }
}
