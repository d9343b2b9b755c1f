package dev.tau.jobs.it;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

final class AuditSink implements TraceSink {
    private Path log;

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public void open(ToolContext context) {
        log = context.workingDirectory().resolve("audit.log");
    }

    @Override
    public void emit(TraceEvent event) throws IOException {
        String line = event.jobId() + "/" + event.reasonCode() + System.lineSeparator();
        Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void close() {}
}
