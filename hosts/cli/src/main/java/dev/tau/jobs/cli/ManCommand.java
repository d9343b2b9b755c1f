package dev.tau.jobs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tau-jobs man}. */
@Command(
        name = "man",
        description = "Prints the manual page of a command, for man -l -; or writes all of them into a directory.")
final class ManCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "Whose page. Default: that of tau-jobs itself, which names the others.")
    private @Nullable String name;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Write the pages of all commands into this directory, such as ~/.local/share/man/man1, which is made"
                            + " if it is not there. Default: print one. Environment: none")
    private @Nullable Path out;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private ManCommand() {}

    @Override
    public Integer call() throws IOException {
        CommandSpec root = spec.root();
        if (out != null) {
            System.out.println(writeAll(root, out) + " pages in " + out);
        } else {
            System.out.print(ManPage.of(name == null ? root : find(root, name)));
        }
        return System.out.checkError() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private CommandSpec find(CommandSpec root, String wanted) {
        Map<String, CommandLine> commands = root.subcommands();
        CommandLine found = commands.get(wanted);
        if (found == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "COMMAND must be one of " + String.join(", ", commands.keySet()) + ", found: " + wanted);
        }
        return found.getCommandSpec();
    }

    private static int writeAll(CommandSpec root, Path directory) throws IOException {
        Files.createDirectories(directory);
        List<CommandSpec> all = new ArrayList<>(List.of(root));
        root.subcommands().values().forEach(command -> all.add(command.getCommandSpec()));
        for (CommandSpec command : all) {
            Files.writeString(directory.resolve(ManPage.nameOf(command) + ".1"), ManPage.of(command));
        }
        return all.size();
    }
}
