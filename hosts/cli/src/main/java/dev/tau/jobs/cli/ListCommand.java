package dev.tau.jobs.cli;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tau-jobs list}. */
@Command(name = "list", description = "Lists the jobs of a state directory, newest first. Changes nothing.")
final class ListCommand extends StateCommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int COMMAND_WIDTH = 80;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only jobs that are queued, running, succeeded, failed, cancelled, or terminal (ended). "
                    + "Default: all. Environment: none")
    private @Nullable String status;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many jobs to list. Default: --jobs-list-default-limit. Environment: none")
    private @Nullable Integer limit;

    @Option(names = "--json", description = "Print one JSON object. Default: off. Environment: none")
    private boolean json;

    private ListCommand() {}

    @Override
    int read(StateDirReader reader, ToolContext context) throws IOException {
        if (!Files.exists(reader.directory())) {
            complain("there is no state dir at " + reader.directory() + " yet");
        }
        int most = limit(context);
        List<Map<String, Object>> jobs;
        try {
            jobs = reader.jobs(status, most);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + e.getMessage(), e);
        }
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("count", jobs.size());
            all.put("jobs", jobs);
            printJson(all);
        } else {
            printTable(jobs, System.currentTimeMillis());
        }
        return 0;
    }

    private int limit(ToolContext context) {
        int wanted = limit != null ? limit : JobsConfig.from(context).listDefaultLimit();
        if (wanted < 1) {
            throw new IllegalArgumentException("--limit must be at least 1, found: " + wanted);
        }
        return wanted;
    }

    /** By its label, where it has one; a command line says less to people. */
    private static String named(Map<String, Object> job) {
        return job.get("label") instanceof String label ? label + ": " + commandLine(job) : commandLine(job);
    }

    private static void printTable(List<Map<String, Object>> jobs, long nowMs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "STATUS", "REASON", "EXIT", "CREATED", "TIME", "COMMAND"));
        for (Map<String, Object> job : jobs) {
            rows.add(List.of(
                    Jobs.text(job, "job_id"),
                    Jobs.text(job, "status"),
                    Jobs.text(job, "reason_code"),
                    job.get("exit_code") == null ? "-" : Jobs.text(job, "exit_code"),
                    job.get("created_unix_ms") instanceof Number ms
                            ? TIME.format(Instant.ofEpochMilli(ms.longValue()))
                            : "-",
                    runningTime(job, nowMs),
                    Texts.shortened(named(job), COMMAND_WIDTH)));
        }
        printColumns(rows);
    }
}
