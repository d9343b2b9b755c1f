package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tau-jobs logs}. */
@Command(name = "logs", description = "Prints what a job wrote. Changes nothing.")
final class LogsCommand extends StateCommand {
    private static final int POLL_MS = 100;

    @Parameters(
            paramLabel = "ID",
            description = "The job's id, as tau-jobs list shows it, or how it begins, if no other does.")
    private String given = "";

    @Option(
            names = "--stderr",
            description = "Print what it wrote to stderr. Default: off, which prints stdout. Environment: none")
    private boolean stderr;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the job has ended. Default: off. Environment: none")
    private boolean follow;

    private LogsCommand() {}

    @Override
    @SuppressWarnings("ClosingStandardOutputStreams") // a tail closes its file alone
    int read(StateDirReader reader, ToolContext context) throws IOException {
        String id = meant(reader, given);
        Optional<Map<String, Object>> job = reader.job(id);
        if (job.isEmpty()) {
            return unknownJob(reader, id);
        }
        String stream = stderr ? "stderr" : "stdout";
        Path file = Path.of(Jobs.text(job.get(), stream + "_path"));
        try (FileTail tail = new FileTail(file, System.out)) {
            // Whether it has ended is asked before each copy, so that the last copy has everything.
            while (follow && job.isPresent() && !Jobs.isOver(job.get()) && !System.out.checkError()) {
                tail.wholeUpTo(reader.wholeUpTo(job.get()));
                tail.copy();
                Thread.sleep(POLL_MS);
                job = reader.job(id);
            }
            tail.wholeUpTo(job.isPresent() ? reader.wholeUpTo(job.get()) : 0);
            if (job.isPresent() && reader.isCounted(id)) {
                tail.end(Jobs.isTrue(job.get(), stream + "_truncated"));
            }
            tail.copy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
