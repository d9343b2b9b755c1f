package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start by what the last runtime has left: as if all manifests had been read, and without that as soon as it may be wrong. */
class SummaryTest {
    private static final int ENDED = 300;
    private static final int IN_MEMORY = 32;

    @TempDir
    Path outer;

    private Path dir;
    private JobIndex index;
    private JobStore.Found found;

    private interface Work {
        void on(FileJobStore store) throws IOException;
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Opens, works, and leaves a summary. */
    private void run(Work work) throws IOException {
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 10_000, 5)) {
            found = store.load();
            index = new JobIndex(found.history(), this::read);
            found.jobs().forEach(index::put);
            work.on(store);
            store.summarize(index);
        }
    }

    private Optional<JobRecord> read(JobId id) {
        try {
            return Optional.of(ManifestReader.parse(manifest(id.value()), new JacksonJsonCodec()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path manifest(String id) {
        return dir.resolve("jobs").resolve(id + ".json");
    }

    private static String id(int number) {
        return "job-%d-%04d".formatted(number, number);
    }

    private static JobRecord queued(int number) {
        return Jobs.queued(id(number), number);
    }

    private void save(FileJobStore store, JobRecord job) throws IOException {
        store.save(job);
        index.put(job);
    }

    @BeforeEach
    void manyEndedAndOneQueued() throws IOException {
        dir = outer.toRealPath().resolve("state");
        run(store -> {
            for (int i = 1; i <= ENDED; i++) {
                save(store, Jobs.succeeded(id(i), i));
            }
            save(store, queued(ENDED + 1));
        });
    }

    private List<String> all() {
        return index.newest(Set.of(JobStatus.values()), Integer.MAX_VALUE).stream()
                .map(job -> job.id().value())
                .toList();
    }

    private static List<String> ids(int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i >= to; i--) {
            ids.add(id(i));
        }
        return ids;
    }

    /** Damages a manifest without a change of its directory: who reads it after all puts it aside. */
    private void assertStartReadsOnlyTheNewest(int oldest) throws IOException {
        Files.writeString(manifest(id(oldest)), "{");
        run(store -> {});
        assertThat(manifest(id(oldest))).exists();
    }

    @Test
    void the_newest_and_those_that_live_are_in_memory_and_the_others_in_the_history() throws IOException {
        run(store -> {});
        assertThat(found.jobs()).hasSize(IN_MEMORY + 1);
        assertThat(found.history().size()).isEqualTo(ENDED - IN_MEMORY);
        assertThat(found.history().count(JobStatus.SUCCEEDED)).isEqualTo(ENDED - IN_MEMORY);
        assertThat(found.history().started()).isEqualTo(ENDED - IN_MEMORY);
        assertThat(all()).isEqualTo(ids(ENDED + 1, 1));
        assertThat(index.get(new JobId(id(1)))).isEqualTo(Jobs.succeeded(id(1), 1));
        assertThat(index.get(new JobId("job-0-0000"))).isNull();
        assertThat(index.newest(Set.of(JobStatus.SUCCEEDED), 2 * ENDED)).hasSize(ENDED);
        assertThat(index.newest(Set.of(JobStatus.QUEUED, JobStatus.SUCCEEDED), 3))
                .extracting(job -> job.id().value())
                .isEqualTo(ids(ENDED + 1, ENDED - 1));
        assertStartReadsOnlyTheNewest(1);
    }

    @Test
    void it_is_the_same_from_start_to_start() throws IOException {
        for (int i = 0; i < 3; i++) {
            run(store -> {});
            assertThat(all()).isEqualTo(ids(ENDED + 1, 1));
        }
        run(store -> {
            save(store, Jobs.succeeded(id(ENDED + 1), ENDED + 1));
            remove(store, 1);
        });
        run(store -> {});
        assertThat(all()).isEqualTo(ids(ENDED + 1, 2));
        assertThat(found.history().endedFirst(1)).containsExactly(History.Entry.of(Jobs.succeeded(id(2), 2)));
        assertThat(found.jobs()).extracting(JobRecord::status).containsOnly(JobStatus.SUCCEEDED);
    }

    /** Whatever another program, or a person, has done to the manifests. */
    @Test
    void a_directory_that_has_changed_since_is_read_whole() throws IOException {
        for (Change change : List.<Change>of(
                () -> Files.delete(manifest(id(5))),
                () -> Files.move(manifest(id(6)), dir.resolve("aside")),
                () -> Files.move(dir.resolve("aside"), manifest(id(6))),
                () -> {
                    Path temporary = dir.resolve("jobs/.new.tmp");
                    Files.write(
                            temporary,
                            ManifestFormat.encode(queued(7), 0, Path.of("o"), Path.of("e"), new JacksonJsonCodec()));
                    Files.move(temporary, manifest(id(7)), StandardCopyOption.REPLACE_EXISTING);
                })) {
            run(store -> {});
            change.make();
            run(store -> {});
            try (Stream<Path> files = Files.list(dir.resolve("jobs"))) {
                assertThat(all()).hasSize((int)
                        files.filter(file -> file.toString().endsWith(".json")).count());
            }
        }
        assertThat(index.get(new JobId(id(7)))).isEqualTo(queued(7));
        assertThat(index.get(new JobId(id(5)))).isNull();
    }

    @Test
    void one_that_was_killed_leaves_none_that_counts() throws IOException {
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 10_000, 5)) {
            store.load();
            store.save(queued(ENDED + 2));
        }
        run(store -> {});
        assertThat(all()).isEqualTo(ids(ENDED + 2, 1));
    }

    /** In the journal alone: the directory of the manifests has not changed. */
    @Test
    void what_only_the_journal_says_is_found_all_the_same() throws IOException {
        WatchedDisk disk = new WatchedDisk();
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), disk, 10_000, 5)) {
            store.load();
            store.commit(queued(ENDED + 2));
            disk.failing("syncDirectory jobs", "write");
        }
        assertThat(manifest(id(ENDED + 2))).doesNotExist();
        run(store -> {});
        assertThat(all()).isEqualTo(ids(ENDED + 2, 1));
    }

    @Test
    void one_that_is_damaged_or_none_at_all_costs_time_alone() throws IOException {
        byte[] whole = Files.readAllBytes(dir.resolve("jobs.index"));
        for (int length : new int[] {0, 7, 8, 20, 40, whole.length / 2, whole.length - 1}) {
            Files.write(dir.resolve("jobs.index"), java.util.Arrays.copyOf(whole, length));
            run(store -> {});
            assertThat(all()).isEqualTo(ids(ENDED + 1, 1));
        }
        whole[whole.length / 2] ^= 1;
        Files.write(dir.resolve("jobs.index"), whole);
        run(store -> {});
        assertThat(all()).isEqualTo(ids(ENDED + 1, 1));
        Files.delete(dir.resolve("jobs.index"));
        Files.createSymbolicLink(dir.resolve("jobs.index"), dir.resolve("nowhere"));
        run(store -> {});
        assertThat(all()).isEqualTo(ids(ENDED + 1, 1));
    }

    @Test
    void a_manifest_that_was_refused_is_refused_again() throws IOException {
        Files.writeString(manifest("job-newer"), "{\"schema_version\": 2, \"job_id\": \"job-newer\"}");
        for (int i = 0; i < 2; i++) {
            run(store -> {});
            assertThat(found.refused()).containsOnlyKeys("job-newer");
        }
    }

    /** The next start is to delete it, and so has to look. */
    @Test
    void after_a_temporary_file_was_left_behind_all_is_read() throws IOException {
        WatchedDisk disk = new WatchedDisk();
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), disk, 10_000, 5)) {
            found = store.load();
            index = new JobIndex(found.history(), this::read);
            found.jobs().forEach(index::put);
            disk.failing("rename", "delete");
            save(store, queued(ENDED + 2));
            disk.failing();
            store.publish();
            store.summarize(index);
        }
        run(store -> {});
        try (Stream<Path> files = Files.list(dir.resolve("jobs"))) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
        }
        assertThat(all()).isEqualTo(ids(ENDED + 2, 1));
    }

    private long number(int job) throws IOException {
        return ManifestFormat.number(new JacksonJsonCodec().read(Files.readAllBytes(manifest(id(job)))));
    }

    @Test
    void the_next_changes_have_higher_numbers() throws IOException {
        run(store -> save(store, queued(ENDED + 2)));
        assertThat(number(ENDED + 2)).isGreaterThan(number(ENDED + 1));
        // Also where the highest one is that of a job that is gone.
        long before = number(ENDED + 2);
        run(store -> remove(store, ENDED + 2));
        run(store -> save(store, queued(ENDED + 3)));
        assertThat(number(ENDED + 3)).isGreaterThan(before);
    }

    private void remove(FileJobStore store, int job) throws IOException {
        index.remove(new JobId(id(job)));
        store.removeHistory(List.of(new JobId(id(job))));
    }

    @Test
    void a_stamp_differs_from_the_time_that_any_change_leaves() throws IOException {
        Path some = Files.createDirectory(outer.resolve("some"));
        FileTime stamp = Summary.stamp(some);
        assertThat(Files.getLastModifiedTime(some)).isEqualTo(stamp);
        Files.createFile(some.resolve("file"));
        assertThat(Files.getLastModifiedTime(some)).isGreaterThan(stamp);
    }

    @Test
    void without_one_memory_has_the_same_jobs() throws IOException {
        Files.delete(dir.resolve("jobs.index"));
        run(store -> {});
        assertThat(found.jobs())
                .extracting(job -> job.id().value())
                .containsExactlyInAnyOrderElementsOf(ids(ENDED + 1, ENDED - IN_MEMORY + 1));
        assertThat(found.history().size()).isEqualTo(ENDED - IN_MEMORY);
    }

    /** By the snapshot alone, or by the journal: the directory of the manifests has not changed. */
    @Test
    void a_job_whose_removal_a_crash_cut_short_is_not_in_the_history() throws IOException {
        run(store -> store.saveSnapshot(new Snapshot(
                1, 0, 0, 1, 1, 1, 0, 0, "", "", List.of(), List.of(), new Snapshot.Removed(1, 0, 0, List.of(id(1))))));
        run(store -> {});
        assertThat(found.history().size()).isEqualTo(ENDED - IN_MEMORY - 1);
        WatchedDisk disk = new WatchedDisk().failing("delete", "syncDirectory jobs");
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), disk, 10_000, 5)) {
            store.load();
            assertThatThrownBy(() -> store.removeHistory(List.of(new JobId(id(2)))))
                    .isInstanceOf(IOException.class);
        }
        assertThat(manifest(id(2))).exists();
        run(store -> {});
        assertThat(found.history().size()).isEqualTo(ENDED - IN_MEMORY - 2);
        assertThat(all()).isEqualTo(ids(ENDED + 1, 3));
    }
}
