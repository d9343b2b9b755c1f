package dev.tau.jobs.cli;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.Owner;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tau-jobs health}. */
@Command(
        name = "health",
        description =
                "For probes: exits with 0 if a live agent owns the state directory and the limits hold, and with 1 if "
                        + "not, and says why. Changes nothing.")
final class HealthCommand extends StateCommand {
    @Option(
            names = "--max-queue",
            paramLabel = "N",
            description = "How many jobs may wait. Default: any number. Environment: none")
    private @Nullable Long maxQueue;

    @Option(
            names = "--max-age-ms",
            paramLabel = "MS",
            description =
                    "How long a job may wait for a worker, in milliseconds; those that are to wait for a time or for "
                            + "other jobs don't count. Default: for ever. Environment: none")
    private @Nullable Long maxAgeMs;

    @Option(names = "--json", description = "Print one JSON object. Default: off. Environment: none")
    private boolean json;

    private HealthCommand() {}

    @Override
    int read(StateDirReader reader, ToolContext context) throws IOException {
        check("--max-queue", maxQueue);
        check("--max-age-ms", maxAgeMs);
        Optional<Owner> owner = reader.owner();
        List<String> problems = new ArrayList<>();
        if (!Files.isDirectory(reader.directory())) {
            problems.add("there is no state dir at " + reader.directory());
        } else if (owner.isEmpty()) {
            problems.add("no live agent owns " + reader.directory());
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        owner.ifPresent(found -> found.pid().ifPresent(pid -> facts.put("owner_pid", pid)));
        try {
            Snapshot counters = reader.counters();
            facts.put("queue_depth", counters.queueDepth());
            facts.put("running_jobs", counters.runningJobs());
            if (maxQueue != null && counters.queueDepth() > maxQueue) {
                problems.add(counters.queueDepth() + " jobs wait (--max-queue " + maxQueue + ")");
            }
        } catch (IOException e) {
            problems.add("state.json " + Failures.describe(e));
        }
        if (maxAgeMs != null) {
            addLongestWait(reader, maxAgeMs, facts, problems);
        }
        report(facts, problems);
        return problems.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void check(String flag, @Nullable Long value) {
        if (value != null && value < 0) {
            throw new IllegalArgumentException(flag + " must be at least 0, found: " + value);
        }
    }

    private static void addLongestWait(
            StateDirReader reader, long most, Map<String, Object> facts, List<String> problems) throws IOException {
        long now = System.currentTimeMillis();
        JobRecord oldest = null;
        long longest = 0;
        for (JobRecord job : reader.records()) {
            long since =
                    Math.max(job.state().updatedUnixMs(), job.spec().options().notBeforeUnixMs());
            boolean mayStart = job.status() == JobStatus.QUEUED
                    && job.spec().options().after().isEmpty();
            if (mayStart && now - since > longest) {
                longest = now - since;
                oldest = job;
            }
        }
        facts.put("longest_wait_ms", longest);
        if (oldest != null && longest > most) {
            problems.add(oldest.id() + " has waited for a worker for " + Texts.duration(longest) + " (--max-age-ms "
                    + most + ")");
        }
    }

    private void report(Map<String, Object> facts, List<String> problems) throws IOException {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("healthy", problems.isEmpty());
            all.put("problems", problems);
            all.putAll(facts);
            printJson(all);
        } else if (problems.isEmpty()) {
            List<String> words = new ArrayList<>();
            facts.forEach((name, value) -> words.add(name + "=" + value));
            print("healthy: " + String.join(" ", words));
        } else {
            problems.forEach(problem -> print("unhealthy: " + Texts.printable(problem)));
        }
    }
}
