package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tau-jobs logs}. */
@Command(name = "logs", description = "Prints what a job wrote. Changes nothing.")
final class LogsCommand extends JobCommand {
    private static final int POLL_MS = 100;
    private static final int POLLS_A_LOOK = 5;

    @ArgGroup(exclusive = true)
    private Which which = new Which();

    private static final class Which {
        @Option(
                names = "--stderr",
                description = "Print what it wrote to stderr. Default: off, which prints stdout. Environment: none")
        private boolean stderr;

        @Option(
                names = "--both",
                description =
                        "Print both, whole lines, each behind the name of its stream: with -f as they come, looked for"
                                + " ten times a second, stdout's first. Nothing tells when older ones were written. Default: off."
                                + " Environment: none")
        private boolean both;

        List<String> streams() {
            return both ? List.of("stdout", "stderr") : List.of(stderr ? "stderr" : "stdout");
        }
    }

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the job has ended. Default: off. Environment: none")
    private boolean follow;

    @Option(
            names = "--json",
            description =
                    "Print each line as a JSON object: its stream, its text, and continues where the rest of it comes next, as it is very "
                            + "long. Default: off. Environment: none")
    private boolean json;

    /** Whether it was said that nobody runs the job. */
    private boolean alone;

    private LogsCommand() {}

    @Override
    @SuppressWarnings("ClosingStandardOutputStreams") // the tail closes its files alone
    int read(StateDirReader reader, Map<String, Object> known, ToolContext context) throws IOException {
        String id = Jobs.text(known, "job_id");
        Optional<Map<String, Object>> job = Optional.of(known);
        try (OutputsTail outputs = new OutputsTail(which.streams(), json, known, System.out)) {
            if (outputs.haveNoOrder()) {
                complain("when these lines were written is not known: those of stdout come first");
            }
            // Whether it has ended is asked before each copy, so that the last copy has everything.
            for (int polls = 1;
                    follow && job.isPresent() && !Jobs.isOver(job.get()) && !System.out.checkError();
                    polls++) {
                outputs.copy(reader.outputs().wholeUpTo(job.get()));
                Thread.sleep(POLL_MS);
                // Without a live agent that tries the directory's lock, and reads its journal.
                if (polls % POLLS_A_LOOK == 0) {
                    job = reader.job(id);
                    sayIfNobodyRunsIt(reader, job);
                }
            }
            outputs.copyLast(reader, job);
            outputs.dropped()
                    .forEach((stream, bytes) -> complain(bytes + " bytes of " + stream
                            + " are not shown: --jobs-max-output-bytes keeps the newest part of an output"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void sayIfNobodyRunsIt(StateDirReader reader, Optional<Map<String, Object>> job) throws IOException {
        boolean over = job.map(Jobs::isOver).orElse(true);
        if (!over && !alone && reader.owner().isEmpty()) {
            alone = true;
            complain("no live agent owns " + reader.directory() + ": the job goes on when the next one opens it");
        }
    }
}
