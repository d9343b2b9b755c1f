package dev.tau.jobs.bench;

import dev.tau.jobs.bench.report.Numbers;
import dev.tau.jobs.bench.result.Comparison;
import dev.tau.jobs.bench.result.Comparison.Change;
import dev.tau.jobs.bench.result.Results;
import dev.tau.jobs.bench.result.ResultsFile;
import dev.tau.jobs.bench.result.Statistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tau-jobs bench compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Says of each figure how its ratio to its floor changed between two runs, and exits with 1 if one became worse.",
            "",
            "A regression is a figure whose median ratio is worse by more than the tolerance, if the rounds bear it out: there"
                    + " are three or more of each, each new one is worse than each old one, and the change is larger than"
                    + " either spread (of five rounds or more the worst of each run is left out). Otherwise it is marked as"
                    + " noise: measure again, with more rounds or on a quieter machine. Figures without a floor (allocated"
                    + " bytes) are compared as they are."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no figure became worse",
            "1:a regression; the last lines name the figures",
            "2:wrong usage, a file can't be used, or the two have no figure in common"
        })
final class CompareCommand implements Callable<Integer> {
    private static final String LINE = "%-26s %10s %10s %9s  %-14s %s%n";

    @Parameters(index = "0", paramLabel = "BASE.json", description = "What it was: a results.json.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path base;

    @Parameters(index = "1", paramLabel = "NEW.json", description = "What it is.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path now;

    @Option(
            names = "--tolerance",
            paramLabel = "PART",
            description = "By how much a median may be worse: with 0.15 a time may become 1.15 times, a rate 1/1.15."
                    + " Default: 0.15.")
    private double tolerance = 0.15;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private CompareCommand() {}

    @Override
    public Integer call() {
        if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
            throw new ParameterException(
                    spec.commandLine(), "--tolerance must be a number from 0, but is " + tolerance);
        }
        Results before;
        Results after;
        try {
            before = ResultsFile.read(base);
            after = ResultsFile.read(now);
        } catch (IOException e) {
            spec.commandLine().getErr().println("tau-jobs bench compare: " + e.getMessage());
            return BenchCommand.EXIT_USAGE;
        }
        Comparison comparison = Comparison.of(before, after, tolerance);
        if (comparison.changes().isEmpty()) {
            spec.commandLine().getErr().println("tau-jobs bench compare: the two have no figure in common");
            return BenchCommand.EXIT_USAGE;
        }
        return print(comparison, spec.commandLine().getOut());
    }

    private int print(Comparison comparison, PrintWriter out) {
        out.printf(LINE, "figure", "base", "new", "change", "spread", "");
        comparison.changes().forEach(change -> print(change, out));
        comparison.missing().forEach(id -> out.printf("%-26s only in %s%n", id, base));
        comparison.added().forEach(id -> out.printf("%-26s only in %s%n", id, now));
        List<Change> regressions = comparison.regressions();
        if (regressions.isEmpty()) {
            out.printf(Locale.ROOT, "no regression beyond %s%n", Numbers.percent(tolerance));
        } else {
            out.printf(
                    Locale.ROOT,
                    "regression beyond %s: %s%n",
                    Numbers.percent(tolerance),
                    regressions.stream().map(Change::id).collect(Collectors.joining(", ")));
        }
        out.flush();
        return regressions.isEmpty() ? 0 : BenchCommand.EXIT_REGRESSION;
    }

    private static void print(Change change, PrintWriter out) {
        double part = change.change();
        out.printf(
                LINE,
                change.id(),
                Numbers.format(Statistics.median(change.base())),
                Numbers.format(Statistics.median(change.now())),
                (part > 0 ? "+" : "") + Numbers.percent(part),
                Numbers.percent(Statistics.spread(change.base())) + ", "
                        + Numbers.percent(Statistics.spread(change.now())),
                switch (change.verdict()) {
                    case SAME -> "";
                    case NOISE -> "within the noise";
                    case BETTER -> "better";
                    case REGRESSION -> "REGRESSION";
                });
    }
}
