package dev.tau.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Manifests of ended jobs in the wire format, written without the plugin's help. */
final class Manifests {
    private static final long FIRST_CREATED_UNIX_MS = 1_790_000_000_000L;

    private Manifests() {}

    /** The id of the job that was created as the given one, from 0. */
    static String id(int number) {
        return "job-%d-%04d".formatted(FIRST_CREATED_UNIX_MS + number, number);
    }

    /** Fills a state dir that nobody has opened yet. */
    static void write(Path stateDir, int count) throws IOException {
        Path jobs = Files.createDirectories(stateDir.resolve("jobs"));
        for (int number = 0; number < count; number++) {
            Files.writeString(jobs.resolve(id(number) + ".json"), manifest(jobs, number));
        }
    }

    private static String manifest(Path jobs, int number) {
        String id = id(number);
        long created = FIRST_CREATED_UNIX_MS + number;
        return """
            {
              "schema_version" : 1,
              "job_id" : "%1$s",
              "command" : "/bin/true",
              "args" : [ ],
              "env" : { },
              "cwd" : null,
              "requested_timeout_ms" : 30000,
              "effective_timeout_ms" : 30000,
              "status" : "succeeded",
              "reason_code" : "job_succeeded",
              "created_unix_ms" : %2$d,
              "updated_unix_ms" : %3$d,
              "started_unix_ms" : %2$d,
              "finished_unix_ms" : %3$d,
              "exit_code" : 0,
              "error" : null,
              "cancellation_requested" : false,
              "stdout_path" : "%4$s/%1$s.stdout.log",
              "stderr_path" : "%4$s/%1$s.stderr.log",
              "trace" : {
                "channel_store_root" : null,
                "channel_transport" : null,
                "channel_id" : null,
                "session_path" : null
              }
            }
            """.formatted(id, created, created + 2, jobs);
    }
}
