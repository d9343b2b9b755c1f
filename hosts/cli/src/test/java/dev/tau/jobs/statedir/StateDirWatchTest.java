package dev.tau.jobs.statedir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateDirWatchTest {
    @TempDir
    Path root;

    private ToolContext context(String... settings) {
        ToolContext.Builder builder = ToolContext.builder()
                .workingDirectory(root)
                .setting("no-session", "true")
                .setting("jobs-state-dir", root.resolve("state").toString());
        for (int i = 0; i < settings.length; i += 2) {
            builder.setting(settings[i], settings[i + 1]);
        }
        return builder.build();
    }

    private StateDirWatch watch() throws IOException {
        return StateDirReader.open(context()).watch();
    }

    private static String create(ToolSet tools, String script) {
        Object job = tools.find("jobs_create")
                .orElseThrow()
                .execute(ToolCall.of(Map.of("command", "sh", "args", List.of("-c", script))))
                .content()
                .get("job");
        return job instanceof Map<?, ?> map && map.get("job_id") instanceof String id ? id : "";
    }

    private static void lookUntil(StateDirWatch watch, Callable<Boolean> seen) throws Exception {
        while (!seen.call()) {
            watch.look();
            Thread.onSpinWait();
        }
    }

    private static boolean is(StateDirWatch watch, String id, JobStatus status) {
        return watch.jobs().stream()
                .filter(job -> job.id().value().equals(id))
                .map(JobRecord::status)
                .anyMatch(status::equals);
    }

    @Test
    void it_follows_a_job_from_its_creation_to_its_end() throws Exception {
        try (StateDirWatch watch = watch()) {
            assertThat(watch.owner()).isEmpty();
            try (ToolSet tools = ToolSet.load(context())) {
                String id = create(tools, "until [ -e go ]; do sleep 0.02; done; exit 3");
                lookUntil(watch, () -> is(watch, id, JobStatus.RUNNING));
                assertThat(watch.owner()).isPresent();
                Files.createFile(root.resolve("go"));
                lookUntil(watch, () -> is(watch, id, JobStatus.FAILED));
                assertThat(watch.count(JobStatus.FAILED)).isEqualTo(1);
                assertThat(watch.count(JobStatus.RUNNING)).isZero();
                lookUntil(
                        watch,
                        () -> watch.counters()
                                .filter(counted -> counted.failedTotal() == 1)
                                .isPresent());
            }
            lookUntil(watch, () -> watch.owner().isEmpty());
            assertThat(watch.count(JobStatus.FAILED)).isEqualTo(1);
        }
    }

    /** A manifest shows up to 50 ms later what an event says, and on a slow disk later still. */
    @Test
    void it_looks_at_a_job_until_it_is_as_its_event_says() throws Exception {
        try (ToolSet tools = ToolSet.load(context());
                StateDirWatch watch = watch()) {
            String id = create(tools, "exit 0");
            lookUntil(
                    watch,
                    () -> is(watch, id, JobStatus.SUCCEEDED)
                            && watch.counters()
                                    .filter(counted -> counted.succeededTotal() == 1)
                                    .isPresent());
            Path manifest = root.resolve("state/jobs/" + id + ".json");
            long later = watch.jobs().iterator().next().state().updatedUnixMs() + 1000;
            Files.writeString(
                    root.resolve("state/events.jsonl"),
                    "{\"timestamp_unix_ms\": " + later + ", \"job_id\": \"" + id + "\"}\n",
                    StandardOpenOption.APPEND);
            assertThat(watch.look()).isFalse();
            Path next = Files.writeString(
                    root.resolve("next"),
                    Files.readString(manifest)
                            .replaceAll("\"updated_unix_ms\": *\\d+", "\"updated_unix_ms\": " + later)
                            .replace("succeeded", "cancelled")
                            .replace("job_cancelled", "job_cancelled_during_run"));
            Files.move(next, manifest, StandardCopyOption.ATOMIC_MOVE);
            lookUntil(watch, () -> is(watch, id, JobStatus.CANCELLED));
        }
    }

    /** No event says so. */
    @Test
    void it_notices_that_old_jobs_are_removed() throws Exception {
        try (ToolSet tools = ToolSet.load(context("jobs-retain-count", "2"));
                StateDirWatch watch = watch()) {
            for (int i = 0; i < 6; i++) {
                create(tools, "exit 0");
            }
            // Which two are left is decided by their ends: four workers run them side by side.
            lookUntil(
                    watch,
                    () -> watch.counters()
                                    .filter(counted -> counted.succeededTotal() == 6)
                                    .isPresent()
                            && watch.jobs().size() == 2);
        }
    }

    /** There is no moment then in which the counters fit. */
    @Test
    void it_notices_that_while_more_is_done() throws Exception {
        try (ToolSet tools = ToolSet.load(context("jobs-retain-count", "2"));
                StateDirWatch watch = watch()) {
            int created = 0;
            do {
                create(tools, "exit 0");
                created++;
                watch.look();
            } while (created < 50 || watch.jobs().size() > created / 2);
        }
    }

    /** A kill may come between the journal and the manifest; the event log names the job. */
    @Test
    void what_a_kill_left_in_the_journal_alone_stays_there() throws Exception {
        Path journal = root.resolve("state/journal");
        Path kept = Files.createDirectory(root.resolve("kept"));
        String id;
        try (ToolSet tools = ToolSet.load(context())) {
            id = create(tools, "exit 0");
            tools.find("jobs_status").orElseThrow().execute(ToolCall.of(Map.of("job_id", id, "wait_ms", 30_000)));
            copy(journal, kept);
        }
        copy(kept, journal);
        Files.delete(root.resolve("state/jobs/" + id + ".json"));
        try (StateDirWatch watch = watch()) {
            assertThat(is(watch, id, JobStatus.SUCCEEDED)).isTrue();
            for (int i = 0; i < 3; i++) {
                assertThat(watch.look()).isFalse();
                assertThat(is(watch, id, JobStatus.SUCCEEDED)).isTrue();
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Of what it has shown nothing is lost, and it goes on when that can be read again. */
    @Test
    void what_cant_be_read_for_a_moment_is_read_then() throws Exception {
        Path jobs = root.resolve("state/jobs");
        String id;
        try (ToolSet tools = ToolSet.load(context())) {
            id = create(tools, "exit 0");
        }
        try (StateDirWatch watch = watch()) {
            assertThat(watch.job(new JobId(id))).isPresent();
            Path aside = Files.move(jobs, root.resolve("aside"));
            Files.createSymbolicLink(jobs, jobs);
            boolean failed = false;
            while (!failed) {
                try {
                    watch.look();
                } catch (IOException e) {
                    failed = true;
                }
            }
            assertThat(watch.job(new JobId(id))).isPresent();
            Files.delete(jobs);
            Files.move(aside, jobs);
            lookUntil(watch, () -> !watch.look());
            assertThat(watch.job(new JobId(id))).isPresent();
        }
    }

    @Test
    void without_an_owner_it_sees_what_is_put_there_and_taken_away() throws Exception {
        Path jobs = root.resolve("state/jobs");
        try (ToolSet tools = ToolSet.load(context())) {
            String id = create(tools, "exit 0");
            try (StateDirWatch watch = watch()) {
                lookUntil(watch, () -> is(watch, id, JobStatus.SUCCEEDED));
            }
        }
        Path file;
        try (Stream<Path> files = Files.list(jobs)) {
            file = files.filter(path -> path.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
        try (StateDirWatch watch = watch()) {
            assertThat(watch.jobs()).hasSize(1);
            Path aside = Files.move(file, root.resolve("aside.json"));
            lookUntil(watch, () -> watch.jobs().isEmpty());
            Files.move(aside, file);
            lookUntil(watch, () -> watch.jobs().size() == 1);
            assertThat(watch.unreadable()).isZero();
            Path broken = Files.writeString(jobs.resolve("job-1-0001.json"), "{");
            lookUntil(watch, () -> watch.unreadable() == 1);
            assertThat(watch.jobs()).hasSize(1);
            Files.delete(broken);
            lookUntil(watch, () -> watch.unreadable() == 0);
            Files.move(root.resolve("state"), root.resolve("elsewhere"));
            lookUntil(watch, () -> watch.jobs().isEmpty());
        }
    }

    @Test
    void it_sees_what_somebody_else_has_put_there() throws Exception {
        try (ToolSet tools = ToolSet.load(context())) {
            create(tools, "exit 0");
            try (StateDirWatch watch = watch()) {
                lookUntil(watch, () -> watch.count(JobStatus.SUCCEEDED) == 1);
                // Neither is of ours, and neither ends the watch.
                Files.writeString(root.resolve("state/events.jsonl"), "nonsense\n");
                lookUntil(watch, () -> {
                    // The owner may write it once more.
                    Files.writeString(root.resolve("state/state.json"), "nonsense");
                    return watch.counters().isEmpty();
                });
                String id = create(tools, "exit 0");
                lookUntil(watch, () -> is(watch, id, JobStatus.SUCCEEDED));
            }
        }
    }

    @Test
    void while_nothing_happens_nothing_changes() throws Exception {
        try (ToolSet tools = ToolSet.load(context())) {
            create(tools, "exit 0");
            try (StateDirWatch watch = watch()) {
                lookUntil(
                        watch,
                        () -> watch.counters()
                                        .filter(counted -> counted.succeededTotal() == 1)
                                        .isPresent()
                                && watch.count(JobStatus.SUCCEEDED) == 1);
                watch.look();
                for (int i = 0; i < 100; i++) {
                    assertThat(watch.look()).isFalse();
                }
            }
        }
    }
}
