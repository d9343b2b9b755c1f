package dev.tau.jobs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Plays the model in an agent loop of any framework: says which tool is called next, once it has seen the answer to the call
 * before. What a framework makes of tools, arguments, results and errors can then be tested without a model.
 *
 * <pre>{@code
 * AgentScript script = AgentScript.aDayWithJobs();
 * for (Optional<AgentScript.Call> call = script.next(null); call.isPresent(); call = script.next(answer)) {
 *     answer = framework.call(call.get().tool(), call.get().arguments());
 * }
 * script.assertPlayed();
 * }</pre>
 */
public final class AgentScript {
    /**
     * A call that the model makes.
     *
     * @param tool the tool's name
     * @param arguments JSON text, as models give it; not always well-formed
     */
    public record Call(String tool, String arguments) {}

    private record Step(String reasonCode, Function<List<JsonNode>, Call> call) {}

    private final List<Step> steps;
    private final Consumer<List<JsonNode>> check;
    private final List<JsonNode> answers = new ArrayList<>();
    private int asked;

    private AgentScript(List<Step> steps, Consumer<List<JsonNode>> check) {
        this.steps = steps;
        this.check = check;
    }

    /**
     * A model that starts one job, and another whose end it waits for and whose output it reads; that cancels the first one, looks
     * at both, and makes mistakes: an argument that is missing, and a job that does not exist. For an empty state dir.
     *
     * @return the script, for one use
     */
    public static AgentScript aDayWithJobs() {
        return new AgentScript(
                List.of(
                        step(
                                "job_queued",
                                "jobs_create",
                                answers -> Map.of("command", "sleep", "args", List.of("300"))),
                        step(
                                "job_queued",
                                "jobs_create",
                                answers ->
                                        Map.of("command", "sh", "args", List.of("-c", "echo \"h\u00e9llo\"; exit 3"))),
                        step(
                                "jobs_status_ok",
                                "jobs_status",
                                answers -> Map.of("job_id", id(answers, 1), "wait_ms", 30_000)),
                        step("jobs_cancel_ok", "jobs_cancel", answers -> Map.of("job_id", id(answers, 0))),
                        step(
                                "jobs_status_ok",
                                "jobs_status",
                                answers -> Map.of("job_id", id(answers, 0), "wait_ms", 30_000)),
                        step("jobs_list_ok", "jobs_list", answers -> Map.of()),
                        step("jobs_invalid_arguments", "jobs_create", answers -> Map.of("args", List.of("x"))),
                        step("job_not_found", "jobs_status", answers -> Map.of("job_id", "job-0-0000"))),
                AgentScript::checkTheDay);
    }

    private static void checkTheDay(List<JsonNode> answers) {
        JsonNode waited = answers.get(2);
        assertThat(waited.path("stdout_preview").asString()).isEqualTo("h\u00e9llo\n");
        assertThat(waited.path("job").path("exit_code").asInt()).isEqualTo(3);
        assertThat(answers.get(4).path("job").path("status").asString()).isEqualTo("cancelled");
        assertThat(answers.get(5).path("count").asInt()).isEqualTo(2);
        assertThat(answers.get(6).path("error").asString()).contains("command");
    }

    /**
     * A model that makes one call.
     *
     * @param reasonCode the code that the answer must have
     * @param tool the tool's name
     * @param arguments the arguments
     * @return the script, for one use
     */
    public static AgentScript of(String reasonCode, String tool, Map<String, ?> arguments) {
        return new AgentScript(List.of(step(reasonCode, tool, answers -> arguments)), answers -> {});
    }

    /**
     * A model whose call has arguments that are no JSON.
     *
     * @return the script, for one use
     */
    public static AgentScript malformed() {
        return new AgentScript(
                Stream.of("{\"limit\":", "{\"limit\":1,\"limit\":2}", "[]", "{} {}")
                        .map(text -> new Step("jobs_invalid_arguments", answers -> new Call("jobs_list", text)))
                        .toList(),
                answers -> {});
    }

    private static Step step(String reasonCode, String tool, Function<List<JsonNode>, Map<String, ?>> arguments) {
        return new Step(
                reasonCode,
                answers -> new Call(tool, Json.tree(arguments.apply(answers)).toString()));
    }

    private static String id(List<JsonNode> answers, int which) {
        return answers.get(which).path("job").path("job_id").asString();
    }

    /**
     * What the model does next.
     *
     * @param answer the text that the framework gave the model for its last call; null at the beginning
     * @return the next call, or empty if the script is at its end
     */
    public Optional<Call> next(@Nullable String answer) {
        if (answer != null) {
            answers.add(Json.parse(answer));
        }
        assertThat(answers).as("answers to the calls so far").hasSize(asked);
        return asked == steps.size()
                ? Optional.empty()
                : Optional.of(steps.get(asked++).call().apply(answers));
    }

    /**
     * The job that an answer is about.
     *
     * @param call which call, 0 for the first
     * @return its id; empty if the answer has none
     */
    public String jobId(int call) {
        return id(answers, call);
    }

    /** {@return the answers so far, in the order of the calls} */
    public List<JsonNode> answers() {
        return List.copyOf(answers);
    }

    /** {@return for each call whether its answer is an error, for frameworks that have a flag for it} */
    public List<Boolean> errors() {
        return answers.stream().map(answer -> answer.has("error")).toList();
    }

    /** Fails unless each call got the answer that it should have. */
    public void assertPlayed() {
        assertThat(answers)
                .extracting(answer -> answer.path("reason_code").asString())
                .isEqualTo(steps.stream().map(Step::reasonCode).toList());
        check.accept(answers);
    }
}
