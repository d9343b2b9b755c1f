package dev.tau.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.store.FileJobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state dir as a kill leaves it between the journal and the manifests. */
class JournalCheckTest {
    @TempDir
    Path outer;

    private Path dir;

    private static JobRecord job(int number) {
        return JobRecord.created(new JobSpec(
                new JobId("job-1-000" + number),
                "true",
                List.of(),
                Map.of(),
                null,
                10,
                10,
                1,
                JobTrace.NONE,
                JobOptions.NONE));
    }

    @BeforeEach
    void twoJobsOfWhichOneIsOnlyInTheJournal() throws IOException {
        dir = outer.toRealPath().resolve("state");
        Path kept = Files.createDirectory(outer.resolve("kept"));
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 1_000, 2)) {
            store.load();
            store.save(job(1));
            store.save(job(2));
            store.saveSnapshot(
                    new Snapshot(1, 2, 0, 2, 0, 0, 0, 0, "", "", List.of(), List.of(), Snapshot.Removed.NONE));
            copy(dir.resolve("journal"), kept);
        }
        copy(kept, dir.resolve("journal"));
        Files.delete(manifest(2));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private Path manifest(int number) {
        return dir.resolve("jobs/job-1-000" + number + ".json");
    }

    private StateDirDoctor doctor() throws IOException {
        return new StateDirDoctor(
                dir, Duration.ofSeconds(1), ProcessTable.ofPlatform(), InstantSource.system(), new JacksonJsonCodec());
    }

    @Test
    void a_manifest_that_lags_behind_is_named_and_counted_as_the_journal_says() throws IOException {
        assertThat(doctor().examine().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.LAGGING);
            assertThat(finding.what()).endsWith("showed what is in the journal: job-1-0002.");
        });
        assertThat(manifest(2)).doesNotExist();
    }

    @Test
    void one_that_a_power_cut_broke_is_not_called_broken() throws IOException {
        Files.write(manifest(2), new byte[100]);
        Files.setPosixFilePermissions(
                manifest(2), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        assertThat(doctor().examine().findings()).extracting(Finding::kind).containsExactly(Kind.LAGGING);
    }

    @Test
    void it_is_written_by_a_repair_which_empties_the_journal() throws IOException {
        assertThat(doctor().repair().problems()).isZero();
        assertThat(manifest(2)).content().contains("\"job_id\": \"job-1-0002\"");
        assertThat(dir.resolve("journal")).isEmptyDirectory();
        assertThat(doctor().examine().findings()).isEmpty();
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 1_000, 2)) {
            assertThat(store.load().jobs()).containsExactly(job(1), job(2));
        }
    }

    @Test
    void what_is_no_part_of_the_journal_is_named_and_put_aside() throws IOException {
        doctor().repair();
        Files.createSymbolicLink(dir.resolve("journal/0000000000000500.log"), outer.resolve("outside"));
        Files.createDirectory(dir.resolve("journal/.x"));
        assertThat(doctor().examine().findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.ODD_FILE, Kind.ODD_FILE);
        assertThat(doctor().repair().problems()).isZero();
        assertThat(dir.resolve("journal")).isEmptyDirectory();
    }

    @Test
    void a_journal_whose_manifests_are_all_there_is_in_order() throws IOException {
        doctor().repair();
        Files.writeString(dir.resolve("journal/0000000000000077.log"), "torn");
        Files.setPosixFilePermissions(
                dir.resolve("journal/0000000000000077.log"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        assertThat(doctor().examine().findings()).isEmpty();
    }
}
