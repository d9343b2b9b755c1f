package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** What the commands share that look at one state directory. */
abstract class StateCommand extends StateDirsCommand {
    abstract int read(StateDirReader reader, ToolContext context) throws IOException;

    @Override
    final List<Path> directories() {
        return List.of();
    }

    @Override
    final int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        return read(readers.get(0), context);
    }

    /**
     * The id that somebody means.
     *
     * @param id an id, or how one begins that no other job has
     * @return the id; what was given, if no job has it
     */
    static String meant(StateDirReader reader, String id) throws IOException {
        List<String> ids = reader.idsThatBeginWith(id);
        if (ids.contains(id) || ids.isEmpty()) {
            return id;
        }
        if (ids.size() > 1) {
            throw new IllegalArgumentException("ID must be one job's, found: " + id + ", with which " + ids.size()
                    + " begin, " + ids.get(0) + " and " + ids.get(1) + " among them");
        }
        return ids.get(0);
    }

    static int unknownJob(StateDirReader reader, String id) {
        complain("there is no job " + id + " in " + reader.directory());
        return CommandLine.ExitCode.SOFTWARE;
    }
}
