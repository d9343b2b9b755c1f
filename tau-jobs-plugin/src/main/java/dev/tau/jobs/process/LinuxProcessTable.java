package dev.tau.jobs.process;

import dev.tau.jobs.file.ProcFile;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * {@link ProcessTable} by /proc (proc(5)). A start is the boot's id and the clock ticks since then, so that neither a jump
 * of the clock nor a reboot makes two processes look like one.
 */
final class LinuxProcessTable implements ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");
    // Positions behind the command name, which is in parentheses and may hold anything.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int START_TICKS = 19;

    // The same on all architectures that OpenJDK runs on under Linux.
    private static final long O_ACCMODE = 3;
    private static final long O_WRONLY = 1;
    private static final long O_APPEND = 02000;

    private static final List<String> OUTPUT_SUFFIXES = List.of(".stdout.log", ".stderr.log");

    /** Beyond, a list of the processes that there are is quicker. */
    private static final long MAX_PROBED_PIDS = 1_000;

    private static final int MAX_LOOKS = 10;
    /** A processor does not start processes faster. */
    private static final long NANOS_A_FORK = 20_000;

    private final String boot;
    private final long maxPid;
    /** Not what a container's manager makes up, seconds later: lxcfs mounts a file of its own there. */
    private final boolean isLoadOfKernel;

    private final int processors = Runtime.getRuntime().availableProcessors();

    LinuxProcessTable() {
        this.boot = ProcFile.read(BOOT_ID).strip();
        this.maxPid = number(ProcFile.read(PROC.resolve("sys/kernel/pid_max")).strip());
        this.isLoadOfKernel = !isMounted("/proc/loadavg");
    }

    private static boolean isMounted(String file) {
        try {
            // "36 35 98:0 / /proc/loadavg rw - fuse.lxcfs lxcfs rw": proc_pid_mountinfo(5)
            return Files.readAllLines(PROC.resolve("self/mountinfo")).stream()
                    .anyMatch(line -> line.contains(" " + file + " "));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    static boolean isAvailable() {
        return Files.isReadable(PROC.resolve("self/stat"));
    }

    @Override
    public List<Entry> snapshot() {
        return entries(pid -> true);
    }

    private List<Entry> entries(LongPredicate wanted) {
        String[] names = new File("/proc").list();
        List<Entry> entries = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0)) && wanted.test(Long.parseLong(name))) {
                Entry entry = read(Long.parseLong(name));
                if (entry != null) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    /**
     * Pids are given in turn, up to the highest and from the lowest again: what was started later has a higher one, as long as
     * the turn can't be over. So most jobs need a look at a few pids, not at all processes of the machine.
     */
    @Override
    public List<Entry> startedSince(long pid, Duration age) {
        long last = isLoadOfKernel ? lastPid() : 0;
        if (last < pid || age.toNanos() / NANOS_A_FORK * processors >= maxPid / 2) {
            return snapshot();
        }
        if (last - pid > MAX_PROBED_PIDS) {
            return entries(found -> found >= pid);
        }
        List<Entry> entries = new ArrayList<>();
        long next = pid;
        // Until nothing is new: one that we have just seen may have started another one, and be gone by now.
        for (int times = 0; times < MAX_LOOKS && next <= last; times++) {
            for (; next <= last; next++) {
                // Asked first, as most are gone: an exception for each would cost more than all the rest.
                Entry entry = new File("/proc/" + next).exists() ? read(next) : null;
                if (entry != null) {
                    entries.add(entry);
                }
            }
            last = Math.max(last, lastPid());
        }
        return entries;
    }

    /** "0.42 0.36 0.30 2/180 4711": the last pid that was given; proc_loadavg(5). */
    private static long lastPid() {
        String load = ProcFile.read(PROC.resolve("loadavg")).strip();
        return number(load.substring(load.lastIndexOf(' ') + 1));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0; // not there: nothing is said about pids then
        }
    }

    @Override
    public ProcessIdentity identify(long pid) {
        Entry entry = read(pid);
        return new ProcessIdentity(pid, entry == null ? "" : entry.start());
    }

    /** Null for a process that is gone, and for a zombie, which can neither run nor be ended. */
    private @Nullable Entry read(long pid) {
        String stat = ProcFile.read(PROC.resolve(pid + "/stat"));
        int behindName = stat.lastIndexOf(") ");
        if (behindName < 0) {
            return null;
        }
        String[] fields = stat.substring(behindName + 2).split(" ", START_TICKS + 2);
        if (fields.length <= START_TICKS || fields[STATE].equals("Z") || fields[STATE].equals("X")) {
            return null;
        }
        return new Entry(
                pid,
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[GROUP]),
                Long.parseLong(fields[SESSION]),
                boot + ":" + fields[START_TICKS]);
    }

    /**
     * By its environment, its control group, or its outputs: a daemon that cleans its environment, leaves its session and
     * loses its parent still writes to the job's log, or sits in its group.
     */
    @Override
    public Optional<JobId> jobOf(long pid, String stateDir) {
        Path process = PROC.resolve(Long.toString(pid));
        return byEnvironment(process, stateDir)
                .or(() -> ControlGroups.jobOf(pid, ProcFile.read(process.resolve("cgroup")), stateDir))
                .or(() -> byOutput(process, stateDir, "1"))
                .or(() -> byOutput(process, stateDir, "2"));
    }

    private static Optional<JobId> byEnvironment(Path process, String stateDir) {
        String id = "";
        boolean ofStateDir = false;
        for (String variable : ProcFile.read(process.resolve("environ")).split("\0", -1)) {
            if (variable.startsWith(JobMarker.ID_VARIABLE + "=")) {
                id = variable.substring(JobMarker.ID_VARIABLE.length() + 1);
            } else if (variable.equals(JobMarker.STATE_DIR_VARIABLE + "=" + stateDir)) {
                ofStateDir = true;
            }
        }
        return ofStateDir ? JobId.parse(id) : Optional.empty();
    }

    /** Who only reads a log, as tail does, is nobody's process. */
    private static Optional<JobId> byOutput(Path process, String stateDir, String descriptor) {
        try {
            Path file = Files.readSymbolicLink(process.resolve("fd").resolve(descriptor));
            Path jobs = Path.of(stateDir, "jobs");
            if (!jobs.equals(file.getParent()) || !isOpenForAppending(process, descriptor)) {
                return Optional.empty();
            }
            String name = String.valueOf(file.getFileName());
            return OUTPUT_SUFFIXES.stream()
                    .filter(name::endsWith)
                    .findFirst()
                    .flatMap(suffix -> JobId.parse(name.substring(0, name.length() - suffix.length())));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // ended, somebody else's, or no file at all
        }
    }

    /** "flags:\t0102001", octal: proc_pid_fdinfo(5). */
    private static boolean isOpenForAppending(Path process, String descriptor) {
        for (String line :
                ProcFile.read(process.resolve("fdinfo").resolve(descriptor)).split("\n", -1)) {
            if (line.startsWith("flags:")) {
                long flags = Long.parseLong(line.substring("flags:".length()).strip(), 8);
                return (flags & O_ACCMODE) == O_WRONLY && (flags & O_APPEND) != 0;
            }
        }
        return false;
    }
}
