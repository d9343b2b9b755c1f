package dev.tau.jobs.it;

import dev.tau.jobs.spi.TraceSink;
import dev.tau.jobs.testing.TraceSinkContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ExampleSinkTest extends TraceSinkContract {
    @Override
    protected TraceSink newSink() {
        return new AuditSink();
    }

    @Override
    protected List<String> recorded(Path directory) throws IOException {
        Path log = directory.resolve("audit.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }
}
