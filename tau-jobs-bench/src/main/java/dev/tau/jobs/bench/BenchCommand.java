package dev.tau.jobs.bench;

import dev.tau.jobs.bench.report.Report;
import dev.tau.jobs.bench.report.Target;
import dev.tau.jobs.bench.result.Conditions;
import dev.tau.jobs.bench.result.Results;
import dev.tau.jobs.bench.result.ResultsFile;
import dev.tau.jobs.bench.suite.Machine;
import dev.tau.jobs.bench.suite.Progress;
import dev.tau.jobs.bench.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code tau-jobs bench}. */
@Command(
        name = "tau-jobs bench",
        mixinStandardHelpOptions = true,
        versionProvider = BenchCommand.Version.class,
        sortOptions = false,
        description = {
            "Measures tau-jobs beside the least that anybody would have to do (the floor) and beside its peers, in turn, and"
                    + " writes a report: index.md with charts, and results.json.",
            "",
            "What counts is the ratio of a figure to its floor: it can be compared between machines, absolute figures can't."
                    + " Close other programs; on a machine that does something else nothing can be measured well."
        },
        footerHeading = "%nTargets:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done (whether targets are met is in the report)",
            "1:bench compare found a regression",
            "2:wrong usage, or a file to compare can't be used",
            "125:something could not be measured or written"
        },
        subcommands = CompareCommand.class)
public final class BenchCommand implements Callable<Integer> {
    static final int EXIT_REGRESSION = 1;
    static final int EXIT_USAGE = 2;
    static final int EXIT_FAILURE = 125;

    /** The system property by which the launcher says where the source tree is. */
    private static final String HOME = "tau.jobs.home";

    @Option(
            names = "--quick",
            description =
                    "5 to 10 minutes instead of about 40: fewer rounds, smaller directories, shorter turns. For a look, and for"
                            + " CI. Default: off.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "N",
            description = "Measure these targets alone, such as --only 1,5. The report keeps what it has of the others."
                    + " Default: all.")
    private @Nullable List<Integer> only;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the report goes. Default: docs/benchmarks of the source tree.")
    private @Nullable Path out;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where the state directories lie while they are measured: on the file system that you want to know"
                            + " about, not in memory. Up to 12 GB in a full run. Default: the temporary directory, or if that is in"
                            + " memory the working directory.")
    private @Nullable Path dir;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private BenchCommand() {}

    /**
     * Runs the command and exits the process.
     *
     * @param arguments as given after {@code tau-jobs bench}
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new BenchCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    String message = failure.getMessage();
                    command.getErr().println("tau-jobs bench: " + (message == null ? failure.toString() : message));
                    return EXIT_FAILURE;
                });
        commandLine
                .getCommandSpec()
                .usageMessage()
                .footer(Target.all().stream()
                        .map(target -> String.format(Locale.ROOT, "  %2d  %s", target.number(), target.work()))
                        .toArray(String[]::new));
        return commandLine;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<Integer> targets = targets();
        Path home = System.getProperty(HOME) == null ? null : Path.of(System.getProperty(HOME));
        Path report = out != null ? out : (home == null ? Path.of("") : home).resolve("docs/benchmarks");
        PrintWriter stderr = spec.commandLine().getErr();
        Results before = before(report.resolve(Report.RESULTS), targets);
        Path directory = directory();
        String fileSystem = Machine.fileSystem(directory);
        if (inMemory(fileSystem)) {
            stderr.println("tau-jobs bench: " + directory + " is in memory (" + fileSystem
                    + "): durable figures mean nothing there; see --dir");
        }
        Conditions conditions = Machine.look(directory, home, quick, Instant.now());
        if (conditions.loadBefore() > conditions.cores() / 2.0) {
            stderr.printf(
                    Locale.ROOT,
                    "tau-jobs bench: the machine is busy (load %.1f on %d cores): expect wide spreads%n",
                    conditions.loadBefore(),
                    conditions.cores());
        }
        Suite.Outcome outcome = Suite.run(targets, directory, conditions, new Progress(stderr));
        Results results = before.replacing(targets, outcome.figures());
        Report.write(report, results);
        PrintWriter stdout = spec.commandLine().getOut();
        Summary.print(outcome.figures(), stdout);
        stdout.println("report: " + report.resolve("index.md"));
        outcome.failures().forEach(failure -> stderr.println("tau-jobs bench: " + firstLine(failure)));
        return outcome.failures().isEmpty() ? 0 : EXIT_FAILURE;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private Set<Integer> targets() {
        if (only == null) {
            return Target.numbers();
        }
        for (int number : only) {
            if (!Target.numbers().contains(number)) {
                throw new ParameterException(
                        spec.commandLine(), "--only " + number + ": there are the targets " + Target.numbers());
            }
        }
        return new TreeSet<>(only);
    }

    /** What a part of the targets is added to; looked at before minutes are spent. */
    private static Results before(Path file, Set<Integer> targets) throws IOException {
        if (targets.equals(Target.numbers()) || !Files.exists(file)) {
            return Results.of(List.of());
        }
        return ResultsFile.read(file);
    }

    private Path directory() throws IOException {
        if (dir != null) {
            return Files.createDirectories(dir).toRealPath();
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return (inMemory(Machine.fileSystem(temporary)) ? Path.of("") : temporary).toRealPath();
    }

    private static boolean inMemory(String fileSystem) {
        return fileSystem.equals("tmpfs") || fileSystem.equals("ramfs");
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = BenchCommand.class.getPackage().getImplementationVersion();
            return new String[] {"tau-jobs bench " + (version == null ? "development" : version)};
        }
    }
}
