package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RunCommandIT {
    @TempDir
    Path root;

    @Test
    void runShowsOutputAndExitsLikeTheJob() throws Exception {
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        assertThat(run(out, err, "run", "--", "sh", "-c", "echo one; echo two >&2; exit 3"))
                .isEqualTo(3);
        assertThat(Json.text(out) + Json.text(err)).contains("one\n").contains("two\n");

        Path list = root.resolve("list");
        assertThat(run(list, err, "list", "--json")).isZero();
        List<JsonNode> codes = Json.parse(Json.text(list)).findValues("reason_code");
        assertThat(codes.stream().map(JsonNode::asString)).contains("job_non_zero_exit");
    }

    /** Shutdown hooks race: the runtime's own must not close it before the job is cancelled. */
    @Test
    void ctrlCCancelsTheJobAndExits130() throws Exception {
        Path out = root.resolve("out");
        Process process = new ProcessBuilder(Launcher.path(), "run", "--", "sh", "-c", "echo go; sleep 300")
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(root.resolve("err").toFile())
                .start();
        await().until(() -> Json.text(out).contains("go"));

        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        Path list = root.resolve("list");
        assertThat(run(list, root.resolve("err"), "list", "--json")).isZero();
        assertThat(Json.parse(Json.text(list)).findValues("reason_code").stream()
                        .map(JsonNode::asString))
                .containsExactly("job_cancelled_during_run");
    }

    /** Else nothing but SIGKILL would end it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void ctrlCEndsItAlsoWhenTheAgentIsStopped() throws Exception {
        try (KillableJvm agent = HostMain.start(root)) {
            Processes.stop(agent.pid());
            Path err = root.resolve("err");
            Process process = new ProcessBuilder(Launcher.path(), "run", "--no-session", "--", "touch", "ran")
                    .directory(root.toFile())
                    .redirectOutput(root.resolve("out").toFile())
                    .redirectError(err.toFile())
                    .start();
            Path requests = JobsHost.stateDir(root).resolve("requests");
            await().until(() -> {
                String[] names = requests.toFile().list((dir, name) -> name.endsWith(".json"));
                return names != null && names.length == 1;
            });
            // It may not know the id yet, and is told so by the first one then.
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(125);
            assertThat(Json.text(err)).contains("has not taken the cancel of job-", "it is stopped, hangs or is busy");
            Processes.goOn(agent.pid());
            await().until(() -> {
                String[] names = requests.toFile().list();
                return names != null && names.length == 0;
            });
            Path list = root.resolve("list");
            assertThat(run(list, err, "list", "--json", "--status", "cancelled"))
                    .isZero();
            assertThat(Json.parse(Json.text(list)).findValuesAsString("reason_code"))
                    .containsExactly("job_cancelled_before_start");
            assertThat(root.resolve("ran")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "124| job_timeout| run --timeout-ms 300 -- sleep 300",
                "127| job_spawn_failed| run -- ./not-there",
                "127| ''| run -- sh -c no-such-command",
                "137| ''| run -- sh -c kill${IFS}-KILL${IFS}$$"
            })
    void runExitsAsShellsDo(int code, String said, String words) throws Exception {
        Path err = root.resolve("err");
        assertThat(run(root.resolve("out"), err, words.split(" "))).isEqualTo(code);
        if (said.isEmpty()) {
            assertThat(Json.text(err)).doesNotContain("tau-jobs: job_");
        } else {
            assertThat(Json.text(err)).contains("tau-jobs: " + said + ": ");
        }
    }

    /** With the job's own words: its runtime is another process. */
    @Test
    void logsPrintsWhatAJobWrote() throws Exception {
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = host.shell("echo one; echo two >&2; until [ -e go ]; do sleep 0.05; done; echo three");
            Process follow = new ProcessBuilder(Launcher.path(), "logs", "-f", id)
                    .directory(root.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            await().until(() -> Json.text(out).equals("one\n"));
            Files.createFile(root.resolve("go"));
            assertThat(follow.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(follow.exitValue()).as(Json.text(err)).isZero();
            assertThat(Json.text(out)).isEqualTo("one\nthree\n");

            assertThat(run(out, err, "logs", "--stderr", id)).isZero();
            assertThat(Json.text(out)).isEqualTo("two\n");
            assertThat(run(out, err, "logs", "--both", id)).isZero();
            assertThat(Json.text(out)).isEqualTo("stdout | one\nstdout | three\nstderr | two\n");
            assertThat(Json.text(err)).contains("when these lines were written is not known");
        }
    }

    @Test
    void logsSaysWhatWasNotKept() throws Exception {
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-max-output-bytes", "65536")) {
            String id = host.shell("head -c 1000000 /dev/zero | tr '\\0' x");
            host.awaitEnd(id);
            for (String[] words : new String[][] {{"logs", id}, {"logs", "--json", id}, {"logs", "-f", "--both", id}}) {
                assertThat(run(out, err, words)).isZero();
                assertThat(Json.text(out)).contains("xxxx").doesNotContain("\0");
                assertThat(Json.text(err)).containsPattern("tau-jobs: 9\\d{5} bytes of stdout are not shown");
            }
            assertThat(run(out, err, "logs", "--stderr", id)).isZero();
            assertThat(Json.text(err)).isEmpty();
        }
    }

    private int run(Path out, Path err, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Launcher.path()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void aReaderThatGoesEndsTheJob() throws Exception {
        Path err = root.resolve("err");
        Process process = new ProcessBuilder(
                        "sh", "-c", "'" + Launcher.path() + "' run --timeout-ms 300000 -- yes | head -n 1")
                .directory(root.toFile())
                .redirectOutput(root.resolve("out").toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Json.text(err)).contains("stdout is closed");
        Path list = root.resolve("list");
        assertThat(run(list, err, "list", "--json")).isZero();
        assertThat(Json.parse(Json.text(list)).findValuesAsString("reason_code"))
                .containsExactly("job_cancelled_during_run");
    }

    @Test
    void whatCanNotBeWrittenIsNoSuccess() throws Exception {
        Path err = root.resolve("err");
        assertThat(run(Path.of("/dev/full"), err, "list")).isEqualTo(1);
        assertThat(Json.text(err)).contains("stdout is closed or can't be written");
    }

    @Test
    void cancelReachesTheOwner() throws Exception {
        Path err = root.resolve("err");
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = host.shell("sleep 300");
            host.awaitStatus(id, "running");
            assertThat(run(root.resolve("out"), err, "cancel", id)).isZero();
            assertThat(host.awaitEnd(id).path("job").path("reason_code").asString())
                    .isEqualTo("job_cancelled_during_run");
        }
        assertThat(run(root.resolve("out"), err, "cancel", "job-1-0001")).isEqualTo(1);
        assertThat(Json.text(err)).contains("there is no job job-1-0001");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--timeout-ms must be an integer from 1 to 900000| run --timeout-ms 0 -- true",
                "a name in --env must not be empty nor contain '='| run --env =x -- true",
                "--cwd must be an existing directory| run --cwd not-there -- true",
                "--status must be one of queued| list --status none",
                "--limit must be at least 1| list --limit 0"
            })
    void aWrongOptionIsNamedAsItWasTyped(String message, String words) throws Exception {
        Path err = root.resolve("err");
        assertThat(run(root.resolve("out"), err, words.split(" "))).isEqualTo(2);
        assertThat(Json.text(err)).contains("tau-jobs: " + message);
    }

    /** Its journal may know more than its manifests show. */
    @Test
    void listShowsWhatAHostHadCreatedWhenItWasKilled() throws Exception {
        String id;
        try (KillableJvm child = HostMain.start(root)) {
            id = HostMain.jobId(root, child);
            child.kill();
        }
        Path manifest = JobsHost.jobFile(root, id, ".json");
        Path list = root.resolve("list");
        assertThat(run(list, root.resolve("err"), "list", "--json")).isZero();
        assertThat(Json.parse(Json.text(list)).findValuesAsString("job_id")).containsExactly(id);
        assertThat(run(list, root.resolve("err"), "list")).isZero();
        assertThat(Json.text(root.resolve("err"))).contains("no live agent owns ", "waits for the next one");
        // As if the kill had come a moment earlier.
        Files.deleteIfExists(manifest);
        assertThat(run(list, root.resolve("err"), "list", "--json")).isZero();
        assertThat(Json.parse(Json.text(list)).findValuesAsString("job_id")).containsExactly(id);
        assertThat(run(list, root.resolve("err"), "status", "--json", id)).isZero();
        assertThat(Json.parse(Json.text(list)).findValuesAsString("job_id")).containsExactly(id);
        assertThat(manifest).as("they change nothing").doesNotExist();
    }

    /** A model chooses the label, a job the names of files in its state directory: neither may drive a person's terminal. */
    @Test
    void listShowsWhatIsNotPrintedEscaped() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            host.create(Map.of("command", "true", "label", "a\u001b[2Jb\nc"));
        }
        Path stray = JobsHost.jobFile(root, "\u001b]0;x\u0007", ".json");
        Files.writeString(stray, "{");
        Path list = root.resolve("list");
        assertThat(run(list, root.resolve("err"), "list")).isZero();
        assertThat(Json.text(list)).contains("a\\u001b[2Jb\\nc: true");
        assertThat(Json.text(root.resolve("err")))
                .contains("\\u001b]0;x\\u0007.json")
                .doesNotContain("\u001b");
    }
}
