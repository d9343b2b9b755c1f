package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tau-jobs status}. */
@Command(name = "status", description = "Shows one job of a state directory. Changes nothing.")
final class StatusCommand extends JobCommand {
    @Option(names = "--json", description = "Print one JSON object. Default: off. Environment: none")
    private boolean json;

    private StatusCommand() {}

    @Override
    int read(StateDirReader reader, Map<String, Object> job, ToolContext context) throws IOException {
        if (json) {
            printJson(job);
        } else {
            complainIfUnowned(reader, List.of(job));
            job.forEach(StatusCommand::printField);
            print("%-24s%s".formatted("running_time", runningTime(job, System.currentTimeMillis())));
            print("%-24s%s".formatted("command_line", commandLine(job)));
        }
        return 0;
    }

    private static void printField(String name, @Nullable Object value) {
        String text = value == null ? "-" : value.toString();
        if (value instanceof Number number) {
            text += inWords(name, number.longValue());
        }
        String shown = Texts.printable(text);
        print("%-24s%s".formatted(name, name.equals("status") ? Paints.status(shown) : shown));
    }

    private static String inWords(String name, long number) {
        if (name.endsWith("_unix_ms")) {
            return "  (" + Instant.ofEpochMilli(number) + ")";
        } else if (name.endsWith("_timeout_ms")) {
            return "  (" + Texts.duration(number) + ")";
        } else if (name.endsWith("_bytes") && number >= 1000) {
            return "  (" + Texts.bytes(number) + ")";
        }
        return "";
    }
}
