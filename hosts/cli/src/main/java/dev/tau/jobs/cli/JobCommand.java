package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** What the commands share that look at one job. */
abstract class JobCommand extends StateDirsCommand {
    @Parameters(
            index = "0",
            paramLabel = "ID",
            description = "The job's id, as tau-jobs list shows it, or how it begins, if no other does.")
    private String given = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "DIR",
            description = "The state directories that may have it. Default: the one of --jobs-state-dir.")
    private List<Path> directories = List.of();

    abstract int read(StateDirReader reader, Map<String, Object> job, ToolContext context) throws IOException;

    @Override
    final List<Path> directories() {
        return directories;
    }

    @Override
    final String hint(Path directory) {
        return directory.toString().startsWith("job-") ? " (only the first word is a job's ID)" : "";
    }

    /** The job is not in the missing one if it was found. */
    @Override
    final int codeWithMissing(int code) {
        return code;
    }

    @Override
    final int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        Optional<MeantJob> meant = MeantJob.find(readers, given);
        if (meant.isPresent()) {
            StateDirReader reader = meant.get().reader();
            Optional<Map<String, Object>> job = reader.job(meant.get().id());
            if (job.isPresent()) {
                return read(reader, job.get(), context);
            }
        }
        return MeantJob.unknown(readers, given);
    }
}
