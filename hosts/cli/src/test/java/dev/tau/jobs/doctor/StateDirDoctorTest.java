package dev.tau.jobs.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.json.JacksonJsonCodec;
import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.store.FileJobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirDoctorTest {
    private static final String MANIFEST = """
            {"schema_version": 1, "job_id": "%s", "command": "true", "requested_timeout_ms": 1,
             "effective_timeout_ms": 1, "status": "%s", "reason_code": "job_queued",
             "created_unix_ms": 1, "updated_unix_ms": 1}
            """;
    private static final String STATE = """
            {"schema_version": 1, "queue_depth": 1, "running_jobs": 0, "created_total": 5, "started_total": 4,
             "succeeded_total": 3, "failed_total": 1, "cancelled_total": 0, "removed_succeeded_total": 2,
             "of_another_version": [1]}
            """;
    private static final String EVENT = "{\"job_id\":\"waits\"}\n";

    @TempDir
    Path temp;

    private Path dir;
    private Path jobs;

    /** One job waits, one failed, one succeeded, and two more that succeeded have no files any more. */
    @BeforeEach
    void aGoodDirectory() throws IOException {
        dir = makeDirectory(temp.resolve("state"));
        jobs = makeDirectory(dir.resolve("jobs"));
        write(jobs.resolve("waits.json"), MANIFEST.formatted("waits", "queued"));
        write(jobs.resolve("failed.json"), MANIFEST.formatted("failed", "failed"));
        write(jobs.resolve("done.json"), MANIFEST.formatted("done", "succeeded"));
        write(jobs.resolve("done.stdout.log"), "out");
        write(jobs.resolve("done.stderr.log"), "");
        write(dir.resolve("state.json"), STATE);
        write(dir.resolve("events.jsonl"), EVENT);
        write(dir.resolve("lock"), "");
        write(dir.resolve("owner.json"), "{\"pid\":1,\"start\":\"long ago\",\"path\":\"" + dir + "\"}");
        Path requests = makeDirectory(dir.resolve("requests"));
        write(requests.resolve("wanted.json"), MANIFEST.formatted("wanted", "queued"));
        write(requests.resolve("waits.cancel"), "");
    }

    private static Path makeDirectory(Path path) throws IOException {
        return Files.setPosixFilePermissions(Files.createDirectory(path), PosixFilePermissions.fromString("rwx------"));
    }

    private static Path write(Path file, String text) throws IOException {
        return Files.setPosixFilePermissions(
                Files.writeString(file, text), PosixFilePermissions.fromString("rw-------"));
    }

    private StateDirDoctor doctor() throws IOException {
        return new StateDirDoctor(
                dir, Duration.ofSeconds(2), ProcessTable.ofPlatform(), InstantSource.system(), new JacksonJsonCodec());
    }

    private static List<String> problems(Report report) {
        return report.findings().stream()
                .filter(Finding::isProblem)
                .map(finding -> finding.kind() + " " + finding.file())
                .toList();
    }

    /** Found, not touched by looking, mended by the repair, and not found again. */
    private List<Finding> foundAndMended(String... expected) throws IOException {
        assertThat(problems(doctor().examine())).containsExactly(expected);
        assertThat(problems(doctor().examine())).as("after looking").containsExactly(expected);
        List<Finding> mended = doctor().repair().findings();
        assertThat(mended).filteredOn(Finding::isProblem).isEmpty();
        assertThat(problems(doctor().examine())).as("after the repair").isEmpty();
        return mended;
    }

    @Test
    void nothingIsWrongWithAGoodDirectoryAndARepairLeavesItAlone() throws IOException {
        assertThat(doctor().examine().findings()).isEmpty();
        assertThat(doctor().repair().findings()).isEmpty();
        assertThat(dir.resolve("state.json")).hasContent(STATE);
        assertThat(dir.resolve("quarantine")).doesNotExist();
        assertThat(dir.resolve("owner.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"job_id\": ",
                "[]",
                "\u0000\u0001",
                "{\"schema_version\": 1, \"job_id\": \"bad\"}",
                "{\"job_id\": 1, \"job_id\": 2}"
            })
    void aManifestThatCannotBeParsedGoesToTheQuarantine(String text) throws IOException {
        write(jobs.resolve("bad.json"), text);
        foundAndMended("BROKEN_MANIFEST jobs/bad.json");
        assertThat(dir.resolve("quarantine/bad.json")).hasContent(text);
    }

    @Test
    void aManifestOfAnotherNameGoesToTheQuarantineWithItsOutput() throws IOException {
        write(jobs.resolve("other.json"), MANIFEST.formatted("mine", "queued"));
        write(jobs.resolve("other.stdout.log"), "kept");
        foundAndMended("BROKEN_MANIFEST jobs/other.json");
        assertThat(dir.resolve("quarantine/other.json")).exists();
        assertThat(dir.resolve("quarantine/other.stdout.log")).hasContent("kept");
        assertThat(doctor().examine().findings()).extracting(Finding::kind).containsExactly(Kind.QUARANTINED);
    }

    @Test
    void aRequestThatCannotBeParsedGoesToTheQuarantine() throws IOException {
        write(dir.resolve("requests/bad.json"), "{");
        write(dir.resolve("requests/readme"), "");
        foundAndMended("BROKEN_MANIFEST requests/bad.json", "ODD_FILE requests/readme");
    }

    @Test
    void aManifestOfANewerVersionIsToldAndStays() throws IOException {
        String newer = "{\"schema_version\": 2}";
        write(jobs.resolve("newer.json"), newer);
        write(jobs.resolve("newer.stdout.log"), "");
        assertThat(problems(doctor().examine())).containsExactly("NEWER_VERSION jobs/newer.json");
        assertThat(problems(doctor().repair())).containsExactly("NEWER_VERSION jobs/newer.json");
        assertThat(jobs.resolve("newer.json")).hasContent(newer);
        assertThat(jobs.resolve("newer.stdout.log")).exists();
    }

    @Test
    void nothingIsMendedWhereANewerVersionWroteTheState() throws IOException {
        write(dir.resolve("state.json"), "{\"schema_version\": 2}");
        write(jobs.resolve("bad.json"), "");
        List<String> expected = List.of("BROKEN_MANIFEST jobs/bad.json", "NEWER_VERSION state.json");
        assertThat(problems(doctor().repair())).isEqualTo(expected);
        assertThat(problems(doctor().examine())).isEqualTo(expected);
        assertThat(jobs.resolve("bad.json")).exists();
    }

    @Test
    void outputWithoutAManifestGoesToTheQuarantineAndASecondOfItsNameToo() throws IOException {
        makeDirectory(dir.resolve("quarantine"));
        write(dir.resolve("quarantine/gone.stdout.log"), "first");
        write(jobs.resolve("gone.stdout.log"), "second");
        foundAndMended("ORPHAN jobs/gone.stdout.log");
        assertThat(dir.resolve("quarantine/gone.stdout.log")).hasContent("first");
        assertThat(dir.resolve("quarantine/gone.stdout.log.1")).hasContent("second");
    }

    @Test
    void linksAndDirectoriesAmongTheJobsGoToTheQuarantineUnfollowed() throws IOException {
        Path outside = write(temp.resolve("outside.json"), MANIFEST.formatted("link", "queued"));
        Files.createSymbolicLink(jobs.resolve("link.json"), outside);
        Files.createSymbolicLink(jobs.resolve("failed.stdout.log"), outside);
        Files.createDirectory(jobs.resolve("a-directory"));
        Files.createSymbolicLink(dir.resolve("events.jsonl.1"), outside);
        Files.createSymbolicLink(dir.resolve("state.json.link"), outside);
        foundAndMended(
                "ODD_FILE events.jsonl.1",
                "BROKEN_MANIFEST jobs/link.json",
                "ODD_FILE jobs/a-directory",
                "ODD_FILE jobs/failed.stdout.log");
        assertThat(dir.resolve("quarantine/link.json")).isSymbolicLink();
        assertThat(outside).hasContent(MANIFEST.formatted("link", "queued"));
        assertThat(dir.resolve("state.json.link")).as("not ours").isSymbolicLink();
    }

    @Test
    void aJobsDirectoryThatIsALinkIsNeitherFollowedNorMoved() throws IOException {
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(jobs, elsewhere);
        write(elsewhere.resolve("bad.json"), "");
        Files.createSymbolicLink(jobs, elsewhere);
        assertThat(problems(doctor().repair())).containsExactly("ODD_FILE jobs");
        assertThat(elsewhere.resolve("bad.json")).exists();
    }

    @Test
    void aQuarantineThatIsALinkTakesNothing() throws IOException {
        Files.createSymbolicLink(dir.resolve("quarantine"), Files.createDirectory(temp.resolve("elsewhere")));
        write(jobs.resolve("bad.json"), "");
        assertThat(problems(doctor().repair())).containsExactly("ODD_FILE quarantine", "BROKEN_MANIFEST jobs/bad.json");
        assertThat(jobs.resolve("bad.json")).exists();
    }

    @Test
    void aLockThatIsADirectoryGoesToTheQuarantineBeforeItIsTaken() throws IOException {
        Files.delete(dir.resolve("lock"));
        Files.createDirectory(dir.resolve("lock"));
        foundAndMended("ODD_FILE lock");
        assertThat(dir.resolve("lock")).isRegularFile();
    }

    @Test
    void temporaryFilesAreDeleted() throws IOException {
        write(dir.resolve(".state.json.12ab.tmp"), "{");
        write(jobs.resolve(".waits.json.12ab.tmp"), "");
        write(dir.resolve("requests/.waits.cancel.12ab.tmp"), "");
        write(makeDirectory(dir.resolve("heard")).resolve(".0123.json.12ab.tmp"), "");
        foundAndMended(
                "LEFTOVER .state.json.12ab.tmp",
                "LEFTOVER jobs/.waits.json.12ab.tmp",
                "LEFTOVER requests/.waits.cancel.12ab.tmp",
                "LEFTOVER heard/.0123.json.12ab.tmp");
        assertThat(jobs.resolve(".waits.json.12ab.tmp")).doesNotExist();
        assertThat(dir.resolve("quarantine")).doesNotExist();
    }

    @Test
    void aBrokenStateGoesToTheQuarantine() throws IOException {
        write(dir.resolve("state.json"), "{\"queue_depth\": -1}");
        foundAndMended("BROKEN_STATE state.json");
        assertThat(dir.resolve("quarantine/state.json")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"queue_depth\": 1|\"queue_depth\": 2",
                "\"running_jobs\": 0|\"running_jobs\": 1",
                "\"created_total\": 5|\"created_total\": 6",
                "\"succeeded_total\": 3|\"succeeded_total\": 2",
                "\"failed_total\": 1|\"failed_total\": 0",
                "\"removed_succeeded_total\": 2|\"removed_succeeded_total\": 3"
            })
    void countersThatDoNotFitTheManifestsAreSet(String change) throws IOException {
        String[] fromTo = change.split("\\|", -1);
        write(
                dir.resolve("state.json"),
                STATE.replace(", " + fromTo[0], ", " + fromTo[1]).replace("\n " + fromTo[0], "\n " + fromTo[1]));
        foundAndMended("COUNTERS state.json");
        assertThat(dir.resolve("state.json")).content().contains("of_another_version");
    }

    @Test
    void totalsMayRememberJobsWhoseFilesWereRemovedByHand() throws IOException {
        Files.delete(jobs.resolve("failed.json"));
        assertThat(doctor().examine().findings()).isEmpty();
    }

    @Test
    void aTornLineIsCutOffAndKept() throws IOException {
        write(dir.resolve("events.jsonl"), EVENT + EVENT + "{\"job_id\":\"wai");
        foundAndMended("TORN_LINE events.jsonl");
        assertThat(dir.resolve("events.jsonl")).hasContent(EVENT + EVENT);
        assertThat(dir.resolve("quarantine/events.jsonl.torn")).hasContent("{\"job_id\":\"wai");
    }

    @Test
    void linesThatCannotBeParsedAreToldAndStay() throws IOException {
        String log = EVENT + "no JSON\n" + "x".repeat(3 << 20) + "\n" + EVENT;
        write(dir.resolve("events.jsonl.1"), log);
        assertThat(doctor().repair().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.BROKEN_LINES);
            assertThat(finding.what()).startsWith("2 of its lines").contains("line 2.");
            assertThat(finding.isProblem()).isTrue();
        });
        assertThat(Files.size(dir.resolve("events.jsonl.1"))).isEqualTo(log.length());
    }

    @Test
    void permissionsAreTightenedButNeverThroughALink() throws IOException {
        Path outside = Files.writeString(temp.resolve("outside"), "");
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-r--r--"));
        makeDirectory(dir.resolve("quarantine"));
        Files.createSymbolicLink(dir.resolve("quarantine/link"), outside);
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(jobs.resolve("done.json"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(jobs.resolve("waits.json"), PosixFilePermissions.fromString("r--------"));
        Path heard = write(makeDirectory(dir.resolve("heard")).resolve("0123.json"), "{}");
        Files.setPosixFilePermissions(heard, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(foundAndMended("PERMISSIONS .", "PERMISSIONS jobs/done.json", "PERMISSIONS heard/0123.json"))
                .anySatisfy(finding -> assertThat(finding.what()).contains("1 more"));
        assertThat(mode(dir)).isEqualTo("rwx------");
        assertThat(mode(jobs.resolve("waits.json"))).isEqualTo("rw-------");
        assertThat(mode(outside)).isEqualTo("rw-r--r--");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** The decoys: the same job of another directory, and a process that has the pid of a recorded one, but started later. */
    @Test
    void onlyProcessesOfThisDirectoryAreEnded() throws Exception {
        Process stray = sleeper(dir.toRealPath());
        Process decoy = sleeper(temp.toRealPath());
        Process reused = new ProcessBuilder("sleep", "300").start();
        Process recorded = new ProcessBuilder("sleep", "300").start();
        try {
            running("reused", reused.pid(), "before the reboot");
            running(
                    "recorded",
                    recorded.pid(),
                    ProcessTable.ofPlatform().identify(recorded.pid()).start());
            write(
                    dir.resolve("state.json"),
                    STATE.replace("\"running_jobs\": 0", "\"running_jobs\": 2")
                            .replace("\"created_total\": 5", "\"created_total\": 7"));
            foundAndMended("STRAY jobs/recorded.json", "STRAY jobs/waits.json");
            assertThat(stray.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(recorded.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(decoy.isAlive()).isTrue();
            assertThat(reused.isAlive()).isTrue();
        } finally {
            List.of(stray, decoy, reused, recorded).forEach(Process::destroyForcibly);
        }
    }

    private void running(String id, long pid, String start) throws IOException {
        String manifest = MANIFEST.formatted(id, "running").stripTrailing();
        write(
                jobs.resolve(id + ".json"),
                manifest.substring(0, manifest.length() - 1) + ", \"process\": {\"pid\": " + pid + ", \"start\": \""
                        + start + "\"}}");
    }

    private static Process sleeper(Path stateDir) throws IOException {
        return sleeper("waits", stateDir);
    }

    private static Process sleeper(String id, Path stateDir) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "300");
        builder.environment().put("TAU_JOB_ID", id);
        builder.environment().put("TAU_JOB_STATE_DIR", stateDir.toString());
        return builder.start();
    }

    @Test
    void beneathALiveOwnerOnlyWhatStandsStillIsCheckedAndNothingMended() throws Exception {
        Process ofQueued = sleeper("waits", dir.toRealPath());
        Process ofEnded = sleeper("done", dir.toRealPath());
        try (FileJobStore owner = FileJobStore.open(dir, new JacksonJsonCodec(), Disk.local(), 1_000, 2)) {
            owner.load();
            assertThat(owner.directory()).isEqualTo(dir.toRealPath());
            write(dir.resolve("events.jsonl"), "{\"to");
            write(dir.resolve("state.json"), STATE.replace("\"created_total\": 5", "\"created_total\": 4"));
            write(jobs.resolve(".waits.json.1.tmp"), "");
            Path old = write(jobs.resolve(".waits.json.2.tmp"), "");
            Files.setLastModifiedTime(old, FileTime.fromMillis(1));
            Report report = doctor().repair();
            assertThat(report.owned()).isTrue();
            assertThat(report.ownerPid()).hasValue(ProcessHandle.current().pid());
            assertThat(problems(report)).containsExactly("LEFTOVER jobs/.waits.json.2.tmp", "STRAY jobs/done.json");
            assertThat(old).exists();
            assertThat(ofEnded.isAlive()).isTrue();
        } finally {
            ofQueued.destroyForcibly();
            ofEnded.destroyForcibly();
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsNoStateDir() {
        assertThatThrownBy(() -> StateDirDoctor.open(dev.tau.jobs.spi.ToolContext.builder()
                        .setting("jobs-state-dir", temp.resolve("none").toString())
                        .build()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("there is no state dir at ");
    }
}
