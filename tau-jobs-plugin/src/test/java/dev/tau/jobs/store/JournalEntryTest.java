package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever a crash leaves at the end of a segment, the entries before it are read, and nothing is made up. */
class JournalEntryTest {
    private static final JobId ID = new JobId("job-1-0001");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] file(List<JournalEntry> entries) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        entries.forEach(entry -> file.writeBytes(entry.encode()));
        return file.toByteArray();
    }

    private static List<JournalEntry> entries(List<byte[]> manifests) {
        List<JournalEntry> entries = new ArrayList<>();
        for (byte[] manifest : manifests) {
            entries.add(new JournalEntry(ID, entries.size() + 1L, manifest));
            entries.add(new JournalEntry(new JobId("gone"), entries.size() + 1L, null));
        }
        return entries;
    }

    private static void assertSame(List<JournalEntry> read, List<JournalEntry> written) {
        assertThat(read).hasSameSizeAs(written);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).id()).isEqualTo(written.get(i).id());
            assertThat(read.get(i).number()).isEqualTo(written.get(i).number());
            byte @Nullable [] manifest = written.get(i).manifest();
            if (manifest == null) {
                assertThat(read.get(i).manifest()).isNull();
            } else {
                assertThat(read.get(i).manifest()).isEqualTo(manifest);
            }
        }
    }

    @Test
    void an_entry_is_a_line_for_people_and_a_manifest() {
        byte[] entry = new JournalEntry(ID, 7, bytes("{}\n")).encode();
        assertThat(new String(entry, StandardCharsets.US_ASCII)).matches("[0-9a-f]{8} 7 job-1-0001 3\n\\{}\n");
        assertThat(new String(new JournalEntry(ID, 8, null).encode(), StandardCharsets.US_ASCII))
                .matches("[0-9a-f]{8} 8 job-1-0001 -\n");
    }

    @Property
    void what_is_written_is_read(@ForAll @Size(max = 5) List<byte[]> manifests) {
        List<JournalEntry> written = entries(manifests);
        List<JournalEntry> read = new ArrayList<>();
        byte[] file = file(written);
        assertThat(JournalEntry.decodeAll(file, read)).isEqualTo(file.length);
        assertSame(read, written);
    }

    @Property
    void a_file_cut_anywhere_gives_what_is_whole(
            @ForAll @Size(min = 1, max = 4) List<byte[]> manifests, @ForAll @IntRange(max = 1_000) int cut) {
        List<JournalEntry> written = entries(manifests);
        byte[] file = file(written);
        byte[] torn = Arrays.copyOf(file, Math.min(cut, file.length));
        List<JournalEntry> read = new ArrayList<>();
        int whole = JournalEntry.decodeAll(torn, read);
        assertSame(read, written.subList(0, read.size()));
        assertThat(whole).isEqualTo(file(read).length);
        if (read.size() < written.size()) {
            assertThat(whole + written.get(read.size()).encode().length).isGreaterThan(torn.length);
        }
    }

    @Property
    void one_byte_changed_ends_the_reading_before_its_entry(
            @ForAll @Size(min = 1, max = 3) List<byte[]> manifests,
            @ForAll @IntRange(max = 10_000) int where,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        List<JournalEntry> written = entries(manifests);
        byte[] file = file(written);
        int at = where % file.length;
        file[at] ^= (byte) change;
        List<JournalEntry> read = new ArrayList<>();
        int whole = JournalEntry.decodeAll(file, read);
        assertSame(read, written.subList(0, read.size()));
        assertThat(whole).isLessThanOrEqualTo(at);
        assertThat(whole + written.get(read.size()).encode().length).isGreaterThan(at);
    }

    /** A bit that flipped in the middle loses one entry, not those behind it. */
    @Property
    void what_is_whole_behind_a_damaged_entry_is_found(
            @ForAll @Size(min = 3, max = 4) List<byte[]> manifests, @ForAll @IntRange(max = 10_000) int where) {
        // As all manifests do, each ends in a line break.
        List<JournalEntry> written = entries(manifests.stream()
                .map(bytes -> Arrays.copyOf(bytes, bytes.length + 1))
                .peek(bytes -> bytes[bytes.length - 1] = '\n')
                .toList());
        byte[] damaged = written.get(2).encode();
        byte[] before = file(written.subList(0, 2));
        byte[] file = file(written);
        file[before.length + where % (damaged.length - 1)] ^= 1;
        List<JournalEntry> read = new ArrayList<>();
        int whole = JournalEntry.decodeAll(file, read);
        assertThat(whole).isEqualTo(before.length);
        assertThat(JournalEntry.decodeBehind(file, whole, read)).isEqualTo(before.length + damaged.length);
        List<JournalEntry> rest = new ArrayList<>(written);
        rest.remove(2);
        assertSame(read, rest);
    }

    @Property
    void behind_a_torn_end_there_is_nothing(@ForAll @Size(min = 1, max = 3) List<byte[]> manifests) {
        byte[] file = file(entries(manifests));
        for (int cut = 1; cut < 20 && cut < file.length; cut++) {
            List<JournalEntry> read = new ArrayList<>();
            byte[] torn = Arrays.copyOf(file, file.length - cut);
            int whole = JournalEntry.decodeAll(torn, read);
            assertThat(JournalEntry.decodeBehind(torn, whole, read)).isEqualTo(-1);
        }
    }

    @Test
    void room_that_was_not_written_is_told_from_damage() {
        byte[] file = bytes("abc\0def");
        assertThat(JournalEntry.isUnwritten(file, 0, 4)).isTrue();
        assertThat(JournalEntry.isUnwritten(file, 0, 3)).isFalse();
        assertThat(JournalEntry.isUnwritten(file, 4, 7)).isFalse();
    }

    @Property
    void any_bytes_are_survived(@ForAll byte[] bytes) {
        List<JournalEntry> read = new ArrayList<>();
        assertThat(JournalEntry.decodeAll(bytes, read)).isBetween(0, bytes.length);
    }

    @Test
    void lines_that_are_none_of_ours_end_the_reading() {
        for (String line : List.of(
                "",
                "\n",
                "00000000 1 job-1 3\nabc",
                "00000000 1 job-1 999999999\n",
                "00000000 1 job-1 99999999999\n",
                "00000000 1 job-1 x\n",
                "00000000 1 ../x 0\n",
                "00000000 x job-1 0\n",
                "00000000 1234567890123456 job-1 0\n",
                "0 1 job-1 0\n",
                "x".repeat(300) + "\n")) {
            List<JournalEntry> read = new ArrayList<>();
            assertThat(JournalEntry.decodeAll(bytes(line), read)).as(line).isZero();
            assertThat(read).isEmpty();
        }
    }

    /** The zeros that fill up what was read must not be taken for those that were written. */
    @Test
    void an_entry_without_its_last_byte_is_not_whole_even_if_that_is_zero() {
        byte[] entry = new JournalEntry(ID, 1, new byte[] {'x', 0, 0}).encode();
        assertThat(JournalEntry.decodeAll(Arrays.copyOf(entry, entry.length - 1), new ArrayList<>()))
                .isZero();
    }
}
