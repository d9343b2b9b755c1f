package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final byte[] MANIFEST = "{}\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path dir;

    private final WatchedDisk disk = new WatchedDisk();
    private Journal journal;

    @BeforeEach
    void open() {
        journal = new Journal(dir, disk, 1_000, 5, List.of());
    }

    private JournalSegment.Position append(String id) throws IOException {
        return journal.append(List.of(new JournalEntry(new JobId(id), journal.number(), MANIFEST)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Of all segments, in their order. */
    private List<String> read() throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        for (String name : names()) {
            JournalEntry.decodeAll(Files.readAllBytes(dir.resolve(name)), entries);
        }
        return entries.stream().map(entry -> entry.id() + "=" + entry.number()).toList();
    }

    @Test
    void changes_have_rising_numbers_and_a_segment_its_name_from_them() throws IOException {
        append("a");
        append("b");
        assertThat(names()).containsExactly("0000000000000006.log");
        assertThat(read()).containsExactly("a=5", "b=7");
        assertThat(disk.operations())
                .containsExactly(
                        "begin 0000000000000006.log",
                        "syncDirectory " + dir.getFileName(),
                        "append 0000000000000006.log",
                        "append 0000000000000006.log");
    }

    @Test
    void several_changes_are_one_write_and_one_sync() throws IOException {
        append("a");
        disk.operations();
        JournalSegment.Position position = journal.append(List.of(
                new JournalEntry(new JobId("b"), journal.number(), null),
                new JournalEntry(new JobId("c"), journal.number(), MANIFEST)));
        JournalSegment.Position after = append("d");
        after.sync();
        position.sync();
        assertThat(disk.operations())
                .containsExactly(
                        "append 0000000000000006.log", "append 0000000000000006.log", "sync 0000000000000006.log");
        assertThat(read()).containsExactly("a=5", "b=7", "c=8", "d=9");
    }

    @Test
    void a_full_segment_is_followed_by_the_next_and_forgotten_when_asked() throws IOException {
        for (int i = 0; i < 60; i++) {
            append("job-" + i);
        }
        List<String> before = names();
        assertThat(before).hasSizeGreaterThan(1);
        assertThat(read()).hasSize(60);
        List<JournalEntry> first = new ArrayList<>();
        assertThat(JournalEntry.decodeAll(Files.readAllBytes(dir.resolve(before.get(0))), first))
                .isBetween(1_000, 1_050);
        assertThat(journal.fullCount()).isPositive();
        assertThat(journal.dependingOnOldest()).contains(new JobId("job-0")).doesNotContain(new JobId("job-59"));
        disk.operations();
        journal.forgetOldest();
        assertThat(names()).isEqualTo(before.subList(1, before.size()));
        assertThat(disk.operations()).endsWith("delete " + before.get(0), "syncDirectory " + dir.getFileName());
    }

    @Test
    void a_segment_can_be_ended_unless_nothing_is_in_it() throws IOException {
        journal.endSegment();
        assertThat(journal.fullCount()).isZero();
        assertThat(journal.dependingOnOldest()).isEmpty();
        append("a");
        journal.endSegment();
        assertThat(journal.fullCount()).isPositive();
        assertThat(journal.dependingOnOldest()).containsExactly(new JobId("a"));
        disk.failing("append");
        assertThatThrownBy(() -> append("b")).isInstanceOf(IOException.class);
        disk.failing();
        journal.endSegment();
        assertThat(journal.fullCount()).isEqualTo(1);
        append("c");
        assertThat(names()).hasSize(2);
    }

    @Test
    void what_earlier_runtimes_left_is_forgotten_first() throws IOException {
        Path left = Files.writeString(dir.resolve("0000000000000001.log"), "x");
        journal = new Journal(dir, disk, 1_000, 5, List.of(new JournalSegment(left, List.of(new JobId("old")))));
        append("a");
        journal.endSegment();
        assertThat(journal.dependingOnOldest()).containsExactly(new JobId("old"));
        journal.forgetOldest();
        assertThat(left).doesNotExist();
        assertThat(journal.dependingOnOldest()).containsExactly(new JobId("a"));
    }

    /** What a later segment says of a job is enough, once it is synced. */
    @Test
    void a_job_that_a_later_segment_names_does_not_depend_on_the_oldest() throws IOException {
        append("a");
        append("b");
        journal.endSegment();
        append("a");
        disk.operations();
        assertThat(journal.dependingOnOldest()).containsExactly(new JobId("b"));
        assertThat(disk.operations()).containsExactly("sync " + names().get(1));
        append("c");
        disk.failing("sync " + names().get(1));
        assertThatThrownBy(() -> journal.dependingOnOldest()).isInstanceOf(IOException.class);
        disk.failing();
        assertThat(journal.dependingOnOldest()).containsExactly(new JobId("a"), new JobId("b"));
    }

    @Test
    void the_oldest_segment_ages_from_when_it_was_full_and_one_that_was_left_is_as_old_as_can_be() throws IOException {
        assertThat(journal.ageOfOldest()).isEqualTo(Long.MAX_VALUE);
        append("a");
        journal.endSegment();
        assertThat(journal.ageOfOldest()).isBetween(0L, 60_000_000_000L);
        Path left = Files.writeString(dir.resolve("0000000000000001.log"), "x");
        journal = new Journal(dir, disk, 1_000, 5, List.of(new JournalSegment(left, List.of(new JobId("old")))));
        assertThat(journal.ageOfOldest()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void half_an_entry_is_cut_off_again_and_the_segment_goes_on() throws IOException {
        append("a");
        for (int i = 0; i < 5; i++) {
            disk.failing("append 0000000000000006.log");
            assertThatThrownBy(() -> append("b")).isInstanceOf(IOException.class);
            disk.failing();
        }
        append("c").sync();
        assertThat(names()).containsExactly("0000000000000006.log");
        assertThat(read()).containsExactly("a=5", "c=12");
    }

    /** Behind half an entry nobody would read on. */
    @Test
    void where_it_can_not_be_cut_off_a_new_segment_is_begun() throws IOException {
        append("a");
        disk.failing("append 0000000000000006.log", "truncate");
        assertThatThrownBy(() -> append("b")).isInstanceOf(IOException.class);
        disk.failing();
        append("c").sync();
        assertThat(names()).hasSize(2);
        assertThat(read()).containsExactly("a=5", "c=8");
    }

    @Test
    void a_sync_that_failed_is_not_taken_for_done_by_the_next() throws IOException {
        JournalSegment.Position synced = append("a");
        synced.sync();
        JournalSegment.Position first = append("b");
        JournalSegment.Position second = append("c");
        disk.failing("sync 0000000000000006.log");
        assertThatThrownBy(() -> first.sync()).hasMessage("No space left on device");
        disk.failing();
        // The system may have dropped what it could not write: its word that all is well now counts for nothing.
        assertThatThrownBy(() -> second.sync()).hasMessage("No space left on device");
        synced.sync();
        append("d").sync();
        assertThat(names()).hasSize(2);
    }

    @Test
    void a_segment_that_can_not_be_made_durable_is_taken_away() throws IOException {
        disk.failing("syncDirectory " + dir.getFileName());
        assertThatThrownBy(() -> append("a")).isInstanceOf(IOException.class);
        assertThat(names()).isEmpty();
        assertThat(disk.operations()).endsWith("close 0000000000000006.log", "delete 0000000000000006.log");
        disk.failing("syncDirectory " + dir.getFileName(), "delete");
        assertThatThrownBy(() -> append("a")).isInstanceOf(IOException.class);
        disk.failing();
        append("b").sync();
        assertThat(read()).containsExactly("b=9");
        assertThat(names()).hasSize(2);
        journal.forgetOldest();
        assertThat(names()).hasSize(1);
    }

    @Test
    void a_segment_that_is_not_deleted_is_tried_again() throws IOException {
        append("a");
        journal.endSegment();
        disk.failing("delete 0000000000000006.log");
        assertThatThrownBy(() -> journal.forgetOldest()).isInstanceOf(IOException.class);
        disk.failing();
        assertThat(journal.fullCount()).isPositive();
        journal.forgetOldest();
        assertThat(journal.fullCount()).isZero();
        assertThat(names()).isEmpty();
    }

    @Test
    void a_closed_journal_takes_nothing() throws IOException {
        append("full");
        journal.endSegment();
        JournalSegment.Position position = append("a");
        disk.operations();
        journal.close();
        assertThat(disk.operations()).containsExactly("close 0000000000000006.log", "close 0000000000000008.log");
        assertThatThrownBy(() -> position.sync()).isInstanceOf(IOException.class);
        assertThat(journal.fullCount()).isZero();
    }

    @Test
    void threads_share_syncs_and_each_change_is_there_once() throws Exception {
        int threads = 8;
        int changes = 50;
        journal = new Journal(dir, disk, 1 << 20, 1, List.of());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String name = "t" + t;
            all.add(pool.submit(() -> {
                start.countDown();
                start.await();
                for (int i = 0; i < changes; i++) {
                    append(name).sync();
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        pool.shutdown();
        assertThat(read()).hasSize(threads * changes).doesNotHaveDuplicates();
        assertThat(disk.operations().stream().filter(operation -> operation.startsWith("sync ")))
                .hasSizeLessThanOrEqualTo(threads * changes);
    }
}
