package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An events.jsonl that somebody broke: the directory opens, what is none of ours is put aside, and events go on. */
class EventLogPoisonTest {
    private static final String WHOLE = "{\"event\":\"created\"}\n";

    @TempDir
    Path outer;

    private Path dir;

    @BeforeEach
    void stateDir() throws IOException {
        dir = Files.createDirectory(outer.resolve("state"));
    }

    private Path log() {
        return dir.resolve("events.jsonl");
    }

    private Path quarantined() {
        return dir.resolve("quarantine/events.jsonl");
    }

    /** Opens the directory, appends an event, and gives what was found wrong. */
    private List<String> openAndAppend() throws IOException {
        JobSpec spec = new JobSpec(
                new JobId("job-1-0001"), "true", List.of(), Map.of(), null, 10, 10, 1, JobTrace.NONE, JobOptions.NONE);
        try (FileJobStore store = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 1L << 30, 5)) {
            List<String> problems = store.load().problems();
            store.append(JobEvent.created(JobRecord.created(spec)));
            return problems;
        }
    }

    private void assertAside(List<String> problems) throws IOException {
        assertThat(problems).singleElement().asString().contains("file=events.jsonl moved_to=quarantine/events.jsonl");
        assertThat(Files.readAllLines(log())).singleElement().asString().contains("job-1-0001");
    }

    @Test
    void a_directory_of_that_name_is_put_aside() throws IOException {
        Files.createDirectory(log());
        assertAside(openAndAppend());
        assertThat(quarantined()).isDirectory();
    }

    @Test
    void a_link_is_put_aside_itself_and_never_followed() throws IOException {
        Path outside = Files.writeString(outer.resolve("outside"), "precious");
        Files.createSymbolicLink(log(), outside);
        assertAside(openAndAppend());
        assertThat(quarantined()).isSymbolicLink();
        assertThat(outside).hasContent("precious");
    }

    @Test
    void a_hundred_megabytes_without_a_line_are_put_aside_whole() throws IOException {
        long size = 100L << 20;
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "rw")) {
            file.setLength(size);
        }
        assertAside(openAndAppend());
        assertThat(quarantined()).hasSize(size);
    }

    @Test
    void a_torn_line_as_long_as_ours_may_be_is_cut() throws IOException {
        byte[] torn = new byte[JsonCodec.MAX_BYTES];
        Arrays.fill(torn, (byte) 'x');
        Files.writeString(log(), WHOLE);
        Files.write(log(), torn, java.nio.file.StandardOpenOption.APPEND);
        assertThat(openAndAppend()).isEmpty();
        assertThat(Files.readAllLines(log())).hasSize(2).startsWith(WHOLE.strip());
        assertThat(quarantined()).doesNotExist();
    }

    @Test
    void empty_binary_and_broken_whole_lines_stay_as_they_are() throws IOException {
        byte[] before = "\n{\"x\":1,\"x\":2}\nno json\n\0\u0001\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(log(), before);
        assertThat(openAndAppend()).isEmpty();
        byte[] after = Files.readAllBytes(log());
        assertThat(Arrays.copyOf(after, before.length)).isEqualTo(before);
        assertThat(new String(after, StandardCharsets.UTF_8)).endsWith("}\n").contains("job-1-0001");
    }
}
