package dev.tau.jobs.bench.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** Manifests in the wire format, written without the plugin's help into a state dir that nobody has opened yet. */
public final class Manifests {
    private static final long FIRST_CREATED_UNIX_MS = 1_790_000_000_000L;

    /** A history has some of each. */
    private static final List<String> ENDS = List.of("succeeded", "failed", "cancelled");

    private Manifests() {}

    /**
     * The id of a job.
     *
     * @param number as which it was created, from 0
     * @return its id
     */
    public static String id(int number) {
        return String.format(Locale.ROOT, "job-%d-%04d", FIRST_CREATED_UNIX_MS + number, number);
    }

    /**
     * Which way a job of the history ended.
     *
     * @param number as which it was created, from 0
     * @return succeeded, failed or cancelled
     */
    public static String status(int number) {
        return ENDS.get(number % ENDS.size());
    }

    /**
     * Writes a history, and after it a queue of jobs that sleep for longer than a benchmark takes.
     *
     * @param stateDir need not be there
     * @param ended so many jobs have ended
     * @param queued so many wait
     * @throws IOException if a file can't be written
     */
    public static void write(Path stateDir, int ended, int queued) throws IOException {
        Path jobs = Files.createDirectories(stateDir.resolve("jobs"));
        for (int number = 0; number < ended + queued; number++) {
            String manifest = number < ended ? ended(jobs, number) : queued(jobs, number);
            Files.write(
                    jobs.resolve(id(number) + ".json"),
                    manifest.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
        }
    }

    /**
     * What stands in the manifest of a job of the history.
     *
     * @param jobs the directory of manifests
     * @param number as which it was created, from 0
     * @return JSON
     */
    public static String ended(Path jobs, int number) {
        long created = FIRST_CREATED_UNIX_MS + number;
        return switch (status(number)) {
            case "succeeded" -> manifest(jobs, number, "succeeded", "job_succeeded", created + 1, created + 2, "0");
            case "failed" -> manifest(jobs, number, "failed", "job_non_zero_exit", created + 1, created + 2, "1");
            default -> manifest(jobs, number, "cancelled", "job_cancelled_before_start", null, created + 2, "null");
        };
    }

    private static String queued(Path jobs, int number) {
        return manifest(jobs, number, "queued", "job_queued", null, null, "null");
    }

    private static String manifest(
            Path jobs,
            int number,
            String status,
            String reason,
            @org.jspecify.annotations.Nullable Long started,
            @org.jspecify.annotations.Nullable Long finished,
            String exitCode) {
        String id = id(number);
        long created = FIRST_CREATED_UNIX_MS + number;
        // Appended, not formatted: there may be a million of them.
        return "{\n  \"schema_version\" : 1,\n  \"job_id\" : \"" + id
                + "\",\n  \"command\" : \"sleep\",\n  \"args\" : [ \"800\" ],\n  \"env\" : { },\n  \"cwd\" : null"
                + ",\n  \"requested_timeout_ms\" : 900000,\n  \"effective_timeout_ms\" : 900000,\n  \"status\" : \""
                + status
                + "\",\n  \"reason_code\" : \"" + reason + "\",\n  \"created_unix_ms\" : " + created
                + ",\n  \"updated_unix_ms\" : " + (finished == null ? created : finished)
                + ",\n  \"started_unix_ms\" : " + started + ",\n  \"finished_unix_ms\" : " + finished
                + ",\n  \"exit_code\" : " + exitCode
                + ",\n  \"error\" : null,\n  \"cancellation_requested\" : " + "cancelled".equals(status)
                + ",\n  \"stdout_path\" : \"" + jobs.resolve(id + ".stdout.log") + "\",\n  \"stderr_path\" : \""
                + jobs.resolve(id + ".stderr.log")
                + "\",\n  \"trace\" : {\n    \"channel_store_root\" : null,\n    \"channel_transport\" : null,\n"
                + "    \"channel_id\" : null,\n    \"session_path\" : null\n  }\n}\n";
    }
}
