package dev.tau.jobs.testing;

import dev.tau.jobs.spi.ToolResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Calls that a model might make one after the other.
 *
 * @param steps the calls
 */
public record CallSequence(List<Step> steps) {

    /** One call; which job it is about is only known once the ones before have run. */
    public sealed interface Step permits Create, ListJobs, Status, Cancel {}

    /**
     * A call of jobs_create.
     *
     * @param arguments valid arguments of a command that ends by itself soon
     */
    public record Create(Map<String, Object> arguments) implements Step {}

    /**
     * A call of jobs_list.
     *
     * @param arguments valid arguments
     */
    public record ListJobs(Map<String, Object> arguments) implements Step {}

    /**
     * A call of jobs_status.
     *
     * @param which the job: the one created before that has this number, modulo their count
     */
    public record Status(int which) implements Step {}

    /**
     * A call of jobs_cancel.
     *
     * @param which the job: the one created before that has this number, modulo their count
     */
    public record Cancel(int which) implements Step {}

    /**
     * What came of a sequence.
     *
     * @param results one for each step, in their order
     * @param jobIds the jobs that were created, in their order
     */
    public record Outcome(List<ToolResult> results, List<String> jobIds) {}

    /** Copies the list. */
    public CallSequence {
        steps = List.copyOf(steps);
    }

    /**
     * Makes the calls. A call about a job before there is any asks for one that does not exist.
     *
     * @param host whom to call
     * @return what came of it
     */
    public Outcome run(JobsHost host) {
        List<ToolResult> results = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Create create) {
                ToolResult result = host.call("jobs_create", create.arguments());
                results.add(result);
                if (!result.isError()) {
                    ids.add(host.content(result).path("job").path("job_id").asString());
                }
            } else if (step instanceof ListJobs list) {
                results.add(host.call("jobs_list", list.arguments()));
            } else if (step instanceof Status status) {
                results.add(host.call("jobs_status", Map.of("job_id", pick(ids, status.which()))));
            } else if (step instanceof Cancel cancel) {
                results.add(host.call("jobs_cancel", Map.of("job_id", pick(ids, cancel.which()))));
            }
        }
        return new Outcome(results, ids);
    }

    private static String pick(List<String> ids, int which) {
        return ids.isEmpty() ? "job-1-0001" : ids.get(Math.floorMod(which, ids.size()));
    }
}
