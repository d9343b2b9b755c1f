package dev.tau.jobs.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.OutputSizes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where no hole can be punched: the newest output stays, the count is a lower bound and says so. */
class CopyTruncateTest {
    private static final int CAP = 10_000;

    @TempDir
    Path dir;

    private static byte[] lines(int from, int to) {
        StringBuilder text = new StringBuilder();
        IntStream.range(from, to)
                .forEach(i -> text.append("line ").append(100_000 + i).append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void the_newest_part_is_kept_and_a_writer_goes_on_behind_it() throws IOException {
        Path log = dir.resolve("log");
        CopyTruncate trimmer = new CopyTruncate(log, 0);
        try (OutputStream writer = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] first = lines(0, 2_000);
            writer.write(first);
            trimmer.trim(CAP);
            assertThat(Files.size(log)).isEqualTo(CAP / 2);
            assertThat(trimmer.measure()).isEqualTo(new OutputSizes.Stream(first.length, true, true));

            byte[] second = lines(2_000, 2_100);
            writer.write(second);
            assertThat(trimmer.measure()).isEqualTo(new OutputSizes.Stream(first.length + second.length, true, true));
            String all = new String(lines(0, 2_100), StandardCharsets.US_ASCII);
            assertThat(all).endsWith(Files.readString(log));

            writer.write(lines(2_100, 4_000));
            trimmer.trim(CAP);
            assertThat(Files.size(log)).isEqualTo(CAP / 2);
            assertThat(trimmer.measure().bytes()).isEqualTo(lines(0, 4_000).length);
            assertThat(Files.readString(log)).endsWith("line 103999\n");
        }
    }

    @Test
    void what_is_within_the_cap_stays_whole_and_its_count_is_exact() throws IOException {
        Path log = dir.resolve("log");
        Files.write(log, new byte[CAP]);
        CopyTruncate trimmer = new CopyTruncate(log, 0);
        trimmer.trim(CAP);
        assertThat(Files.size(log)).isEqualTo(CAP);
        assertThat(trimmer.measure()).isEqualTo(new OutputSizes.Stream(CAP, false, false));
    }

    @Test
    void what_an_earlier_attempt_lost_is_counted() throws IOException {
        Path log = Files.write(dir.resolve("log"), new byte[CAP]);
        CopyTruncate trimmer = new CopyTruncate(log, 90);

        assertThat(trimmer.measure()).isEqualTo(new OutputSizes.Stream(CAP + 90, true, true));
    }

    @Test
    void a_log_that_became_a_link_is_not_cut() throws IOException {
        Path precious = Files.write(dir.resolve("precious"), new byte[2 * CAP]);
        Path log = Files.createSymbolicLink(dir.resolve("log"), precious);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new CopyTruncate(log, 0).trim(CAP)))
                .isInstanceOf(IOException.class);
        assertThat(Files.size(precious)).isEqualTo(2 * CAP);
    }
}
