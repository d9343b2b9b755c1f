package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.process.ProcessTable.Entry;
import dev.tau.jobs.process.ProcessTree;
import dev.tau.jobs.statedir.StateDirFiles.Read;
import dev.tau.jobs.statedir.StateDirFiles.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** No process of a job runs that has ended, nor of any job while nobody owns the state dir. */
final class StrayCheck implements Check {
    private final ProcessTable table;
    private final Duration grace;

    StrayCheck(ProcessTable table, Duration grace) {
        this.table = table;
        this.grace = grace;
    }

    @Override
    public void run(Examined dir, Findings out) {
        Map<JobId, List<Entry>> strays = find(dir);
        if (dir.owned()) {
            strays.keySet().removeIf(id -> !hasEnded(dir, id));
            // A runtime ends a job's processes before it says that the job has ended: what is there still is left over.
            strays.values().forEach(entries -> entries.removeIf(entry -> !isAlive(entry)));
            strays.values().removeIf(List::isEmpty);
        }
        Optional<JobId> own =
                table.jobOf(ProcessHandle.current().pid(), dir.root().toString());
        strays.forEach((id, entries) -> {
            String file = "jobs/" + id + ".json";
            String what = "Processes of this job run, though "
                    + (dir.owned() ? "it has ended" : "no runtime owns the directory") + ": pid "
                    + String.join(
                            ", ",
                            entries.stream()
                                    .map(entry -> Long.toString(entry.pid()))
                                    .toList())
                    + ".";
            if (own.filter(id::equals).isPresent()) {
                out.tell(Kind.STRAY, file, what, "this doctor is one of them: run it from outside of the job");
            } else {
                out.mendable(
                        Kind.STRAY,
                        file,
                        what,
                        "--repair ends them, as the next start may do",
                        () -> end(dir, id, entries));
            }
        });
    }

    private Map<JobId, List<Entry>> find(Examined dir) {
        Map<JobId, List<Entry>> strays = new TreeMap<>();
        Map<ProcessIdentity, JobId> recorded = new java.util.HashMap<>();
        dir.jobs().forEach((id, job) -> {
            if (job.process() != null) {
                recorded.put(job.process(), new JobId(id));
            }
        });
        long self = ProcessHandle.current().pid();
        for (Entry entry : table.snapshot()) {
            // The recorded process counts even if it cleaned its environment: its start time tells that it is the one.
            @Nullable JobId id = recorded.get(new ProcessIdentity(entry.pid(), entry.start()));
            if (id == null) {
                id = table.jobOf(entry.pid(), dir.root().toString()).orElse(null);
            }
            if (id != null && entry.pid() != self) {
                strays.computeIfAbsent(id, any -> new ArrayList<>()).add(entry);
            }
        }
        return strays;
    }

    /** Read anew, since a job may have started after the manifests were read; one without a manifest was removed. */
    private static boolean hasEnded(Examined dir, JobId id) {
        Read<JobRecord> read = dir.files().manifest(dir.places().jobs().resolve(id + ".json"));
        JobRecord job = read.value();
        return job == null ? read.verdict() == Verdict.ABSENT : job.status().isTerminal();
    }

    private boolean isAlive(Entry entry) {
        return table.identify(entry.pid()).start().equals(entry.start());
    }

    private String end(Examined dir, JobId id, List<Entry> entries) throws IOException {
        Examined.Job job = dir.jobs().get(id.value());
        new ProcessTree(table)
                .end(
                        List.of(new ProcessTree.Job(
                                new JobMarker(id, dir.root().toString()), job == null ? null : job.process(), null)),
                        grace);
        if (entries.stream().anyMatch(this::isAlive)) {
            throw new IOException("they can't be ended");
        }
        return "ended";
    }
}
