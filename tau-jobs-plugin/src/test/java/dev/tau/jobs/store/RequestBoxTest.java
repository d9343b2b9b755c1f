package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.RequestBox.Cancel;
import dev.tau.jobs.store.RequestBox.Create;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestBoxTest {
    private static final JobRecord OLDER = Jobs.queued("job-1-000z", 1);
    private static final JobRecord NEWER = Jobs.queued("job-2-000a", 2);
    private static final JobId OTHER = new JobId("job-0-0009");

    @TempDir
    Path dir;

    private final WatchedDisk disk = new WatchedDisk();
    private final List<String> problems = new ArrayList<>();
    private final List<IOException> unreadable = new ArrayList<>();
    private RequestBox box;

    @BeforeEach
    void open() {
        box = RequestBox.of(dir, new JacksonJsonCodec(), disk);
    }

    private Path request(String name) {
        return dir.resolve("requests").resolve(name);
    }

    @Test
    void jobs_come_oldest_first_and_cancels_after_them_until_they_are_removed() throws IOException {
        box.submitCancel(OTHER);
        box.submit(NEWER);
        box.submit(OLDER);

        assertThat(box.pending(problems, unreadable))
                .containsExactly(new Create(OLDER), new Create(NEWER), new Cancel(OTHER));
        assertThat(box.pending(problems, unreadable)).hasSize(3);
        assertThat(problems).isEmpty();

        box.remove(new Create(OLDER), new Cancel(OTHER));
        assertThat(box.pending(problems, unreadable)).containsExactly(new Create(NEWER));
    }

    @Test
    void many_requests_are_ordered_whatever_the_directory_says() throws IOException {
        List<RequestBox.Request> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // Neither the order of creation nor that of names.
            JobRecord job = Jobs.queued("job-" + (7 * i % 20), i);
            expected.add(new Create(job));
        }
        for (int i = 0; i < 20; i++) {
            box.submit(((Create) expected.get(11 * i % 20)).job());
        }

        assertThat(box.pending(problems, unreadable)).isEqualTo(expected);
    }

    @Test
    void a_request_survives_a_power_cut_before_its_asker_goes_on_and_so_does_its_removal() throws IOException {
        box.submit(OLDER);
        assertThat(disk.operations())
                .containsExactly(
                        "createDirectories requests",
                        "write temporary",
                        "sync temporary",
                        "rename job-1-000z.json",
                        "syncDirectory requests");
        box.submitCancel(OTHER);
        assertThat(disk.operations())
                .startsWith("createDirectories requests")
                .endsWith("rename job-0-0009.cancel", "syncDirectory requests");
        box.remove(new Create(OLDER), new Cancel(OTHER));
        assertThat(disk.operations())
                .containsExactly("delete job-1-000z.json", "delete job-0-0009.cancel", "syncDirectory requests");
    }

    @Test
    void a_request_that_is_not_durable_is_taken_back() throws IOException {
        box.submit(NEWER);
        disk.failing("syncDirectory");

        assertThatThrownBy(() -> box.submit(OLDER)).isInstanceOf(IOException.class);

        disk.failing();
        assertThat(box.pending(problems, unreadable)).containsExactly(new Create(NEWER));
    }

    @Test
    void a_cancel_is_pending_until_it_is_removed() throws IOException {
        assertThat(box.isCancelPending(OTHER)).isFalse();
        box.submitCancel(OTHER);
        assertThat(box.isCancelPending(OTHER)).isTrue();
        assertThat(request("job-0-0009.cancel"))
                .as("for which a full disk has room")
                .isEmptyFile();
        box.remove(new Cancel(OTHER));
        assertThat(box.isCancelPending(OTHER)).isFalse();
    }

    @Test
    void what_is_no_request_is_put_aside_and_the_others_are_taken() throws IOException {
        box.submit(OLDER);
        box.submit(Jobs.running("job-3-0003", 3));
        Files.writeString(request("job-4-0004.json"), "{");
        Files.writeString(request("not an id.cancel"), "cancel\n");
        Files.writeString(request("note.txt"), "hello");
        Files.writeString(request(".job-5-0005.json.tmp"), "half");

        assertThat(box.pending(problems, unreadable)).containsExactly(new Create(OLDER));

        assertThat(problems)
                .hasSize(4)
                .anyMatch(line -> line.contains("job-3-0003.json") && line.contains("not queued"))
                .anyMatch(line -> line.contains("job-4-0004.json") && line.contains("well-formed"))
                .anyMatch(line -> line.contains("not an id.cancel") && line.contains("names no job"))
                .anyMatch(line -> line.contains("note.txt") && line.contains("is no request"));
        assertThat(dir.resolve("quarantine/note.txt")).exists();
        assertThat(request(".job-5-0005.json.tmp")).exists();
    }

    @Test
    void what_the_owner_could_not_store_is_not_taken_from_its_asker() throws IOException {
        int rest = ManifestFormat.encode(
                        withArgument(""),
                        0,
                        dir.resolve("jobs/job-1-000z.stdout.log"),
                        dir.resolve("jobs/job-1-000z.stderr.log"),
                        new JacksonJsonCodec())
                .length;
        int longest = JsonCodec.MAX_BYTES - ManifestFormat.GROWTH_BYTES - rest;
        // A manifest without a number would still fit; the owner's has one.
        assertThatThrownBy(() -> box.submit(withArgument("x".repeat(longest - 1))))
                .isInstanceOf(UnstorableJobException.class);
        JobRecord shorter = withArgument("x".repeat(longest - 100));
        box.submit(shorter);
        assertThat(box.isCreatePending(shorter.id())).isTrue();
        assertThat(box.pending(problems, unreadable)).containsExactly(new Create(shorter));
        box.remove(new Create(shorter));
        assertThat(box.isCreatePending(shorter.id())).isFalse();
    }

    private static JobRecord withArgument(String argument) {
        return Jobs.withArgument(OLDER, argument);
    }

    @Test
    void a_request_can_be_put_aside_and_one_of_a_newer_version_is_left() throws IOException {
        box.submit(OLDER);
        box.submitCancel(OTHER);
        box.submit(NEWER);
        Files.writeString(
                request(NEWER.id() + ".json"),
                Files.readString(request(NEWER.id() + ".json"))
                        .replace("\"schema_version\": 1", "\"schema_version\": 2"));
        assertThat(box.putAside(new Create(OLDER), "can't be stored")).contains("moved_to=quarantine/job-1-000z.json");
        assertThat(box.putAside(new Cancel(OTHER), "is odd")).contains("job-0-0009.cancel");
        assertThat(box.pending(problems, unreadable)).isEmpty();
        assertThat(problems).isEmpty();
        assertThat(request(NEWER.id() + ".json")).exists();
    }

    @Test
    void a_cancel_that_is_no_file_is_put_aside_and_a_directory_that_is_gone_made_again() throws IOException {
        box.submit(OLDER);
        Files.createDirectory(request("job-7.cancel"));
        assertThat(box.pending(problems, unreadable)).containsExactly(new Create(OLDER));
        assertThat(problems).singleElement().asString().contains("is no regular file");
        box.remove(new Create(OLDER));
        Files.delete(dir.resolve("requests"));
        box.ensureDirectory();
        assertThat(dir.resolve("requests")).isDirectory();
    }

    @Test
    void it_says_where_it_lies() {
        assertThat(box.directory()).isEqualTo(dir.resolve("requests"));
    }

    @Test
    void a_cancel_of_a_job_that_only_a_newer_owner_can_take_waits_for_that_owner() throws IOException {
        box.submit(OLDER);
        box.submit(NEWER);
        Path newer = request("job-2-000a.json");
        Files.writeString(newer, Files.readString(newer).replace("\"schema_version\": 1", "\"schema_version\": 99"));
        box.submitCancel(NEWER.id());
        box.submitCancel(OLDER.id());

        assertThat(box.pending(problems, unreadable)).containsExactly(new Create(OLDER), new Cancel(OLDER.id()));
        assertThat(problems).isEmpty();
        assertThat(newer).exists();
        assertThat(box.isCancelPending(NEWER.id())).isTrue();
    }
}
