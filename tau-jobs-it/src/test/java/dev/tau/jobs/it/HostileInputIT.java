package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class HostileInputIT {
    private static final String[] ONE_WORKER = {"jobs-workers", "1", "no-session", "true"};
    private static final String VICTIM = "precious, not the job's\n";

    @TempDir
    Path temporary;

    private Path root;
    private Path outside;
    private Path victim;

    @BeforeEach
    void prepare() throws Exception {
        root = Files.createDirectory(temporary.resolve("root"));
        outside = Files.createDirectory(temporary.resolve("outside"));
        victim = Files.writeString(outside.resolve("victim"), VICTIM);
    }

    private static void assertCode(ToolResult result, String code) {
        assertThat(result.reasonCode()).as(result.json()).isEqualTo(code);
    }

    private static String reason(JsonNode answer) {
        return answer.path("job").path("reason_code").asString();
    }

    @Test
    void aCwdThatBecomesALinkBeforeTheStartIsNotEntered() throws Exception {
        Files.delete(victim);
        Path cwd = Files.createDirectory(root.resolve("cwd"));
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            String busy = host.shell("until test -e go; do sleep 0.02; done");
            host.awaitStatus(busy, "running");
            String id = host.create(Map.of("command", "touch", "args", List.of("was-here"), "cwd", "cwd"));
            Files.delete(cwd);
            Files.createSymbolicLink(cwd, outside);
            Files.createFile(root.resolve("go"));
            JsonNode job = host.awaitEnd(id).path("job");
            assertThat(job.path("reason_code").asString()).isEqualTo("job_spawn_failed");
            assertThat(job.path("error").asString()).contains("cwd no longer lies inside an allowed root");
        }
        assertThat(outside).isEmptyDirectory();
    }

    /** Not by the owner of a state dir, which knows its jobs, and not by a guest, which reads the files. */
    @Test
    void aJobIdNeverLeadsOutOfTheStateDir() throws Exception {
        String real;
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            real = host.shell("echo out");
            host.awaitEnd(real);
            // Good manifests, were they looked at.
            ObjectNode manifest = (ObjectNode) host.manifest(real);
            manifest.put("job_id", "x").put("command", "a-secret-command");
            for (Path decoy : List.of(JobsHost.stateDir(root).resolve("x.json"), outside.resolve("x.json"))) {
                Files.writeString(decoy, manifest.toString());
            }
            assertNoJobOfHostileIds(host, real);
        }
        try (KillableJvm owner = HostMain.start(root);
                JobsHost guest = JobsHost.open(root, ONE_WORKER)) {
            String running = HostMain.jobId(root, owner);
            assertNoJobOfHostileIds(guest, real);
            guest.cancel(running);
            guest.awaitEnd(running);
        }
    }

    private void assertNoJobOfHostileIds(JobsHost host, String real) {
        for (String id : List.of(
                "../x",
                "../../../../../outside/x",
                outside.resolve("x").toString(),
                real + "\0",
                real + "/../" + real,
                "../jobs/" + real,
                "./" + real,
                real + "\n",
                real + " ",
                "x".repeat(10_240),
                "../".repeat(3_400) + "x",
                real.replace('-', '\u2010'),
                real.replace('1', '\uff11'),
                real.replace('j', '\u0458'),
                "\u2024\u2024\uff0fx",
                "\uD800",
                "..",
                ".")) {
            for (String tool : List.of("jobs_status", "jobs_cancel")) {
                ToolResult result = host.call(tool, Map.of("job_id", id));
                assertThat(result.isError()).as(result.json()).isTrue();
                assertThat(result.reasonCode()).as(result.json()).isIn("jobs_invalid_arguments", "job_not_found");
                assertThat(result.json()).doesNotContain("a-secret-command");
            }
        }
        assertThat(host.job(real).path("job_id").asString()).as("the good one").isEqualTo(real);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "=", "TAU_JOB_ID", "TAU_JOB_STATE_DIR", "A\0B"})
    void anEnvironmentNameThatNoVariableMayHaveIsRefused(String name) {
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            assertCode(
                    host.call("jobs_create", Map.of("command", "true", "env", Map.of(name, "v"))),
                    "jobs_invalid_arguments");
            assertThat(host.list(Map.of()).path("count").asInt()).isZero();
        }
    }

    @Test
    void argumentsAreTakenUpToTheSystemsLimitAndRefusedBeyondIt() {
        int longest = 131_071; // of one string, in Linux
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            assertCode(
                    host.call("jobs_create", Map.of("command", "true", "args", List.of("x".repeat(1 << 20)))),
                    "jobs_invalid_arguments");
            List<String> script = List.of("-c", "echo ${#1}", "sh");
            for (int length : new int[] {longest, longest + 1}) {
                List<String> args = new ArrayList<>(script);
                args.add("x".repeat(length));
                JsonNode end = host.awaitEnd(host.create(Map.of("command", "sh", "args", args)));
                assertThat(reason(end)).isEqualTo(length > longest ? "job_spawn_failed" : "job_succeeded");
                assertThat(end.path("stdout_preview").asString()).isEqualTo(length > longest ? "" : length + "\n");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cwd,..",
        "cwd,../outside",
        "cwd,link",
        "cwd,link/../outside",
        "cwd,inside/../../outside",
        "session_path,../outside/s.jsonl",
        "session_path,link/s.jsonl",
        "session_path,dangling",
        "session_path,missing/../../outside/s.jsonl",
        "session_path,file-link"
    })
    void aPathThatLeadsOutIsRefused(String argument, String path) throws Exception {
        Files.createDirectory(root.resolve("inside"));
        Files.createSymbolicLink(root.resolve("link"), outside);
        Files.createSymbolicLink(root.resolve("file-link"), victim);
        Files.createSymbolicLink(root.resolve("dangling"), outside.resolve("new.jsonl"));
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            ToolResult result = host.call("jobs_create", Map.of("command", "true", argument, path));
            assertCode(result, "jobs_invalid_arguments");
            assertThat(result.json()).contains(argument);
            assertThat(host.list(Map.of()).path("count").asInt()).isZero();
        }
        assertOutsideIsAsBefore();
    }

    private void assertOutsideIsAsBefore() throws Exception {
        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).containsExactly(victim);
        }
        assertThat(victim).hasContent(VICTIM);
    }

    @Test
    void aChannelsNameNeverLeadsOutOfItsStore() throws Exception {
        Path store = root.resolve("store");
        List<String> names =
                List.of("..", ".", "../../x", "/", outside.toString(), "..\\x", "\u2024\u2024", "a/../../b");
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "channel-store-root", store.toString())) {
            for (String name : names) {
                for (List<String> channel : List.of(List.of(name, "c"), List.of("t", name), List.of(name, name))) {
                    String id = host.create(Map.of(
                            "command", "true", "channel_transport", channel.get(0), "channel_id", channel.get(1)));
                    assertThat(reason(host.awaitEnd(id))).isEqualTo("job_succeeded");
                }
            }
        }
        int lines = 0;
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path log : files.filter(file -> file.endsWith("log.jsonl")).toList()) {
                assertThat(log.getParent().getParent().getParent()).isEqualTo(store.resolve("channels"));
                lines += Json.lines(log).size();
            }
        }
        assertThat(lines).as("three transitions of each job").isEqualTo(names.size() * 3 * 3);
        assertOutsideIsAsBefore();
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(".tau", "store");
        }
    }

    @Test
    void whatATerminalWouldObeyIsShownEscaped() {
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            String id =
                    host.shell("printf 'a\\033[31mred\\033]0;t\\007\\b\\rb\\302\\233c\\177\\n'; printf 'x\\000y' >&2");
            JsonNode end = host.awaitEnd(id);
            assertThat(end.path("stdout_preview").asString())
                    .isEqualTo("a\\u001b[31mred\\u001b]0;t\\u0007\\u0008\\rb\\u009bc\\u007f\n");
            assertThat(end.path("stderr_preview").asString()).isEqualTo("x\\u0000y");
        }
    }

    @Test
    void invalidUtf8IsShownAsReplaced() {
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            String id = host.shell("printf 'a\\377b\\300\\257c\\355\\240\\200d\\n'");
            String preview = host.awaitEnd(id).path("stdout_preview").asString();
            assertThat(preview)
                    .startsWith("a\uFFFDb\uFFFD")
                    .endsWith("d\n")
                    .contains("c")
                    .doesNotContain("/");
        }
    }

    @Test
    void aLineOf200MegabytesIsNotRead() {
        int longLine = 200 << 20;
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-max-output-bytes", "1000000000")) {
            String id = host.create(Map.of(
                    "command",
                    "sh",
                    "args",
                    List.of("-c", "head -c " + longLine + " /dev/zero | tr '\\0' x"),
                    "timeout_ms",
                    60_000));
            JsonNode end = host.awaitEnd(id);
            assertThat(end.path("job").path("stdout_bytes").asLong()).isEqualTo(longLine);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            for (int i = 0; i < 10; i++) {
                long memory = threads.getCurrentThreadAllocatedBytes();
                long begin = System.nanoTime();
                ToolResult result = host.call("jobs_status", Map.of("job_id", id));
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
                assertThat(threads.getCurrentThreadAllocatedBytes() - memory).isLessThan(1 << 20);
                assertThat(host.content(result).path("stdout_preview").asString())
                        .isEqualTo("<output truncated>\n" + "x".repeat(2_000));
            }
        }
    }

    @Test
    void aLogThatIsALinkBeforeTheStartIsNotFollowed() throws Exception {
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            String busy = host.shell("until test -e go; do sleep 0.02; done");
            host.awaitStatus(busy, "running");
            List<String> ids = new ArrayList<>();
            for (String log : List.of(".stdout.log", ".stderr.log")) {
                String id = host.shell("echo overwritten; echo overwritten >&2");
                Files.createSymbolicLink(JobsHost.jobFile(root, id, log), victim);
                assertThat(host.status(id).toString()).doesNotContain("precious");
                ids.add(id);
            }
            Files.createFile(root.resolve("go"));
            for (String id : ids) {
                assertThat(reason(host.awaitEnd(id))).isEqualTo("job_runtime_error");
                assertThat(host.status(id).toString()).doesNotContain("precious");
            }
        }
        assertOutsideIsAsBefore();
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.json", "events.jsonl", "owner.json", "lock"})
    void aFileOfTheStateDirThatIsALinkIsNotFollowed(String name) throws Exception {
        Files.createDirectories(JobsHost.stateDir(root));
        Files.createSymbolicLink(JobsHost.stateDir(root).resolve(name), victim);
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            ToolResult result = host.call("jobs_create", Map.of("command", "true"));
            if (result.isError()) {
                assertThat(result.reasonCode()).isIn("jobs_runtime_unavailable", "jobs_runtime_error");
            } else {
                String id = host.content(result).path("job").path("job_id").asString();
                assertThat(reason(host.awaitEnd(id))).isEqualTo("job_succeeded");
            }
            assertThat(result.json()).doesNotContain("precious");
        }
        assertOutsideIsAsBefore();
    }

    /** Both are checked again at each use, not only when the job is created. */
    @ParameterizedTest
    @ValueSource(strings = {"sessions", "sessions/s.jsonl", "store/channels/t", "store/channels/t/c/log.jsonl"})
    void aTraceThatBecomesALinkBeforeItIsWrittenIsNotFollowed(String swapped) throws Exception {
        Files.createDirectory(root.resolve("sessions"));
        String store = root.resolve("store").toString();
        try (JobsHost host =
                JobsHost.open(root, "no-session", "true", "jobs-workers", "1", "channel-store-root", store)) {
            String id = host.create(Map.of(
                    "command", "sh",
                    "args", List.of("-c", "echo up; until test -e go; do sleep 0.02; done"),
                    "session_path", "sessions/s.jsonl",
                    "channel_transport", "t",
                    "channel_id", "c"));
            host.awaitOutput(id, "up");
            Path session = root.resolve("sessions/s.jsonl");
            Path log = root.resolve("store/channels/t/c/log.jsonl");
            await().until(() -> written(session, 3) && written(log, 2));
            Path path = root.resolve(swapped);
            boolean directory = Files.isDirectory(path);
            Files.move(path, root.resolve("aside"));
            Files.createSymbolicLink(path, directory ? outside : victim);
            Files.createFile(root.resolve("go"));
            assertThat(reason(host.awaitEnd(id))).isEqualTo("job_succeeded");
            await().untilAsserted(() -> assertThat(host.events(id)).contains("trace_error/job_trace_write_failed"));
        }
        assertOutsideIsAsBefore();
    }

    private static boolean written(Path file, int lines) {
        return Files.exists(file) && Json.text(file).lines().count() == lines;
    }

    /** The manifest of a job that was run, changed, and put back as a queued or an ended one. */
    private String manifestByOthers(String status, String reason, ObjectNode changes) throws Exception {
        String id;
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            id = host.shell("echo out; echo err >&2");
            host.awaitEnd(id);
        }
        ObjectNode manifest = (ObjectNode) Json.file(JobsHost.jobFile(root, id, ".json"));
        manifest.put("status", status).put("reason_code", reason);
        manifest.remove(List.of("stdout_bytes", "stderr_bytes", "stdout_truncated", "stderr_truncated"));
        manifest.setAll(changes);
        Files.writeString(JobsHost.jobFile(root, id, ".json"), manifest.toPrettyString() + "\n");
        return id;
    }

    @ParameterizedTest
    @CsvSource({"queued,job_queued", "running,job_started", "succeeded,job_succeeded"})
    void outputPathsInAManifestAreNotTrusted(String status, String code) throws Exception {
        ObjectNode paths = JsonNodeFactory.instance
                .objectNode()
                .put("stdout_path", victim.toString())
                .put("stderr_path", "../../../../outside/victim");
        String id = manifestByOthers(status, code, paths);
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            JsonNode end = host.awaitEnd(id);
            assertThat(reason(end)).isEqualTo("job_succeeded");
            assertThat(end.path("stdout_preview").asString()).isEqualTo("out\n");
            assertThat(end.path("stderr_preview").asString()).isEqualTo("err\n");
            assertThat(end.path("job").path("stdout_path").asString()).doesNotContain("victim");
        }
        assertOutsideIsAsBefore();
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "victim"})
    void aSessionOutsideInAManifestIsNotWritten(String name) throws Exception {
        ObjectNode changes = JsonNodeFactory.instance.objectNode();
        changes.putObject("trace")
                .put("session_path", outside.resolve(name).toString())
                .put("channel_store_root", outside.toString())
                .put("channel_transport", "t")
                .put("channel_id", "c");
        String id = manifestByOthers("queued", "job_queued", changes);
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            assertThat(reason(host.awaitEnd(id))).isEqualTo("job_succeeded");
            await().untilAsserted(() -> assertThat(host.events(id)).contains("trace_error/job_trace_write_failed"));
        }
        String details = Json.text(JobsHost.stateDir(root).resolve("events.jsonl"));
        assertThat(details).contains("session_path").contains("channel_store_root");
        assertOutsideIsAsBefore();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none|",
                "APP_ONE|APP_ONE",
                "APP_*,NOT_THERE|APP_ONE,APP_TWO",
                "*|APP_ONE,APP_TWO,API_KEY,OTHER",
                "all|APP_ONE,APP_TWO,API_KEY,OTHER"
            })
    void aJobSeesWhatItMayOfTheHostsEnvironment(String setting, String passed) throws Exception {
        Map<String, String> always = new HashMap<>();
        for (String name : List.of("PATH", "HOME")) {
            always.put(name, System.getenv(name));
        }
        always.put("LANG", "C.UTF-8");
        always.put("TMPDIR", temporary.toString());
        Map<String, String> host = new HashMap<>(always);
        Map<String, String> own =
                Map.of("APP_ONE", "1", "APP_TWO", "2", "API_KEY", "secret", "OTHER", "o", "JAVA_HOME", javaHome());
        host.putAll(own);

        Path out = root.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                        Launcher.path(),
                        "run",
                        "--no-session",
                        "--jobs-inherit-env=" + setting,
                        "--env",
                        "OF_JOB=j",
                        "--",
                        "env")
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(root.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(host);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Json.text(root.resolve("err"))).isZero();

        Map<String, String> seen = new TreeMap<>();
        for (String line : Json.text(out).split("\n", 0)) {
            seen.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        Map<String, String> expected = new TreeMap<>(always);
        for (String name : passed == null ? new String[0] : passed.split(",", -1)) {
            expected.put(name, own.get(name));
        }
        expected.put("OF_JOB", "j");
        expected.put("TAU_JOB_STATE_DIR", JobsHost.stateDir(root).toRealPath().toString());
        assertThat(seen).containsAllEntriesOf(expected);
        TreeSet<String> more = new TreeSet<>(seen.keySet());
        more.removeAll(expected.keySet());
        if (setting.equals("all") || setting.equals("*")) {
            assertThat(more)
                    .contains("TAU_JOB_ID", "TAU_JOB_RUNTIME", "JAVA_HOME"); // and what the shell of the launcher sets
        } else {
            assertThat(more).containsExactly("TAU_JOB_ID", "TAU_JOB_RUNTIME");
        }
    }

    private static String javaHome() {
        return System.getProperty("java.home");
    }
}
