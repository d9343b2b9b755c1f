package dev.tau.jobs.process;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private final String boot;

    LinuxProcessTable() {
        this.boot = readText(BOOT_ID).strip();
    }

    static boolean isAvailable() {
        return Files.isReadable(PROC.resolve("self/stat"));
    }

    @Override
    public List<Entry> snapshot() {
        String[] names = new File("/proc").list();
        List<Entry> entries = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                Entry entry = read(Long.parseLong(name));
                if (entry != null) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    @Override
    public ProcessIdentity identify(long pid) {
        Entry entry = read(pid);
        return new ProcessIdentity(pid, entry == null ? "" : entry.start());
    }

    /** Null for a process that is gone, and for a zombie, which can neither run nor be ended. */
    private @Nullable Entry read(long pid) {
        String stat = readText(PROC.resolve(pid + "/stat"));
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

    @Override
    public boolean carries(long pid, JobMarker marker) {
        Set<String> variables = new HashSet<>(
                Arrays.asList(readText(PROC.resolve(pid + "/environ")).split("\0")));
        return variables.contains(JobMarker.ID_VARIABLE + "=" + marker.id())
                && variables.contains(JobMarker.STATE_DIR_VARIABLE + "=" + marker.stateDir());
    }

    @Override
    public Optional<JobMarker> markerOf(long pid) {
        String id = "";
        String stateDir = "";
        for (String variable : readText(PROC.resolve(pid + "/environ")).split("\0", -1)) {
            if (variable.startsWith(JobMarker.ID_VARIABLE + "=")) {
                id = variable.substring(JobMarker.ID_VARIABLE.length() + 1);
            } else if (variable.startsWith(JobMarker.STATE_DIR_VARIABLE + "=")) {
                stateDir = variable.substring(JobMarker.STATE_DIR_VARIABLE.length() + 1);
            }
        }
        String dir = stateDir;
        return dir.isEmpty() ? Optional.empty() : JobId.parse(id).map(job -> new JobMarker(job, dir));
    }

    /** Empty if it can't be read: the process has ended, or belongs to somebody else. */
    private static String readText(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
