package dev.tau.jobs.doctor;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.Owner;
import dev.tau.jobs.statedir.StateDirFiles;
import dev.tau.jobs.statedir.StateDirFiles.Verdict;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.store.StateDirLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Finds what is wrong in a state dir, and mends it. Not for use in a JVM that has the directory open itself: POSIX takes its
 * lock away as soon as anybody in the same process has closed the lock file.
 */
public final class StateDirDoctor {
    private static final Check LOCK = new LockCheck();
    /** What a state dir has, ours or the original's. */
    private static final List<String> MARKS =
            List.of("state.json", "events.jsonl", "jobs", "journal", "lock", "owner.json");

    private final StateDir dir;
    private final Duration grace;
    private final ProcessTable table;
    private final InstantSource clock;
    private final JsonCodec codec;
    private final StateDirFiles files;

    StateDirDoctor(Path directory, Duration grace, ProcessTable table, InstantSource clock, JsonCodec codec)
            throws IOException {
        // The mark of the processes holds the real path.
        this.dir = new StateDir(directory.toRealPath());
        this.grace = grace;
        this.table = table;
        this.clock = clock;
        this.codec = codec;
        this.files = new StateDirFiles(dir, codec, Disk.local());
    }

    /**
     * A doctor for the state dir that the settings name.
     *
     * @param context the settings
     * @return the doctor
     * @throws IOException if there is no such directory
     * @throws IllegalArgumentException if a setting is not valid; the message names flag or variable, value and rule
     */
    public static StateDirDoctor open(ToolContext context) throws IOException {
        return open(JobsConfig.from(context).stateDir(), context);
    }

    /**
     * A doctor for another state dir.
     *
     * @param directory the state dir
     * @param context the other settings
     * @return the doctor
     * @throws IOException if there is no such directory
     * @throws IllegalArgumentException if a setting is not valid; the message names flag or variable, value and rule
     */
    public static StateDirDoctor open(Path directory, ToolContext context) throws IOException {
        JobsConfig config = JobsConfig.from(context);
        if (!Files.isDirectory(directory)) {
            throw new IOException("there is no state dir at " + directory);
        }
        if (!isStateDir(directory)) {
            throw new IOException(directory + " is no state dir: of " + String.join(", ", MARKS)
                    + " it has not two; nothing was looked at, and nothing changed");
        }
        return new StateDirDoctor(
                directory,
                Duration.ofMillis(config.killGraceMs()),
                ProcessTable.ofPlatform(),
                context.clock(),
                config.json().codec());
    }

    /** A repair takes permissions away and moves files: not of whatever somebody has named by mistake. One that is empty will be one. */
    private static boolean isStateDir(Path directory) throws IOException {
        long marks = MARKS.stream()
                .filter(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .count();
        if (marks >= 2) {
            return true;
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.findAny().isEmpty();
        }
    }

    /**
     * Looks, and changes nothing. Of a directory that a live process owns, only what does not change meanwhile.
     *
     * @return what was found
     * @throws IOException if the directory can't be read, or its owner not be told
     */
    public Report examine() throws IOException {
        Optional<Owner> before = Owner.find(dir, codec);
        Report report = examine(before);
        if (before.isEmpty()) {
            // A runtime that started meanwhile makes its files and processes look wrong.
            Optional<Owner> after = Owner.find(dir, codec);
            return after.isPresent() ? examine(after) : report;
        }
        return report;
    }

    private Report examine(Optional<Owner> owner) throws IOException {
        Findings findings = new Findings(false);
        Examined examined = examined(owner.isPresent());
        LOCK.run(examined, findings);
        runAll(examined, findings);
        return new Report(
                dir.root(), owner.isPresent(), owner.map(Owner::pid).orElse(OptionalLong.empty()), findings.all());
    }

    /**
     * Looks, and mends what can be mended without loss; what can't be used goes to the quarantine. Owns the directory
     * meanwhile. If a live process owns it, or a newer version wrote its state.json, this only examines.
     *
     * @return what was found, and whether it is mended
     * @throws IOException if the directory can't be read or locked
     */
    public Report repair() throws IOException {
        Optional<Owner> owner = Owner.find(dir, codec);
        if (owner.isPresent() || files.counters().verdict() == Verdict.NEWER) {
            return examine(owner);
        }
        Findings findings = new Findings(true);
        Examined examined = examined(false);
        LOCK.run(examined, findings);
        try (StateDirLock held = StateDirLock.acquire(dir, codec, Disk.local())) {
            runAll(examined, findings);
        }
        return new Report(dir.root(), false, OptionalLong.empty(), findings.all());
    }

    private Examined examined(boolean owned) {
        return new Examined(dir, files, owned, clock.millis());
    }

    /** Permissions first, as they may hide the rest; manifests before what is measured by them. */
    private void runAll(Examined examined, Findings findings) throws IOException {
        for (Check check : List.of(
                new RoomCheck(),
                new PermissionCheck(),
                new LayoutCheck(),
                new LeftoverCheck(),
                new JournalCheck(),
                new ManifestCheck(),
                new OrphanCheck(),
                new EventLogCheck(codec),
                new StateCheck(),
                new StrayCheck(table, grace),
                new QuarantineNote())) {
            check.run(examined, findings);
        }
    }
}
