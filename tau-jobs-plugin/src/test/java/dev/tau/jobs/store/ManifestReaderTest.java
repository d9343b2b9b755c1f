package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {
    private static final JobRecord JOB = Jobs.queued("job-1-0001", 1);
    private static final JobRecord ASKED = Jobs.queued("job-2-0002", 2);

    @TempDir
    Path dir;

    private final JsonCodec codec = new JacksonJsonCodec();
    private FileJobStore store;
    private ManifestReader reader;

    @BeforeEach
    void open() throws IOException {
        store = FileJobStore.open(dir, codec, Disk.local(), 10_000, 5);
        store.load();
        reader = new ManifestReader(dir, codec);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path manifest(String id) {
        return dir.resolve("jobs").resolve(id + ".json");
    }

    @Test
    void jobs_and_what_others_ask_for_are_read_together() throws IOException {
        store.save(JOB);
        store.requests().submit(ASKED);

        assertThat(reader.all().jobs()).containsExactlyInAnyOrder(JOB, ASKED);
        assertThat(reader.get(JOB.id())).contains(JOB);
        assertThat(reader.get(ASKED.id())).contains(ASKED);
        assertThat(reader.exists(JOB.id())).isTrue();
        assertThat(reader.exists(ASKED.id())).isTrue();
    }

    @Test
    void a_request_that_the_owner_took_is_read_once_and_as_the_owner_has_it() throws IOException {
        JobRecord taken = Jobs.after(JOB, new Happening.Started());
        store.requests().submit(JOB);
        store.save(taken);

        assertThat(reader.all().jobs()).containsExactly(taken);
        assertThat(reader.get(JOB.id())).contains(taken);
    }

    @Test
    void a_job_that_is_not_there_is_no_error_and_a_directory_that_is_not_has_no_jobs() throws IOException {
        JobId absent = new JobId("absent");
        ManifestReader nowhere = new ManifestReader(dir.resolve("nowhere"), codec);

        assertThat(reader.get(absent)).isEmpty();
        assertThat(reader.exists(absent)).isFalse();
        assertThat(nowhere.all().jobs()).isEmpty();
        assertThat(nowhere.get(absent)).isEmpty();
    }

    @Test
    void what_cannot_be_read_is_left_out_but_its_id_is_taken() throws IOException {
        store.save(JOB);
        Files.writeString(manifest("broken"), "{");
        Files.createDirectory(manifest("directory"));
        Files.createSymbolicLink(manifest("nothing"), dir.resolve("nothing"));
        Files.copy(manifest(JOB.id().value()), manifest("another-name"));
        Files.copy(manifest(JOB.id().value()), dir.resolve("jobs").resolve(".hidden.json"));
        Files.writeString(dir.resolve("jobs").resolve("job-1-0001.stdout.log"), "output");

        assertThat(reader.all().jobs()).containsExactly(JOB);
        assertThat(reader.exists(new JobId("broken"))).isTrue();
        assertThatThrownBy(() -> reader.get(new JobId("broken"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reader.get(new JobId("another-name"))).hasMessageContaining("file's name");
    }

    @Test
    void a_manifest_that_stayed_the_same_file_is_not_parsed_again_and_a_replaced_one_is() throws IOException {
        store.save(JOB);
        Collection<JobRecord> first = reader.all().jobs();

        assertThat(reader.all().jobs().iterator().next())
                .isSameAs(first.iterator().next());

        JobRecord next = Jobs.after(JOB, new Happening.Started());
        store.save(next);
        assertThat(reader.all().jobs()).containsExactly(next);
    }

    @Test
    void a_manifest_that_went_away_is_forgotten() throws IOException {
        store.save(JOB);
        assertThat(reader.all().jobs()).hasSize(1);
        store.discard(JOB.id());

        assertThat(reader.all().jobs()).isEmpty();
    }

    @Test
    void the_outputs_lie_beside_the_manifest() {
        assertThat(reader.outputs(JOB.id()))
                .containsExactly(dir.resolve("jobs/job-1-0001.stdout.log"), dir.resolve("jobs/job-1-0001.stderr.log"));
    }
}
