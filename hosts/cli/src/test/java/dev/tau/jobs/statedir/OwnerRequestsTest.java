package dev.tau.jobs.statedir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.FileJobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerRequestsTest {
    private static final JobId ID = new JobId("job-1-0001");
    private static final JobRecord JOB = JobRecord.created(
            new JobSpec(ID, "true", List.of(), Map.of(), null, 10, 10, 1, JobTrace.NONE, JobOptions.NONE));

    @TempDir
    Path dir;

    private Path request;

    @BeforeEach
    void oneJobWaits() throws IOException {
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 1_000, 2)) {
            store.load();
            store.save(JOB);
        }
        request = dir.resolve("requests/job-1-0001.cancel");
    }

    private StateDirReader reader() throws IOException {
        return StateDirReader.open(
                ToolContext.builder().setting("jobs-state-dir", dir.toString()).build());
    }

    @Test
    void aRequestThatNobodyTakesWaitsForTheNextOwner() throws Exception {
        assertThat(reader().requests().cancel(ID.value(), Duration.ofMillis(1))).hasValueSatisfying(answer -> {
            assertThat(answer.taken()).isFalse();
            assertThat(answer.job()).containsEntry("status", "queued");
        });
        assertThat(request).exists();
    }

    @Test
    void aJobThatIsNotThereIsNoneWhateverItsName() throws Exception {
        for (String id : List.of("job-1-0002", "../outside")) {
            assertThat(reader().requests().cancel(id, Duration.ofMillis(1))).isEmpty();
        }
        assertThat(dir.resolve("requests")).isEmptyDirectory();
    }

    /** The owner takes the request, and removes the job as an old one before anybody looks again. */
    @Test
    void aJobThatIsRemovedMeanwhileIsNone() throws Exception {
        Queue<JobRecord> seen = new ArrayDeque<>(List.of(JOB));
        OwnerRequests requests = new OwnerRequests(dir, new JacksonJsonCodec(), id -> Optional.ofNullable(seen.poll()));

        assertThat(requests.cancel(ID.value(), Duration.ofMillis(1))).isEmpty();
        assertThat(request).exists();
    }

    /** A kill came before the manifest showed it; nobody owns the directory. */
    @Test
    void aJobThatStandsInTheJournalAloneCanBeAskedFor(@TempDir Path kept) throws Exception {
        Path journal = dir.resolve("journal");
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 1_000, 2)) {
            store.load();
            store.save(JOB);
            try (Stream<Path> segments = Files.list(journal)) {
                for (Path segment : segments.toList()) {
                    Files.copy(segment, kept.resolve(segment.getFileName()));
                }
            }
        }
        try (Stream<Path> segments = Files.list(kept)) {
            for (Path segment : segments.toList()) {
                Files.copy(segment, journal.resolve(segment.getFileName()));
            }
        }
        Files.delete(dir.resolve("jobs/job-1-0001.json"));

        assertThat(reader().requests().cancel(ID.value(), Duration.ofMillis(1))).isPresent();
        assertThat(request).exists();
    }
}
