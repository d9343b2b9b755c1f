package dev.tau.jobs.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.ToolCall;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.spi.ToolSet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A host for tests, which knows only the SPI: the four tools, with their state dir at {@code .tau/jobs} under a directory
 * of the test's. What is expected and does not happen is an {@link AssertionError}. {@link TauJobs} gives a test one on a
 * fresh directory. Safe for several threads.
 */
public final class JobsHost implements AutoCloseable {
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private final Path root;
    private final ToolSet tools;

    private JobsHost(Path root, ToolSet tools) {
        this.root = root;
        this.tools = tools;
    }

    /**
     * Finds the tools on the class path and opens them.
     *
     * @param root the working directory and the one allowed root
     * @param settings keys and values in turn, such as {@code "jobs-workers", "1"}
     * @return the open host
     */
    public static JobsHost open(Path root, String... settings) {
        return open(root, InstantSource.system(), settings);
    }

    /**
     * Finds the tools on the class path and opens them on a clock of the test's.
     *
     * @param root the working directory and the one allowed root
     * @param clock tells the wall time, such as a {@link ManualClock}
     * @param settings keys and values in turn
     * @return the open host
     */
    public static JobsHost open(Path root, InstantSource clock, String... settings) {
        return open(root, ToolContext.builder().clock(clock), settings);
    }

    /**
     * Finds the tools on the class path and opens them, with what a test has put into a context.
     *
     * @param root the working directory and the one allowed root
     * @param context gets the rest
     * @param settings keys and values in turn
     * @return the open host
     */
    public static JobsHost open(Path root, ToolContext.Builder context, String... settings) {
        context.workingDirectory(root).setting("jobs-state-dir", stateDir(root).toString());
        for (int i = 0; i < settings.length; i += 2) {
            context.setting(settings[i], settings[i + 1]);
        }
        return new JobsHost(root, ToolSet.load(context.build()));
    }

    /**
     * Where a host keeps its state.
     *
     * @param root the host's directory
     * @return its state dir
     */
    public static Path stateDir(Path root) {
        return root.resolve(".tau/jobs");
    }

    /**
     * A file of a job.
     *
     * @param root the host's directory
     * @param id the job
     * @param suffix {@code .json}, {@code .stdout.log} or {@code .stderr.log}
     * @return the file
     */
    public static Path jobFile(Path root, String id, String suffix) {
        return stateDir(root).resolve("jobs").resolve(id + suffix);
    }

    /** {@return the host's directory} */
    public Path root() {
        return root;
    }

    /**
     * Calls a tool.
     *
     * @param tool its name
     * @param arguments the arguments
     * @return its result, an error as well
     */
    public ToolResult call(String tool, Map<String, ?> arguments) {
        return tools.find(tool)
                .orElseThrow(() -> new AssertionError("no tool " + tool + ": " + tools.problems()))
                .execute(ToolCall.of(arguments));
    }

    /**
     * What a result says, read from its text.
     *
     * @param result a result
     * @return its tree
     */
    public JsonNode content(ToolResult result) {
        return Json.parse(result.json());
    }

    /**
     * Creates a job that must be accepted.
     *
     * @param arguments of jobs_create
     * @return the job's id
     */
    public String create(Map<String, ?> arguments) {
        ToolResult result = call("jobs_create", arguments);
        assertThat(result.reasonCode()).as(result.json()).isEqualTo("job_queued");
        assertThat(result.isError()).isFalse();
        return content(result).path("job").path("job_id").asString();
    }

    /**
     * Creates a job that runs a script of {@code sh} in the host's directory.
     *
     * @param script the script
     * @return the job's id
     */
    public String shell(String script) {
        return create(Map.of("command", "sh", "args", List.of("-c", script), "cwd", root.toString()));
    }

    /**
     * Asks for a job's status.
     *
     * @param id the job
     * @return the whole answer
     */
    public JsonNode status(String id) {
        return content(call("jobs_status", Map.of("job_id", id)));
    }

    /**
     * Asks for a job's status.
     *
     * @param id the job
     * @return the answer's member {@code job}
     */
    public JsonNode job(String id) {
        return status(id).path("job");
    }

    /**
     * Asks for the jobs.
     *
     * @param arguments of jobs_list
     * @return the whole answer
     */
    public JsonNode list(Map<String, ?> arguments) {
        return content(call("jobs_list", arguments));
    }

    /**
     * Cancels a job.
     *
     * @param id the job
     * @return the whole answer
     */
    public JsonNode cancel(String id) {
        return content(call("jobs_cancel", Map.of("job_id", id)));
    }

    /**
     * Waits, at most a minute, for a job's end.
     *
     * @param id the job
     * @return the whole answer of jobs_status
     */
    public JsonNode awaitEnd(String id) {
        JsonNode answer = status(id);
        for (int i = 0; i < 3 && !ended(answer); i++) {
            answer = content(call("jobs_status", Map.of("job_id", id, "wait_ms", 20_000)));
        }
        assertThat(ended(answer)).as("ended: " + answer).isTrue();
        return answer;
    }

    private static boolean ended(JsonNode answer) {
        return ENDED.contains(answer.path("job").path("status").asString());
    }

    /**
     * Waits, at most 20 s, until a job has a status.
     *
     * @param id the job
     * @param status the status
     */
    public void awaitStatus(String id, String status) {
        await().atMost(PATIENCE)
                .pollInterval(INTERVAL)
                .untilAsserted(
                        () -> assertThat(job(id).path("status").asString()).isEqualTo(status));
    }

    /**
     * Waits, at most 20 s, until a job runs and has printed a text.
     *
     * @param id the job
     * @param text the text, on standard output
     */
    public void awaitOutput(String id, String text) {
        await().atMost(PATIENCE)
                .pollInterval(INTERVAL)
                .untilAsserted(() ->
                        assertThat(status(id).path("stdout_preview").asString()).contains(text));
    }

    /** {@return state.json as it is on disk, which may lag behind by 100 ms} */
    public JsonNode stateJson() {
        return Json.file(stateDir(root).resolve("state.json"));
    }

    /**
     * A job's manifest as it is on disk, which may lag behind by 50 ms, and so may not be there yet.
     *
     * @param id the job
     * @return the manifest
     * @throws java.io.UncheckedIOException if there is none
     */
    public JsonNode manifest(String id) {
        return Json.file(jobFile(root, id, ".json"));
    }

    /**
     * What events.jsonl says of a job.
     *
     * @param id the job
     * @return its events in their order, each as {@code event/reason_code}
     */
    public List<String> events(String id) {
        return events(root, id);
    }

    /**
     * What events.jsonl says of a job, the host being closed or not.
     *
     * @param root the host's directory
     * @param id the job
     * @return its events in their order, each as {@code event/reason_code}
     */
    public static List<String> events(Path root, String id) {
        List<String> found = new ArrayList<>();
        for (JsonNode event : Json.lines(stateDir(root).resolve("events.jsonl"))) {
            if (id.equals(event.path("job_id").asString())) {
                found.add(event.path("event").asString() + "/"
                        + event.path("reason_code").asString());
            }
        }
        return found;
    }

    /**
     * The live processes of a job, zombies excluded; on Linux alone.
     *
     * @param id the job
     * @return the pids of all that carry the job's mark
     */
    public List<String> liveProcessesOf(String id) {
        return JobProcess.pidsOf(stateDir(root), id);
    }

    /**
     * Waits, at most 5 s, until a job has no process.
     *
     * @param id the job
     */
    public void awaitNoProcessOf(String id) {
        JobProcess.awaitNone(stateDir(root), id);
    }

    /**
     * Waits, at most 20 s, until a job has so many processes.
     *
     * @param id the job
     * @param atLeast how many
     */
    public void awaitProcesses(String id, int atLeast) {
        JobProcess.await(stateDir(root), id, atLeast);
    }

    @Override
    public void close() {
        tools.close();
    }
}
