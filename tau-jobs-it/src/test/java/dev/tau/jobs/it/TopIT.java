package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The full-screen view, on a terminal, beside an MCP server. */
@Timeout(180)
class TopIT {
    private static final boolean DEEP = Boolean.getBoolean("tau.jobs.deep");
    private static final int COLUMNS = 160;
    private static final int ROWS = 40;

    @TempDir
    Path root;

    @BeforeEach
    void needsATerminal() throws Exception {
        assumeTrue(TerminalSession.isAvailable(), "SKIPPED: there is no script(1) of util-linux");
    }

    private TerminalSession top(String script) throws IOException {
        return TerminalSession.start(
                root,
                COLUMNS,
                ROWS,
                Map.of(
                        "TAU_JOBS",
                        Launcher.path(),
                        "DIR",
                        JobsHost.stateDir(root).toString()),
                script);
    }

    private TerminalSession top() throws IOException {
        return top("\"$TAU_JOBS\" top \"$DIR\"");
    }

    private static String idOf(JsonNode created) {
        return created.path("job").path("job_id").asString();
    }

    private static void awaitScreen(TerminalSession screen, String... words) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(screen.text()).contains(words));
    }

    /** What a line says of a job. */
    private static void awaitLine(TerminalSession screen, String id, String word) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(screen.lines())
                        .as("%s is %s", id, word)
                        .anyMatch(line -> line.contains(id) && line.startsWith(word)));
    }

    /** The counts of the second line, as state.json has them. */
    private static String counts(JsonNode health) {
        return "queued %d  running %d  succeeded %d  failed %d  cancelled %d "
                .formatted(
                        health.path("queue_depth").asLong(),
                        health.path("running_jobs").asLong(),
                        health.path("succeeded_total").asLong(),
                        health.path("failed_total").asLong(),
                        health.path("cancelled_total").asLong());
    }

    @Test
    @SuppressWarnings("SystemOut")
    void whatBecomesOf200JobsIsShownWithinASecond() throws Exception {
        try (McpServer server = McpServer.start(root, "--jobs-workers", "4");
                TerminalSession screen = top()) {
            awaitScreen(screen, "agent ", "no jobs");
            List<Long> delays = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                if (i % 40 != 39) {
                    String script = List.of("exit 0", "exit 3", "sleep 0.05", "kill -9 $$")
                            .get(i % 4);
                    server.call("jobs_create", Map.of("command", script, "shell", true));
                    continue;
                }
                String id = idOf(server.call(
                        "jobs_create", Map.of("command", "sleep", "args", List.of("300"), "priority", 100)));
                long created = System.nanoTime();
                awaitScreen(screen, id);
                delays.add(System.nanoTime() - created);
                await().until(() -> server.call("jobs_status", Map.of("job_id", id))
                        .path("job")
                        .path("status")
                        .asString()
                        .equals("running"));
                long started = System.nanoTime();
                awaitLine(screen, id, "running");
                delays.add(System.nanoTime() - started);
                server.call("jobs_cancel", Map.of("job_id", id));
                await().until(() -> server.call("jobs_status", Map.of("job_id", id))
                        .path("job")
                        .path("status")
                        .asString()
                        .equals("cancelled"));
                long cancelled = System.nanoTime();
                awaitLine(screen, id, "cancelled");
                delays.add(System.nanoTime() - cancelled);
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                JsonNode health = server.call("jobs_list", Map.of("limit", 1)).path("health");
                return health.path("queue_depth").asInt()
                                + health.path("running_jobs").asInt()
                        == 0;
            });
            JsonNode health = server.call("jobs_list", Map.of("limit", 1)).path("health");
            assertThat(health.path("created_total").asLong()).isEqualTo(200);
            awaitScreen(screen, counts(health));
            await().untilAsserted(() -> assertThat(screen.text())
                    .contains(counts(Json.file(JobsHost.stateDir(root).resolve("state.json")))));
            long longest = TimeUnit.NANOSECONDS.toMillis(
                    delays.stream().mapToLong(Long::longValue).max().orElseThrow());
            System.out.println("top: a change was shown after " + longest + " ms at the most, of " + delays.size());
            if (DEEP) {
                assertThat(longest).as("ms until a change is shown").isLessThan(1000);
            }
        }
    }

    @Test
    void aJobIsChosenReadAndCancelled() throws Exception {
        try (McpServer server = McpServer.start(root)) {
            String hostile = idOf(server.call(
                    "jobs_create",
                    Map.of(
                            "command",
                            "echo 'two\u001b[2Jlines'; echo other >&2; sleep 300",
                            "shell",
                            true,
                            "timeout_ms",
                            300_000)));
            String other = idOf(server.call(
                    "jobs_create", Map.of("command", "sleep", "args", List.of("299"), "timeout_ms", 300_000)));
            try (TerminalSession screen = top()) {
                awaitLine(screen, hostile, "running");
                awaitLine(screen, other, "running");
                // An id may hold any number.
                screen.type("/sleep 300\r");
                await().until(() -> !screen.text().contains(other));
                screen.type("\r");
                awaitScreen(screen, "stdout:", "lines", "esc back");
                assertThat(screen.text()).contains("two\\u001b[2Jlines");
                screen.type("\t");
                awaitScreen(screen, "stderr:", "other");
                screen.type("c");
                awaitScreen(screen, "Cancel " + hostile);
                screen.type("n");
                awaitScreen(screen, "nothing was cancelled");
                screen.type("c");
                awaitScreen(screen, "Cancel " + hostile);
                screen.type("y");
                awaitScreen(screen, hostile + " is ");
                screen.type("\u001b");
                awaitLine(screen, hostile, "cancelled");
                screen.type("\u001b");
                awaitLine(screen, other, "running");
                screen.type("q");
                assertThat(screen.awaitEnd()).isZero();
            }
            assertThat(server.call("jobs_status", Map.of("job_id", hostile))
                            .path("job")
                            .path("reason_code")
                            .asString())
                    .isEqualTo("job_cancelled_during_run");
            assertThat(server.call("jobs_status", Map.of("job_id", other))
                            .path("job")
                            .path("status")
                            .asString())
                    .isEqualTo("running");
        }
    }

    /** By q, by Ctrl-C, and by a signal from elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"q", "\u0003", "TERM"})
    void theTerminalIsLeftAsItWas(String end) throws Exception {
        Files.createDirectories(JobsHost.stateDir(root));
        try (TerminalSession screen = top("stty -g >before; \"$TAU_JOBS\" top \"$DIR\"; "
                + "code=$?; stty -g >after; echo left with $code; cat")) {
            awaitScreen(screen, "no live agent", "no jobs");
            if (end.equals("TERM")) {
                assertThat(screen.java().destroy()).isTrue();
            } else {
                screen.type(end);
            }
            awaitScreen(screen, "left with 0");
            // What it has switched on is off again; the emulator does not bring back what the terminal showed before.
            assertThat(screen.sent()).containsSubsequence("\u001b[?1049h", "no jobs", "\u001b[?1049l", "left with");
            assertThat(screen.sent()).containsSubsequence("\u001b[?25l", "no jobs", "\u001b[?25h", "left with");
            assertThat(Json.text(root.resolve("after"))).isEqualTo(Json.text(root.resolve("before")));
        }
    }

    @Test
    void itFitsAnyTerminal() throws Exception {
        try (McpServer server = McpServer.start(root)) {
            String id = idOf(server.call("jobs_create", Map.of("command", "sleep", "args", List.of("300"))));
            try (TerminalSession screen = top("tty >tty; exec \"$TAU_JOBS\" top \"$DIR\"")) {
                awaitLine(screen, id, "running");
                for (int[] size : new int[][] {{60, 8}, {20, 3}, {1, 1}, {COLUMNS, ROWS}}) {
                    int before = screen.sent().length();
                    new ProcessBuilder(
                                    "stty",
                                    "-F",
                                    Json.text(root.resolve("tty")).strip(),
                                    "rows",
                                    Integer.toString(size[1]),
                                    "cols",
                                    Integer.toString(size[0]))
                            .start()
                            .waitFor();
                    // Drawn anew, once at the least.
                    await().until(() -> screen.sent().length() > before);
                }
                awaitLine(screen, id, "running");
                screen.type("q");
                assertThat(screen.awaitEnd()).isZero();
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anAgentThatIsStoppedIsSaidToBeSo() throws Exception {
        try (McpServer server = McpServer.start(root);
                TerminalSession screen = top()) {
            // Nothing runs, so that nothing else is drawn anew.
            awaitScreen(screen, "agent ", "no jobs");
            long agent = server.pid();
            Processes.stop(agent);
            awaitScreen(screen, "agent " + agent + " is stopped");
            Processes.goOn(agent);
            await().untilAsserted(() ->
                    assertThat(screen.text()).contains("agent " + agent).doesNotContain("is stopped"));
        }
    }

    /** As that of a server without a window system. */
    @Test
    void itRunsOnAConsoleWithoutASecondScreen() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true");
                TerminalSession screen = top("TERM=linux \"$TAU_JOBS\" top \"$DIR\" && echo it has ended")) {
            String id = host.shell("sleep 300");
            awaitLine(screen, id, "running");
            screen.type("q");
            assertThat(screen.awaitEnd()).isZero();
            await().untilAsserted(() ->
                    assertThat(screen.text()).contains("it has ended").doesNotContain(id));
        }
    }

    /** What is longer than the terminal is wide could not be erased. */
    @Test
    void theLineOfRunFitsANarrowTerminal() throws Exception {
        try (TerminalSession screen = TerminalSession.start(
                root,
                30,
                ROWS,
                Map.of("TAU_JOBS", Launcher.path()),
                "\"$TAU_JOBS\" run --no-session -- sh -c 'echo begun; sleep 1.5; echo ended'")) {
            assertThat(screen.awaitEnd()).isZero();
            await().untilAsserted(() -> assertThat(screen.text().strip()).isEqualTo("begun\nended"));
        }
    }

    @Test
    void aDirectoryThatCantBeReadIsSaidToBeSoUntilItCan() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            host.awaitEnd(host.shell("true"));
        }
        Path stateDir = JobsHost.stateDir(root);
        try (TerminalSession screen = top("exec \"$TAU_JOBS\" top \"$DIR\"")) {
            awaitScreen(screen, "succeeded 1 ");
            Path aside = Files.move(stateDir.resolve("jobs"), stateDir.resolve("aside"));
            Path link = Files.createSymbolicLink(stateDir.resolve("jobs"), Path.of("jobs"));
            awaitScreen(screen, "can't be read: ");
            Files.delete(link);
            Files.move(aside, link);
            await().untilAsserted(() -> assertThat(screen.text()).doesNotContain("can't be read"));
            awaitScreen(screen, "succeeded 1 ");
            screen.type("q");
            assertThat(screen.awaitEnd()).isZero();
        }
    }

    /** And the screen is no place for warnings of it. */
    @Test
    void aManifestThatCantBeReadIsCounted() throws Exception {
        Path jobs = Files.createDirectories(JobsHost.stateDir(root).resolve("jobs"));
        Files.writeString(jobs.resolve("job-1-0001.json"), "{");
        try (TerminalSession screen = top()) {
            awaitScreen(screen, "no live agent  1 unreadable", "no jobs");
            assertThat(screen.sent()).doesNotContain("job-1-0001");
            screen.type("q");
            screen.awaitEnd();
        }
    }

    @Test
    void aTerminalThatCanDoNothingIsRefused() throws Exception {
        Files.createDirectories(JobsHost.stateDir(root));
        try (TerminalSession screen = top("TERM=dumb \"$TAU_JOBS\" top \"$DIR\"")) {
            assertThat(screen.awaitEnd()).isEqualTo(1);
            awaitScreen(screen, "top needs a terminal");
        }
    }

    @Test
    void withoutATerminalItSaysWhatDoes() throws Exception {
        Files.createDirectories(JobsHost.stateDir(root));
        Path err = root.resolve("err");
        Process process = new ProcessBuilder(
                        Launcher.path(), "top", JobsHost.stateDir(root).toString())
                .directory(root.toFile())
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(root.resolve("out").toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Json.text(err)).contains("top needs a terminal; list, status and events do without");
    }
}
