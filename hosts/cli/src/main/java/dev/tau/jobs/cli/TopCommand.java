package dev.tau.jobs.cli;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.json.MissingJsonLibraryException;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.statedir.StateDirWatch;
import dev.tau.jobs.top.Top;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tau-jobs top}. */
@Command(
        name = "top",
        description =
                "Shows live, on the whole terminal, what runs, waits and has ended in state directories, owned by a "
                        + "live agent or not. Keys choose a job, follow its output, cancel it after a question; ? lists them. "
                        + "Changes nothing else. NO_COLOR is respected. Needs a terminal: list and events don't.")
final class TopCommand implements Callable<Integer> {
    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "DIR",
            description = "The state directories. Default: the one of --jobs-state-dir.")
    private List<Path> directories = List.of();

    private TopCommand() {}

    @Override
    public Integer call() {
        try {
            show(open(settings.context()));
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException | MissingJsonLibraryException e) {
            StateCommand.complain(Failures.describe(e));
            return CommandLine.ExitCode.USAGE;
        } catch (IOException e) {
            StateCommand.complain(Failures.describe(e));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private List<StateDirReader> open(ToolContext context) throws IOException {
        JobsConfig config = JobsConfig.from(context);
        List<StateDirReader> readers = new ArrayList<>();
        for (Path directory : directories.isEmpty() ? List.of(config.stateDir()) : directories) {
            Path absolute = context.workingDirectory().resolve(directory).normalize();
            if (!Files.exists(absolute)) {
                throw new IOException("there is no state dir at " + absolute);
            }
            readers.add(StateDirReader.open(absolute, config));
        }
        return readers;
    }

    private static void show(List<StateDirReader> readers) throws IOException {
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
    }
}
