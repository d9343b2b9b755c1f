package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.OutputSizes.Stream;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written is read again, and what is ours is left out where there is nothing to say. */
class ManifestLawsTest {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final Path OUT = Path.of("out");
    private static final Path ERR = Path.of("err");
    private static final JobRecord RUNNING =
            Jobs.after(Jobs.running("job-1-0001", 1), new Happening.Spawned(new ProcessIdentity(7, "boot:1")));

    private final JacksonJsonCodec codec = new JacksonJsonCodec();

    private JobRecord writtenAndRead(JobRecord job) throws IOException {
        return ManifestFormat.read(codec.read(ManifestFormat.encode(job, 0, OUT, ERR, codec)));
    }

    private static Map<String, @Nullable Object> written(JobRecord job) {
        return ManifestFormat.write(job, OUT, ERR);
    }

    private static JobRecord readWith(JobRecord job, String member, Object value) throws IOException {
        Map<String, @Nullable Object> map = new HashMap<>(written(job));
        map.put(member, value);
        return ManifestFormat.read(map);
    }

    @Provide
    Arbitrary<JobRecord> jobs() {
        Arbitrary<JobSpec> specs = Combinators.combine(
                        Arbitraries.strings().list().ofMaxSize(3),
                        Arbitraries.maps(Arbitraries.strings(), Arbitraries.strings())
                                .ofMaxSize(3),
                        Arbitraries.strings().injectNull(0.5),
                        Arbitraries.longs().between(1, Long.MAX_VALUE),
                        Arbitraries.longs().between(0, Long.MAX_VALUE - 10))
                .as((args, env, text, timeout, created) -> new JobSpec(
                        Jobs.queued("job-1-0001", 1).id(),
                        "true",
                        args,
                        env,
                        text,
                        timeout,
                        timeout,
                        created,
                        new JobTrace(
                                text,
                                text == null ? "t" : null,
                                text,
                                text == null ? "s" : null,
                                text == null ? null : TRACEPARENT),
                        JobOptions.NONE));
        Arbitrary<Happening> happenings = Arbitraries.of(
                new Happening.Spawned(new ProcessIdentity(7, "boot:1")),
                new Happening.CancelRequested(),
                new Happening.RuntimeRestarted(5, OutputSizes.NONE),
                new Happening.RuntimeRestarted(
                        5, new OutputSizes(new Stream(5, false, false), new Stream(0, false, false))),
                new Happening.Exited(0),
                new Happening.Exited(-1),
                new Happening.SpawnFailed("absent"));
        return Combinators.combine(
                        specs,
                        happenings,
                        happenings,
                        streams(),
                        streams(),
                        Arbitraries.integers().between(0, Integer.MAX_VALUE))
                .as((spec, first, second, stdout, stderr, strays) -> {
                    JobRecord job = Jobs.after(JobRecord.created(spec), new Happening.Started(), first);
                    boolean goesOn = job.state().process() != null && !(second instanceof Happening.Spawned);
                    JobRecord last = goesOn ? Jobs.after(job, second) : job;
                    return last.status().isTerminal() ? last.measured(new OutputSizes(stdout, stderr), strays) : last;
                });
    }

    private static Arbitrary<Stream> streams() {
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        return Combinators.combine(Arbitraries.longs().greaterOrEqual(0), flags, flags)
                .as(Stream::new);
    }

    @Property
    void a_job_that_is_written_is_read_as_the_same_job(@ForAll("jobs") JobRecord job) throws IOException {
        assertThat(writtenAndRead(job)).isEqualTo(job);
    }

    @Test
    void the_sizes_of_both_outputs_are_written_and_a_lower_bound_only_where_it_is_one() {
        JobRecord job = RUNNING.measured(new OutputSizes(new Stream(5, true, true), new Stream(6, false, false)), 0);

        assertThat(written(job))
                .containsEntry("stdout_bytes", 5L)
                .containsEntry("stdout_truncated", true)
                .containsEntry("stdout_bytes_is_lower_bound", true)
                .containsEntry("stderr_bytes", 6L)
                .containsEntry("stderr_truncated", false)
                .doesNotContainKey("stderr_bytes_is_lower_bound");
    }

    @Test
    void what_is_ours_is_left_out_where_there_is_nothing_to_say() {
        assertThat(written(Jobs.queued("job-1-0001", 1)))
                .doesNotContainKeys(
                        "recoveries",
                        "process",
                        "stdout_bytes",
                        "stderr_bytes",
                        "stdout_lost_bytes",
                        "stderr_lost_bytes");
        Happening restarted = new Happening.RuntimeRestarted(
                5, new OutputSizes(new Stream(0, false, false), new Stream(3, false, false)));
        JobRecord waits = Jobs.after(RUNNING, restarted);
        assertThat(written(waits))
                .containsEntry("interrupted", Map.of("stdout_bytes", 0L, "stderr_bytes", 3L))
                .doesNotContainKeys("stdout_lost", "stderr_lost");
        JobRecord runs =
                Jobs.after(waits, new Happening.Started(), new Happening.Spawned(new ProcessIdentity(8, "boot:1")));
        assertThat(written(runs))
                .containsEntry("stderr_lost", List.of(Map.of("position", 0L, "bytes", 3L)))
                .doesNotContainKeys("stdout_lost", "interrupted");
        assertThat(written(RUNNING)).containsEntry("process", Map.of("pid", 7L, "start", "boot:1"));
        assertThat(written(Jobs.after(RUNNING, new Happening.RuntimeRestarted(5, OutputSizes.NONE))))
                .containsEntry("recoveries", 1);
    }

    @Test
    void sizes_that_are_not_known_of_both_outputs_are_not_known() throws IOException {
        assertThat(readWith(RUNNING, "stdout_bytes", 1).state().output()).isNull();
        assertThat(readWith(RUNNING, "stderr_bytes", 1).state().output()).isNull();
    }

    @Test
    void a_process_without_pid_or_start_is_no_process() throws IOException {
        assertThat(readWith(RUNNING, "process", Map.of("pid", 7)).state().process())
                .isNull();
        assertThat(readWith(RUNNING, "process", Map.of("start", "boot:1"))
                        .state()
                        .process())
                .isNull();
    }

    @Test
    void any_exit_code_of_an_int_is_read_and_none_beyond() throws IOException {
        for (int code : new int[] {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE}) {
            assertThat(readWith(RUNNING, "exit_code", code).state().exitCode()).isEqualTo(code);
        }
        for (long code : new long[] {Integer.MIN_VALUE - 1L, Integer.MAX_VALUE + 1L}) {
            assertThatThrownBy(() -> readWith(RUNNING, "exit_code", code)).hasMessageContaining("exit_code");
        }
    }

    @Test
    void more_recoveries_than_can_be_counted_still_give_the_job_up() throws IOException {
        JobRecord job = readWith(RUNNING, "recoveries", Long.MAX_VALUE);

        assertThat(Jobs.after(job, new Happening.RuntimeRestarted(3, OutputSizes.NONE))
                        .state()
                        .error())
                .contains("gave up");
    }

    @Test
    void an_unknown_code_is_refused_by_name() {
        assertThatThrownBy(() -> readWith(RUNNING, "reason_code", "job_lost"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("reason_code");
    }

    @Test
    void a_manifest_that_could_not_be_read_again_is_not_written() throws IOException {
        int rest = ManifestFormat.encode(withError(""), 0, OUT, ERR, codec).length;
        JobRecord longest = withError("x".repeat(JsonCodec.MAX_BYTES - rest));

        byte[] file = ManifestFormat.encode(longest, 0, OUT, ERR, codec);
        assertThat(file).hasSize(JsonCodec.MAX_BYTES).endsWith('\n');
        assertThat(ManifestFormat.read(codec.read(file))).isEqualTo(longest);
        JobRecord longer = withError("x".repeat(JsonCodec.MAX_BYTES - rest + 1));
        assertThatThrownBy(() -> ManifestFormat.encode(longer, 0, OUT, ERR, codec))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("job-1-0001");
    }

    private static JobRecord withError(String error) {
        return Jobs.after(RUNNING, new Happening.SpawnFailed(error));
    }
}
