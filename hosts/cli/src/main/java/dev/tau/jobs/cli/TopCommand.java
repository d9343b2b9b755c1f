package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.statedir.StateDirWatch;
import dev.tau.jobs.top.Top;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tau-jobs top}. */
@Command(
        name = "top",
        description =
                "Shows live, on the whole terminal, what runs, waits and has ended in state directories, owned by a "
                        + "live agent or not. Keys choose a job, follow its output, cancel it after a question; ? lists them. "
                        + "Changes nothing else. NO_COLOR is respected. Needs a terminal: list and events don't.")
final class TopCommand extends StateDirsCommand {
    /** Held: JUL forgets levels. */
    private static final Logger ALL_LOGS = Logger.getLogger("");

    @Mixin
    private final NamedDirectories named = new NamedDirectories();

    private TopCommand() {}

    @Override
    List<Path> directories() {
        return named.directories();
    }

    @Override
    IfMissing ifMissing() {
        return IfMissing.END;
    }

    @Override
    int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        // The screen is no place for warnings; what they are about, doctor says.
        ALL_LOGS.setLevel(Level.OFF);
        AtomicBoolean left = new AtomicBoolean();
        Signals.onTermination(() -> left.set(true));
        String noColour = System.getenv("NO_COLOR");
        List<StateDirWatch> watches = new ArrayList<>();
        try {
            for (StateDirReader reader : readers) {
                watches.add(reader.watch());
            }
            Top.show(watches, noColour == null || noColour.isEmpty(), left);
        } finally {
            for (StateDirWatch watch : watches) {
                watch.close();
            }
        }
        return CommandLine.ExitCode.OK;
    }
}
