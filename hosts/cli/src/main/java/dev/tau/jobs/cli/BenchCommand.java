package dev.tau.jobs.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tau-jobs bench}, which the launcher of the source tree runs itself, from a jar of its own. Here it only stands in the
 * help, and says so to whoever has this jar alone.
 */
@Command(
        name = "bench",
        description =
                "Measures tau-jobs beside floors and peers and writes a report; compares two of them. In the source tree"
                        + " alone: see ./tau-jobs bench --help.")
final class BenchCommand implements Callable<Integer> {
    @Parameters(hidden = true)
    private List<String> ignored = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private BenchCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().getErr().println("tau-jobs: bench needs the source tree: run ./tau-jobs bench there");
        return CommandLine.ExitCode.USAGE;
    }
}
