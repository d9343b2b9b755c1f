package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.HeardEnds;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.json.JacksonJsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeardFilesTest {
    private static final HeardEnds ENDS = new HeardEnds(7, Map.of(new JobId("job-8-0001"), 8L));

    @TempDir
    Path dir;

    private HeardStore store;

    @BeforeEach
    void open() {
        store = HeardStore.in(dir, Disk.local(), new JacksonJsonCodec());
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("heard"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void a_listener_that_was_never_here_has_heard_nothing() throws Exception {
        assertThat(store.heard("somebody")).isEmpty();
        store.saveHeard("somebody else", ENDS);
        assertThat(store.heard("somebody")).isEmpty();
    }

    /** Or it would be new again, and have missed nothing. */
    @Test
    void that_a_listener_was_here_survives_a_power_cut() throws Exception {
        WatchedDisk disk = new WatchedDisk();
        HeardStore watched = HeardStore.in(dir, disk, new JacksonJsonCodec());
        watched.saveHeard("agent", ENDS);
        assertThat(disk.operations())
                .containsSubsequence(
                        "createDirectories heard",
                        "syncDirectory " + dir.getFileName(),
                        "sync temporary",
                        "syncDirectory heard");
        watched.saveHeard("agent", ENDS.with(Map.of(new JobId("job-9-0002"), 9L)));
        assertThat(disk.operations()).doesNotContain("syncDirectory heard");
    }

    @Test
    void what_was_heard_is_remembered_by_name_whatever_that_is() throws Exception {
        for (String name : List.of("agent", "../agent", "a/b", "x".repeat(5_000))) {
            store.saveHeard(name, ENDS);
            open();
            assertThat(store.heard(name)).contains(ENDS);
        }
        HeardEnds more = ENDS.with(Map.of(new JobId("job-9-0002"), 9L));
        store.saveHeard("agent", more);
        assertThat(store.heard("agent")).contains(more);
        assertThat(store.heard("a/b")).contains(ENDS);
    }

    @Test
    void the_file_says_whose_it_is_and_ends_in_a_line() throws Exception {
        store.saveHeard("agent", ENDS);
        assertThat(Files.readString(onlyFile()))
                .contains("\"schema_version\": 1", "\"listener\": \"agent\"", "\"since_unix_ms\": 7")
                .endsWith("}\n");
    }

    @Test
    void what_is_no_id_is_passed_over_and_what_is_no_file_of_ours_refused() throws Exception {
        store.saveHeard("agent", ENDS);
        Path file = onlyFile();
        Files.writeString(
                file, "{\"schema_version\": 1, \"since_unix_ms\": 7, \"heard\": {\"job-8-0001\": 8, \"../x\": 9}}");
        assertThat(store.heard("agent")).contains(ENDS);
        for (String text : List.of(
                "{\"schema_version\": 2, \"since_unix_ms\": 7}",
                "{\"since_unix_ms\": -1}",
                "{\"since_unix_ms\": 7, \"heard\": {\"job-8-0001\": \"8\"}}",
                "nothing")) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> store.heard("agent")).isInstanceOf(IOException.class);
        }
    }
}
