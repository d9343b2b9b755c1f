package dev.tau.jobs.statedir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.statedir.StateDirFiles.Read;
import dev.tau.jobs.statedir.StateDirFiles.Verdict;
import dev.tau.jobs.store.FileJobStore;
import dev.tau.jobs.store.StateDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StateDirFilesTest {
    private static final JobRecord JOB = job(1);
    private static final Snapshot SNAPSHOT = new Snapshot(
            1, 1, 0, 7, 6, 1, 2, 3, "", "", List.of(), List.of(), new Snapshot.Removed(1, 2, 3, List.of()));

    @TempDir
    Path dir;

    private final JsonCodec codec = new JacksonJsonCodec();
    private StateDir places;
    private StateDirFiles files;
    private Path manifest;

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
    void aGoodDirectory() throws IOException {
        try (FileJobStore store = open()) {
            store.save(JOB);
            store.saveSnapshot(SNAPSHOT);
        }
        places = new StateDir(dir);
        files = new StateDirFiles(places, codec, Disk.local());
        manifest = dir.resolve("jobs/job-1-0001.json");
    }

    private FileJobStore open() throws IOException {
        FileJobStore store = FileJobStore.open(dir, codec, Disk.local(), 10_000, 5);
        store.load();
        return store;
    }

    private static void assertVerdict(Read<?> read, Verdict verdict, String why) {
        assertThat(read.verdict()).isEqualTo(verdict);
        assertThat(read.value()).isNull();
        assertThat(read.why()).contains(why);
    }

    @Test
    void aGoodManifestIsTheJob() {
        assertThat(files.manifest(manifest)).isEqualTo(new Read<>(Verdict.GOOD, JOB, ""));
    }

    @Test
    void aManifestThatIsNoneIsToldFromOneThatIsNewerAndOneThatIsGone() throws IOException {
        Path renamed = Files.copy(manifest, dir.resolve("jobs/job-1-0002.json"));
        assertVerdict(files.manifest(renamed), Verdict.INVALID, "file's name");
        Files.writeString(manifest, "{");
        assertVerdict(files.manifest(manifest), Verdict.INVALID, "well-formed");
        Files.writeString(manifest, "{\"schema_version\": 2}");
        assertVerdict(files.manifest(manifest), Verdict.NEWER, "schema_version 2");
        Files.delete(manifest);
        assertVerdict(files.manifest(manifest), Verdict.ABSENT, "");
        Files.createDirectory(manifest);
        assertVerdict(files.manifest(manifest), Verdict.INVALID, "regular file");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileThatTheDiskKeepsFromUsMayBeGood() {
        // A regular file which nobody can read at its beginning, whatever his rights.
        assertVerdict(files.manifest(Path.of("/proc/self/mem")), Verdict.UNREADABLE, "can't be read (IOException)");
    }

    @Test
    void theCountersKnowTheRemovedOfEachEnd() {
        assertThat(files.counters()).isEqualTo(new Read<>(Verdict.GOOD, SNAPSHOT, ""));
    }

    @Test
    void replacedCountersLeaveEveryOtherMemberAsItIs() throws IOException {
        Path state = dir.resolve("state.json");
        Files.writeString(state, Files.readString(state).replace("{\n", "{\n  \"x_note\": \"kept\",\n"));
        files.replaceCounters(Map.of("created_total", 9L));

        Map<String, ?> replaced = codec.read(Files.readAllBytes(state));
        assertThat(replaced.get("created_total")).isEqualTo(9);
        assertThat(replaced.get("started_total")).isEqualTo(6);
        assertThat(replaced.get("x_note")).isEqualTo("kept");
        assertThat(state).content().endsWith("}\n");
    }

    @Test
    void countersThatCannotBeReadAreNotReplaced() throws IOException {
        Files.writeString(dir.resolve("state.json"), "{");

        assertThatThrownBy(() -> files.replaceCounters(Map.of("created_total", 9L)))
                .isInstanceOf(IOException.class);
        assertThat(dir.resolve("state.json")).content().isEqualTo("{");
    }

    @Test
    void everyFileOfANameIsKeptInTheQuarantine() throws IOException {
        for (String content : List.of("one", "two", "three")) {
            files.quarantine(Files.writeString(dir.resolve("broken.json"), content));
        }

        assertThat(dir.resolve("quarantine/broken.json")).content().isEqualTo("one");
        assertThat(dir.resolve("quarantine/broken.json.1")).content().isEqualTo("two");
        assertThat(dir.resolve("quarantine/broken.json.2")).content().isEqualTo("three");
        assertThat(files.placeInQuarantine("broken.json")).isEqualTo(dir.resolve("quarantine/broken.json.3"));
    }

    @Test
    void nothingIsMovedOutOfTheStateDirThroughALink(@TempDir Path outside) throws IOException {
        Path file = Files.writeString(dir.resolve("broken.json"), "secret");
        Files.createSymbolicLink(dir.resolve("quarantine"), outside);

        assertThatThrownBy(() -> files.quarantine(file)).hasMessageContaining("no directory of its own");
        assertThat(file).content().isEqualTo("secret");
        assertThat(outside).isEmptyDirectory();
    }

    /** Three jobs whose journal a kill has left, the entry of the second not whole. */
    private Path damagedJournal(Path kept) throws IOException {
        Path segment;
        try (FileJobStore store = open()) {
            for (int number = 2; number <= 4; number++) {
                store.save(job(number));
            }
            try (Stream<Path> segments = Files.list(places.journal())) {
                segment = segments.toList().get(0);
            }
            Files.copy(segment, kept.resolve("segment"));
        }
        String content = Files.readString(kept.resolve("segment"), ISO_8859_1);
        assertThat(content).contains("\"job-1-0003\"");
        return Files.writeString(segment, content.replace("\"job-1-0003\"", "\"job-1-000x\""), ISO_8859_1);
    }

    @Test
    void aDamagedJournalIsNamedAndCopiedBeforeItIsEmptied(@TempDir Path kept) throws IOException {
        Path segment = damagedJournal(kept);
        byte[] damaged = Files.readAllBytes(segment);
        Files.delete(dir.resolve("jobs/job-1-0004.json"));

        FoundJournal journal = files.journal();
        assertThat(journal.damaged()).containsExactly(segment);
        assertThat(journal.lagging().keySet()).containsExactly(job(4).id());
        journal.catchUp();
        journal.catchUp();

        assertThat(places.quarantine()).isDirectoryContaining(file -> file.endsWith(segment.getFileName()));
        assertThat(places.quarantine().resolve(segment.getFileName())).hasBinaryContent(damaged);
        assertThat(places.quarantine().toFile().list()).hasSize(1);
        assertThat(places.journal()).isEmptyDirectory();
        assertThat(files.manifest(dir.resolve("jobs/job-1-0004.json")).value()).isEqualTo(job(4));
    }

    @Test
    void aDamagedJournalThatCannotBeCopiedIsKept(@TempDir Path kept, @TempDir Path outside) throws IOException {
        Path segment = damagedJournal(kept);
        Files.createSymbolicLink(places.quarantine(), outside);

        assertThatThrownBy(() -> files.journal().catchUp()).isInstanceOf(IOException.class);
        assertThat(segment).exists();
        assertThat(outside).isEmptyDirectory();
    }
}
