package dev.tau.jobs.cli;

import dev.tau.jobs.terminal.PrintableFormatter;
import dev.tau.jobs.view.Failures;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code tau-jobs}. */
@Command(
        name = "tau-jobs",
        description = "Runs commands in the background and keeps what became of them.",
        mixinStandardHelpOptions = true,
        versionProvider = TauJobs.Version.class,
        scope = CommandLine.ScopeType.INHERIT,
        subcommands = {
            McpCommand.class,
            RunCommand.class,
            ListCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            EventsCommand.class,
            TopCommand.class,
            ServeCommand.class,
            CancelCommand.class,
            HealthCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            AutoComplete.GenerateCompletion.class,
            ManCommand.class
        })
public final class TauJobs implements Callable<Integer> {
    /** Something of tau-jobs itself failed; below the codes 126 and up that shells give a meaning. */
    static final int EXIT_INTERNAL = 125;

    /** What could not be opened is told once, in one line, by {@link Jobs#reportProblems}. Held: JUL forgets levels. */
    private static final Logger SAID_BY_THE_COMMANDS = Logger.getLogger("dev.tau.jobs.spi.ToolSet");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private TauJobs() {}

    /**
     * Runs the command and exits the process.
     *
     * @param arguments as given after {@code tau-jobs}
     */
    public static void main(String[] arguments) {
        // stderr is where JUL writes anyway; below WARNING it would only disturb a person's terminal.
        Logger all = Logger.getLogger("");
        all.setLevel(Level.WARNING);
        for (Handler handler : all.getHandlers()) {
            // What somebody has configured otherwise is not for a terminal.
            if (handler.getFormatter() instanceof SimpleFormatter) {
                handler.setFormatter(new PrintableFormatter());
            }
        }
        SAID_BY_THE_COMMANDS.setLevel(Level.OFF);
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return UsageErrors.install(new CommandLine(new TauJobs()))
                // An argument that begins with @ belongs to the job's command, it names no file of arguments.
                .setExpandAtFiles(false)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("tau-jobs: " + Failures.describe(failure));
                    return EXIT_INTERNAL;
                });
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tau-jobs " + number()};
        }

        /** The jar's version; absent when run from class files. */
        static String number() {
            String version = TauJobs.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
