package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.OwnerRequests;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tau-jobs cancel}. */
@Command(
        name = "cancel",
        description = "Asks the agent that owns the state directory to end a job and everything that it started. Exits "
                + "with 0 when the agent has taken the request, also if the job had ended, and with 1 when there is no "
                + "such job or no agent has taken it within 2 s; the request then waits.")
final class CancelCommand extends JobCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Option(names = "--json", description = "Print the job as one JSON object. Default: off. Environment: none")
    private boolean json;

    private CancelCommand() {}

    @Override
    int read(StateDirReader reader, Map<String, Object> job, ToolContext context) throws IOException {
        String id = Jobs.text(job, "job_id");
        try {
            Optional<OwnerRequests.Answer> answer = reader.requests().cancel(id, PATIENCE);
            if (answer.isEmpty()) {
                return MeantJob.unknown(List.of(reader), id); // removed meanwhile
            }
            if (json) {
                printJson(answer.get().job());
            } else if (answer.get().taken()) {
                print(id + "  " + Paints.status(Jobs.text(answer.get().job(), "status")) + "  "
                        + Jobs.text(answer.get().job(), "reason_code"));
            }
            if (!answer.get().taken()) {
                complain(
                        reader.owner().isPresent()
                                ? "the agent that owns " + reader.directory()
                                        + " has not taken the request yet: it is stopped, hangs or is busy, and the request waits for it"
                                : "no agent has taken the request yet: it waits in " + reader.directory()
                                        + " for the next one that opens it");
                return CommandLine.ExitCode.SOFTWARE;
            }
            return CommandLine.ExitCode.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
