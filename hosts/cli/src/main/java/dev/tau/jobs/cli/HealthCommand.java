package dev.tau.jobs.cli;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.Owner;
import dev.tau.jobs.statedir.Room;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.statedir.Waiting;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tau-jobs health}. */
@Command(
        name = "health",
        description =
                "For probes: exits with 0 if live agents own the state directories, their disks have room and the limits hold, and with 1 "
                        + "if not, and says why. Changes nothing.")
final class HealthCommand extends StateDirsCommand {
    @Mixin
    private final NamedDirectories named = new NamedDirectories();

    /** An agent does so at once; one whose disk is slow, a moment later. */
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(5);

    @Option(
            names = "--max-queue",
            paramLabel = "N",
            description = "How many jobs may wait, at least 0. Default: any number. Environment: none")
    private @Nullable Long maxQueue;

    @Option(
            names = "--max-age-ms",
            paramLabel = "MS",
            description =
                    "How long a job may wait for a worker, in milliseconds, at least 0; those that are to wait for a time or for "
                            + "other jobs don't count. Default: for ever. Environment: none")
    private @Nullable Long maxAgeMs;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object; where directories are named, with a list of such objects in directories. "
                            + "Default: off. Environment: none")
    private boolean json;

    private HealthCommand() {}

    @Override
    List<Path> directories() {
        return named.directories();
    }

    @Override
    IfMissing ifMissing() {
        return IfMissing.LOOK;
    }

    @Override
    int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        check("--max-queue", maxQueue);
        check("--max-age-ms", maxAgeMs);
        List<Map<String, Object>> all = new ArrayList<>();
        boolean healthy = true;
        for (StateDirReader reader : readers) {
            List<String> problems = new ArrayList<>();
            Map<String, Object> facts = new LinkedHashMap<>();
            look(reader, facts, problems);
            healthy &= problems.isEmpty();
            if (json) {
                all.add(asJson(reader, facts, problems));
            } else {
                report(reader, facts, problems);
            }
        }
        if (json) {
            printJson(directories().isEmpty() ? all.get(0) : Map.of("directories", all));
        }
        return healthy ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void look(StateDirReader reader, Map<String, Object> facts, List<String> problems) {
        addOwner(reader, facts, problems);
        addUntaken(reader, facts, problems);
        Room.of(reader.directory()).ifPresent(room -> {
            facts.put("disk_available_bytes", room.bytes());
            if (room.isScarce()) {
                problems.add("the disk of " + reader.directory() + " has " + Texts.bytes(room.bytes()) + " left ("
                        + Texts.bytes(Room.WANTED_BYTES) + " are wanted)");
            }
        });
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
            try {
                addLongestWait(reader.all().jobs(), maxAgeMs, facts, problems);
            } catch (IOException e) {
                problems.add("the jobs can't be read: " + Failures.describe(e));
            }
        }
    }

    private static void addOwner(StateDirReader reader, Map<String, Object> facts, List<String> problems) {
        try {
            Optional<Owner> owner = reader.owner();
            if (!Files.isDirectory(reader.directory())) {
                problems.add("there is no state dir at " + reader.directory());
            } else if (owner.isEmpty()) {
                problems.add("no live agent owns " + reader.directory());
            }
            owner.ifPresent(found -> found.pid().ifPresent(pid -> facts.put("owner_pid", pid)));
            if (owner.filter(Owner::isStopped).isPresent()) {
                problems.add("the agent is stopped, by a signal or a debugger: kill -CONT "
                        + owner.get().pid().orElseThrow() + " lets it go on");
            }
        } catch (IOException e) {
            problems.add("it can't be told who owns " + reader.directory() + ": " + Failures.describe(e));
        }
    }

    /** One that is stopped, or hangs, is alive and does nothing. */
    private static void addUntaken(StateDirReader reader, Map<String, Object> facts, List<String> problems) {
        if (!facts.containsKey("owner_pid")) {
            return;
        }
        try {
            Duration waits = reader.requests().longestWait();
            if (waits.compareTo(TAKEN_WITHIN) > 0) {
                problems.add("the agent does not take what it is asked: a request has waited for "
                        + Texts.duration(waits.toMillis()));
            }
        } catch (IOException e) {
            problems.add("the requests can't be read: " + Failures.describe(e));
        }
    }

    private static void check(String flag, @Nullable Long value) {
        if (value != null && value < 0) {
            throw new IllegalArgumentException(flag + " must be at least 0, found: " + value);
        }
    }

    private static void addLongestWait(
            Collection<JobRecord> jobs, long most, Map<String, Object> facts, List<String> problems) {
        Map<JobId, JobRecord> byId = new HashMap<>();
        jobs.forEach(job -> byId.put(job.id(), job));
        long now = System.currentTimeMillis();
        JobRecord oldest = null;
        long longest = 0;
        for (JobRecord job : jobs) {
            if (job.status() == JobStatus.QUEUED
                    && Waiting.forOthers(job, id -> Optional.ofNullable(byId.get(id)))
                            .isEmpty()
                    && now - Waiting.since(job) > longest) {
                longest = now - Waiting.since(job);
                oldest = job;
            }
        }
        facts.put("longest_wait_ms", longest);
        if (oldest != null && longest > most) {
            problems.add(oldest.id() + " has waited for a worker for " + Texts.duration(longest) + " (--max-age-ms "
                    + most + ")");
        }
    }

    private Map<String, Object> asJson(StateDirReader reader, Map<String, Object> facts, List<String> problems) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (!directories().isEmpty()) {
            all.put("directory", reader.directory().toString());
        }
        all.put("healthy", problems.isEmpty());
        all.put("problems", problems);
        all.putAll(facts);
        return all;
    }

    private void report(StateDirReader reader, Map<String, Object> facts, List<String> problems) {
        String where =
                directories().size() > 1 ? Texts.printable(reader.directory().toString()) + ": " : "";
        if (problems.isEmpty()) {
            List<String> words = new ArrayList<>();
            facts.forEach((name, value) -> words.add(name + "=" + value));
            print(where + "healthy: " + String.join(" ", words));
        } else {
            problems.forEach(problem -> print(where + "unhealthy: " + Texts.printable(problem)));
        }
    }
}
