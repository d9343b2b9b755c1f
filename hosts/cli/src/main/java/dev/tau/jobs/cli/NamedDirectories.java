package dev.tau.jobs.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The state directories of commands that show several at once. */
final class NamedDirectories {
    @Parameters(
            arity = "0..*",
            paramLabel = "DIR",
            description = "The state directories. Default: the one of --jobs-state-dir.")
    private List<Path> directories = List.of();

    /** None if it is the one of the settings. */
    List<Path> directories() {
        return directories;
    }
}
