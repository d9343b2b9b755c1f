package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
}
