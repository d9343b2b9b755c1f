package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.json.JacksonJsonCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When is a segment of the journal forgotten, and what has been synced by then? */
class CheckpointTest {
    private static final int FEW_SEGMENTS = Checkpoint.MANY - 1;

    @TempDir
    Path root;

    private final Set<Thread> ofOthers = Thread.getAllStackTraces().keySet();
    private final WatchedDisk disk = new WatchedDisk();
    private Journal journal;
    private ManifestFiles manifests;
    private Checkpoint checkpoint;

    @BeforeEach
    void open() throws IOException {
        StateDir dir = new StateDir(root);
        Files.createDirectories(dir.jobs());
        Files.createDirectories(dir.journal());
        journal = new Journal(dir.journal(), disk, 1 << 20, 1, List.of());
        manifests = new ManifestFiles(dir, disk);
        checkpoint = new Checkpoint(manifests, Duration.ofHours(1));
    }

    private void save(String id) throws IOException {
        byte[] manifest = ("manifest of " + id).getBytes(StandardCharsets.UTF_8);
        JobId job = new JobId(id);
        manifests
                .wanted()
                .append(journal, List.of(new JournalEntry(job, journal.number(), manifest)))
                .position()
                .sync();
        manifests.write(job);
    }

    private void fill(int segments) throws IOException {
        for (int i = 0; i < segments; i++) {
            save("job-" + i);
            journal.endSegment();
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in 30 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private long segments() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("journal"))) {
            return files.count();
        }
    }

    private List<String> syncedManifests() {
        return disk.operations().stream()
                .filter(operation -> operation.startsWith("sync ") && operation.endsWith(".json"))
                .toList();
    }

    @Test
    void a_few_young_segments_are_kept_until_the_end() throws IOException {
        fill(FEW_SEGMENTS);
        checkpoint.startIfNeeded(journal);
        assertThat(syncedManifests()).isEmpty();
        assertThat(segments()).isEqualTo(FEW_SEGMENTS);
        checkpoint.finish(journal);
        assertThat(segments()).isZero();
        assertThat(syncedManifests()).hasSize(FEW_SEGMENTS);
    }

    @Test
    void of_many_the_oldest_are_forgotten_at_once() throws IOException {
        fill(FEW_SEGMENTS);
        checkpoint.startIfNeeded(journal);
        save("last");
        journal.endSegment();
        checkpoint.startIfNeeded(journal);
        await(() -> segments() <= FEW_SEGMENTS);
        assertThat(syncedManifests()).containsExactly("sync job-0.json");
        checkpoint.finish(journal);
        assertThat(segments()).isZero();
    }

    /** An end must not take as long as a thousand syncs. */
    @Test
    void at_the_end_a_segment_with_many_jobs_is_kept() throws IOException {
        for (int i : IntStream.range(0, 600).toArray()) {
            save("job-" + i);
        }
        disk.operations();
        checkpoint.finish(journal);
        assertThat(segments()).isEqualTo(1);
        assertThat(syncedManifests()).isEmpty();
    }

    @Test
    void a_job_that_changed_again_is_synced_once() throws IOException {
        save("a");
        journal.endSegment();
        save("a");
        checkpoint.finish(journal);
        assertThat(segments()).isZero();
        assertThat(syncedManifests()).containsExactly("sync a.json");
    }

    @Test
    void what_can_not_be_synced_keeps_its_segment() throws IOException {
        fill(1);
        disk.failing("sync job-0.json");
        checkpoint.finish(journal);
        assertThat(segments()).isEqualTo(1);
    }

    /** The next sync of the same file says nothing of what the system has dropped. */
    @Test
    void what_could_not_be_synced_is_written_to_another_file() throws IOException {
        fill(1);
        disk.failing("sync job-0.json");
        checkpoint.finish(journal);
        disk.operations();
        disk.failing();
        checkpoint.finish(journal);
        assertThat(disk.operations())
                .containsSubsequence("write temporary", "rename job-0.json", "sync job-0.json", "syncDirectory jobs");
        assertThat(root.resolve("jobs/job-0.json")).hasContent("manifest of job-0");
        assertThat(segments()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "manifest o\0\0\0\0\0\0\0"})
    void what_the_system_has_dropped_stays_in_the_journal(String left) throws IOException {
        fill(1);
        Files.writeString(root.resolve("jobs/job-0.json"), left);
        disk.failing("sync job-0.json");
        checkpoint.finish(journal);
        disk.failing();
        checkpoint.finish(journal);
        assertThat(segments()).isEqualTo(1);
        assertThat(journalText()).contains("manifest of job-0");
    }

    private String journalText() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(root.resolve("journal"))) {
            for (Path file : files.toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    /** In a segment of now: one manifest that can't be read must not keep all that is written later. */
    @Test
    void what_only_the_journal_is_sure_to_have_is_carried_on() throws IOException {
        manifests.keepInJournal(Set.of(new JobId("job-0")));
        fill(20);
        checkpoint.finish(journal);
        assertThat(segments()).isEqualTo(1);
        assertThat(journalText()).contains("manifest of job-0").doesNotContain("manifest of job-1");
        assertThat(disk.operations()).doesNotContain("sync job-0.json");
        checkpoint.finish(journal);
        assertThat(segments()).isEqualTo(1);
        assertThat(journalText()).contains("manifest of job-0");
    }

    /** Whatever of it is in the oldest segment, and whoever has left the others. */
    @Test
    void what_is_carried_on_is_the_last_change() throws IOException {
        JobId kept = new JobId("job-0");
        for (String content : List.of("first", "second", "third")) {
            long number = journal.number();
            journal.append(List.of(new JournalEntry(kept, number, content.getBytes(StandardCharsets.UTF_8))))
                    .sync();
            journal.endSegment();
        }
        journal.close();
        journal = JournalReplay.read(new StateDir(root), new JacksonJsonCodec()).goOn(disk, 1 << 20);
        manifests.keepInJournal(Set.of(kept));
        checkpoint.finish(journal);
        assertThat(segments()).isEqualTo(1);
        assertThat(journalText()).contains("third").doesNotContain("first", "second");
    }

    /** Only its own segment has it as long as the copy is not on the disk for good. */
    @Test
    void what_cant_be_carried_on_keeps_its_segment() throws IOException {
        manifests.keepInJournal(Set.of(new JobId("job-0")));
        fill(1);
        disk.failing("syncDirectory journal");
        checkpoint.finish(journal);
        assertThat(segments()).isEqualTo(1);
        assertThat(journalText()).contains("manifest of job-0");
    }

    @Test
    void a_segment_is_forgotten_when_its_time_has_come() throws IOException {
        Duration soon = Duration.ofMillis(200);
        checkpoint = new Checkpoint(manifests, soon);
        long begin = System.nanoTime();
        fill(2);
        checkpoint.startIfNeeded(journal);
        await(() -> segments() == 0);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(soon.toNanos());
        save("later");
        journal.endSegment();
        checkpoint.startIfNeeded(journal);
        await(() -> segments() == 0);
    }

    /** Once in a while: a full disk is not asked by each change. */
    @Test
    void after_a_failure_it_pauses_and_tries_again() throws IOException {
        checkpoint = new Checkpoint(manifests, Duration.ZERO);
        fill(1);
        disk.failing("sync job-0.json");
        long begin = System.nanoTime();
        checkpoint.startIfNeeded(journal);
        await(() -> disk.operations().contains("sync job-0.json"));
        disk.failing();
        await(() -> {
            checkpoint.startIfNeeded(journal);
            return segments() == 0;
        });
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(2_000_000_000L);
    }

    /** The thread that waits for the time of a segment must not keep the end waiting. */
    @Test
    void the_end_comes_at_once() throws IOException {
        fill(1);
        checkpoint.startIfNeeded(journal);
        long begin = System.nanoTime();
        checkpoint.finish(journal);
        assertThat(System.nanoTime() - begin).isLessThan(20_000_000_000L);
        assertThat(segments()).isZero();
    }

    private Stream<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tau-jobs-checkpoint") && !ofOthers.contains(thread));
    }

    /** Starts one that waits for the time of its segment. */
    private void startWaiting() throws IOException {
        fill(1);
        checkpoint.startIfNeeded(journal);
        await(() -> threads().anyMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    }

    /** It waits without the lock that each change asks for. */
    @Test
    void one_that_waits_holds_up_neither_a_change_nor_the_end_of_the_jvm() throws IOException {
        startWaiting();
        checkpoint.startIfNeeded(journal);
        assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
        checkpoint.finish(journal);
    }

    @Test
    void an_interrupted_end_keeps_the_journal_and_the_interrupt() throws IOException {
        startWaiting();
        Thread.currentThread().interrupt();
        checkpoint.finish(journal);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(segments()).isEqualTo(1);
        assertThat(syncedManifests()).isEmpty();
    }

    @Test
    void when_nothing_is_left_it_ends_without_another_sync() throws IOException {
        checkpoint = new Checkpoint(manifests, Duration.ZERO);
        fill(1);
        checkpoint.startIfNeeded(journal);
        await(() -> segments() == 0 && threads().findAny().isEmpty());
        assertThat(disk.operations()).containsOnlyOnce("syncDirectory jobs");
    }
}
