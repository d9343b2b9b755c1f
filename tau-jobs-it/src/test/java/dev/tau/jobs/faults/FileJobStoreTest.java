package dev.tau.jobs.faults;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.ReasonCode;
import dev.tau.jobs.json.JsonLibrary;
import dev.tau.jobs.store.FileJobStore;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.testing.JobStoreContract;
import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The file store holds the contract. */
class FileJobStoreTest extends JobStoreContract {
    @Override
    protected JobStore open(Path directory) throws IOException {
        return FileJobStore.open(directory, JsonLibrary.AUTO.codec(), Disk.local(), 100 << 20, 2);
    }

    @Override
    protected List<JobEvent> events(Path directory) {
        Path log = directory.resolve("events.jsonl");
        return !Files.exists(log)
                ? List.of()
                : Json.lines(log).stream()
                        .map(line -> new JobEvent(
                                line.path("timestamp_unix_ms").asLong(),
                                new JobId(line.path("job_id").asString()),
                                JobEvent.Kind.valueOf(
                                        line.path("event").asString().toUpperCase(Locale.ROOT)),
                                JobStatus.ofWireName(line.path("status").asString())
                                        .orElseThrow(),
                                ReasonCode.ofWireName(line.path("reason_code").asString())
                                        .orElseThrow(),
                                line.path("detail").asString()))
                        .toList();
    }
}
