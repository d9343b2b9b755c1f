package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tau-jobs status}. */
@Command(name = "status", description = "Shows one job of a state directory. Changes nothing.")
final class StatusCommand extends StateCommand {
    @Parameters(
            paramLabel = "ID",
            description = "The job's id, as tau-jobs list shows it, or how it begins, if no other does.")
    private String given = "";

    @Option(names = "--json", description = "Print one JSON object. Default: off. Environment: none")
    private boolean json;

    private StatusCommand() {}

    @Override
    int read(StateDirReader reader, ToolContext context) throws IOException {
        String id = meant(reader, given);
        Optional<Map<String, Object>> job = reader.job(id);
        if (job.isEmpty()) {
            return unknownJob(reader, id);
        }
        if (json) {
            printJson(job.get());
        } else {
            job.get().forEach(StatusCommand::printField);
            print("%-24s%s".formatted("running_time", runningTime(job.get(), System.currentTimeMillis())));
            print("%-24s%s".formatted("command_line", commandLine(job.get())));
        }
        return 0;
    }

    private static void printField(String name, @Nullable Object value) {
        String text = value == null ? "-" : value.toString();
        if (value instanceof Number ms && name.endsWith("_unix_ms")) {
            text += "  (" + Instant.ofEpochMilli(ms.longValue()) + ")";
        }
        print("%-24s%s".formatted(name, Texts.printable(text)));
    }
}
