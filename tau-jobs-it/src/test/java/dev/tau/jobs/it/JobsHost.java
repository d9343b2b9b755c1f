package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A host that knows only the SPI, with its state dir at .tau/jobs under a temporary directory. */
final class JobsHost implements AutoCloseable {
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");

    private final Path root;
    private final ToolSet tools;

    private JobsHost(Path root, ToolSet tools) {
        this.root = root;
        this.tools = tools;
    }

    /** Opens the tools; settings are keys and values in turn. */
    static JobsHost open(Path root, String... settings) {
        ToolContext.Builder context = ToolContext.builder()
                .workingDirectory(root)
                .setting("jobs-state-dir", stateDir(root).toString());
        for (int i = 0; i < settings.length; i += 2) {
            context.setting(settings[i], settings[i + 1]);
        }
        return new JobsHost(root, ToolSet.load(context.build()));
    }

    static Path stateDir(Path root) {
        return root.resolve(".tau/jobs");
    }

    static Path jobFile(Path root, String id, String suffix) {
        return stateDir(root).resolve("jobs").resolve(id + suffix);
    }

    ToolResult call(String tool, Map<String, ?> arguments) {
        return tools.find(tool)
                .orElseThrow(() -> new AssertionError("no tool " + tool + ": " + tools.problems()))
                .execute(ToolCall.of(arguments));
    }

    JsonNode content(ToolResult result) {
        return Json.parse(result.json());
    }

    /** Creates a job that must be accepted, and gives its id. */
    String create(Map<String, ?> arguments) {
        ToolResult result = call("jobs_create", arguments);
        assertThat(result.reasonCode()).as(result.json()).isEqualTo("job_queued");
        assertThat(result.isError()).isFalse();
        return content(result).path("job").path("job_id").asText();
    }

    String shell(String script) {
        return create(Map.of("command", "sh", "args", List.of("-c", script), "cwd", root.toString()));
    }

    JsonNode status(String id) {
        return content(call("jobs_status", Map.of("job_id", id)));
    }

    JsonNode job(String id) {
        return status(id).path("job");
    }

    JsonNode list(Map<String, ?> arguments) {
        return content(call("jobs_list", arguments));
    }

    JsonNode cancel(String id) {
        return content(call("jobs_cancel", Map.of("job_id", id)));
    }

    /** Waits for the job's end and gives the whole answer of jobs_status. */
    JsonNode awaitEnd(String id) {
        JsonNode answer = status(id);
        for (int i = 0; i < 3 && !ended(answer); i++) {
            answer = content(call("jobs_status", Map.of("job_id", id, "wait_ms", 20_000)));
        }
        assertThat(ended(answer)).as("ended: " + answer).isTrue();
        return answer;
    }

    private static boolean ended(JsonNode answer) {
        return ENDED.contains(answer.path("job").path("status").asText());
    }

    void awaitStatus(String id, String status) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(job(id).path("status").asText()).isEqualTo(status));
    }

    /** Waits until the job runs and has printed this. */
    void awaitOutput(String id, String text) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() ->
                        assertThat(status(id).path("stdout_preview").asText()).contains(text));
    }

    JsonNode stateJson() {
        return Json.file(stateDir(root).resolve("state.json"));
    }

    JsonNode manifest(String id) {
        return Json.file(jobFile(root, id, ".json"));
    }

    /** The events of one job as "event/reason_code". */
    List<String> events(String id) {
        return events(root, id);
    }

    static List<String> events(Path root, String id) {
        List<String> found = new ArrayList<>();
        for (JsonNode event : Json.lines(stateDir(root).resolve("events.jsonl"))) {
            if (id.equals(event.path("job_id").asText())) {
                found.add(event.path("event").asText() + "/"
                        + event.path("reason_code").asText());
            }
        }
        return found;
    }

    /** Pids of the processes, zombies excluded, that have this job's id in their environment. */
    static List<String> liveProcessesOf(String id) {
        String wanted = "TAU_JOB_ID=" + id;
        List<String> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (environmentOf(process).contains(wanted) && !isZombie(process)) {
                    pids.add(process.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pids;
    }

    private static List<String> environmentOf(Path process) {
        try {
            byte[] bytes = Files.readAllBytes(process.resolve("environ"));
            return List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1));
        } catch (IOException e) {
            return List.of(); // ended meanwhile, or somebody else's
        }
    }

    private static boolean isZombie(Path process) {
        try {
            String stat = new String(Files.readAllBytes(process.resolve("stat")), StandardCharsets.ISO_8859_1);
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException e) {
            return true;
        }
    }

    static void awaitNoProcessOf(String id) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(liveProcessesOf(id)).isEmpty());
    }

    static void awaitProcesses(String id, int atLeast) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(liveProcessesOf(id)).hasSizeGreaterThanOrEqualTo(atLeast));
    }

    @Override
    public void close() {
        tools.close();
    }
}
