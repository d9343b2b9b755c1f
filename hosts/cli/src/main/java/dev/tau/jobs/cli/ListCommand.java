package dev.tau.jobs.cli;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tau-jobs list}. */
@Command(name = "list", description = "Lists the jobs of state directories, newest first. Changes nothing.")
final class ListCommand extends StateDirsCommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int COMMAND_WIDTH = 80;

    @Mixin
    private final NamedDirectories named = new NamedDirectories();

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only jobs that are queued, running, succeeded, failed, cancelled, or terminal (ended). "
                    + "Default: all. Environment: none")
    private @Nullable String status;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many jobs to list, at least 1. Default: --jobs-list-default-limit. Environment: none")
    private @Nullable Integer limit;

    @Option(
            names = "--since",
            paramLabel = "AGE",
            converter = Age.class,
            description = "Only jobs created since so long ago, such as 90s, 2h or 1d12h. Default: all. "
                    + "Environment: none")
    private @Nullable Duration since;

    @Option(names = "--json", description = "Print one JSON object. Default: off. Environment: none")
    private boolean json;

    private ListCommand() {}

    @Override
    List<Path> directories() {
        return named.directories();
    }

    @Override
    int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        int most = limit(context);
        long from = since == null ? Long.MIN_VALUE : System.currentTimeMillis() - since.toMillis();
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (StateDirReader reader : readers) {
            if (!Files.exists(reader.directory())) {
                complain("there is no state dir at " + reader.directory() + " yet");
            }
            List<Map<String, Object>> found = jobs(reader, from, most);
            if (!json) {
                complainIfUnowned(reader, found);
            }
            for (Map<String, Object> job : found) {
                if (severalAreNamed()) {
                    job.put("state_dir", reader.directory().toString());
                }
                jobs.add(job);
            }
        }
        // Of one directory they are in order already, ties by id.
        jobs.sort(Comparator.comparingLong(ListCommand::created).reversed());
        List<Map<String, Object>> shown = jobs.subList(0, Math.min(most, jobs.size()));
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("count", shown.size());
            all.put("jobs", shown);
            printJson(all);
        } else {
            printTable(shown, severalAreNamed(), System.currentTimeMillis());
        }
        return 0;
    }

    private List<Map<String, Object>> jobs(StateDirReader reader, long from, int most) throws IOException {
        try {
            return reader.jobs(status, from, most);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + e.getMessage(), e);
        }
    }

    private static long created(Map<String, Object> job) {
        return job.get("created_unix_ms") instanceof Number ms ? ms.longValue() : 0;
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
        return job.get("label") instanceof String label
                ? Texts.printable(label) + ": " + commandLine(job)
                : commandLine(job);
    }

    private static void printTable(List<Map<String, Object>> jobs, boolean withDirectory, long nowMs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(withDirectory, "DIR", "ID", "STATUS", "REASON", "EXIT", "CREATED", "TIME", "COMMAND"));
        for (Map<String, Object> job : jobs) {
            rows.add(row(
                    withDirectory,
                    Texts.printable(Jobs.text(job, "state_dir")),
                    Jobs.text(job, "job_id"),
                    Jobs.text(job, "status"),
                    Jobs.text(job, "reason_code"),
                    job.get("exit_code") == null ? "-" : Jobs.text(job, "exit_code"),
                    TIME.format(Instant.ofEpochMilli(created(job))),
                    runningTime(job, nowMs),
                    Texts.shortened(named(job), COMMAND_WIDTH)));
        }
        int statusColumn = withDirectory ? 2 : 1;
        printColumns(rows, (column, text) -> column == statusColumn ? Paints.status(text) : text);
    }

    private static List<String> row(boolean withDirectory, String... cells) {
        return List.of(cells).subList(withDirectory ? 0 : 1, cells.length);
    }
}
