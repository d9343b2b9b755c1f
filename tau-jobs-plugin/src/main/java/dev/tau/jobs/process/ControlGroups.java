package dev.tau.jobs.process;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A control group (version 2, cgroups(7)) for each helper of a runtime, below the one that the host is in: whatever a process
 * does to its environment, session, parent and outputs, it and its children stay in the group. Which job that is says an
 * empty group in it, named for the job: processes that are there already need not be moved, which takes milliseconds. It can
 * be had where the host may make groups: as root, or where a service manager has delegated them. Safe for several threads.
 */
final class ControlGroups implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlGroups.class.getName());
    private static final String PREFIX = "tau-jobs-";
    /** How the name of a label begins, which jobs' own groups don't. */
    private static final String LABEL = "tau-job-of.";

    private static final String PROCESSES = "cgroup.procs";
    /** How a line of {@code /proc/PID/cgroup} begins that names the group of version 2. */
    private static final String UNIFIED = "0::/";

    private final Path root;

    private ControlGroups(Path root) {
        this.root = root;
    }

    /**
     * Makes the group of a runtime, and clears away what runtimes before it have left empty.
     *
     * @param stateDir whose jobs
     * @param runtime tells it from the runtimes before and after
     * @return empty if the host may not make groups
     */
    static Optional<ControlGroups> create(String stateDir, String runtime) {
        Optional<Path> own = own();
        if (own.isEmpty() || !Files.isWritable(own.get())) {
            return Optional.empty();
        }
        String prefix = prefix(stateDir);
        try {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(own.get(), prefix + "*")) {
                left.forEach(ControlGroups::removeAll);
            }
            Path root = Files.createDirectory(own.get().resolve(prefix + runtime));
            if (Files.isWritable(root.resolve(PROCESSES))) {
                return Optional.of(new ControlGroups(root));
            }
            removeAll(root);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no control groups below " + own.get(), e);
        }
        return Optional.empty();
    }

    /** The group that this process is in, as a directory. */
    private static Optional<Path> own() {
        try {
            String path = Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                    .filter(line -> line.startsWith(UNIFIED))
                    .map(line -> line.substring(UNIFIED.length()))
                    .findFirst()
                    .orElse("..");
            // outside of what this container may see
            return path.startsWith("..") ? Optional.empty() : mount().map(mount -> mount.resolve(path));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no control groups", e);
            return Optional.empty();
        }
    }

    /** Where the groups are to be seen. */
    private static Optional<Path> mount() {
        try {
            // "36 35 98:0 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw": proc_pid_mountinfo(5)
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .filter(line -> line.contains(" - cgroup2 "))
                    .map(line -> line.split(" ", 6))
                    .filter(fields -> fields[3].equals("/"))
                    .map(fields -> Path.of(fields[4]))
                    .findFirst();
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no control groups", e);
            return Optional.empty();
        }
    }

    /** The part of a group's name that all runtimes of a state dir share. */
    private static String prefix(String stateDir) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(stateDir.getBytes(StandardCharsets.UTF_8));
            return PREFIX + HexFormat.of().formatHex(hash, 0, 8) + "-";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java platform has it
        }
    }

    /**
     * Whose a process in some group is.
     *
     * @param pid the process
     * @param cgroup the content of {@code /proc/PID/cgroup}
     * @param stateDir of which state dir
     * @return the job; empty if the group is no job's of that state dir, and for the helper that the group was made for
     */
    static Optional<JobId> jobOf(long pid, String cgroup, String stateDir) {
        if (!cgroup.contains("/" + PREFIX)) {
            return Optional.empty();
        }
        String prefix = prefix(stateDir);
        String group = cgroup.lines()
                .filter(line -> line.startsWith(UNIFIED))
                .map(line -> line.substring(UNIFIED.length()))
                .findFirst()
                .orElse("");
        String[] parts = group.split("/", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            if (parts[i].startsWith(prefix)) {
                String helper = parts[i + 1];
                String path = String.join("/", List.of(parts).subList(0, i + 2));
                return helper.equals(Long.toString(pid))
                        ? Optional.empty()
                        : mount().flatMap(mount -> labelOf(mount.resolve(path)));
            }
        }
        return Optional.empty();
    }

    private static Optional<JobId> labelOf(Path group) {
        try (DirectoryStream<Path> labels = Files.newDirectoryStream(group, Files::isDirectory)) {
            for (Path label : labels) {
                String name = String.valueOf(label.getFileName());
                if (name.startsWith(LABEL)) {
                    return JobId.parse(name.substring(LABEL.length()));
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "gone: " + group, e);
        }
        return Optional.empty();
    }

    /** {@return the directory that holds the jobs' groups} */
    Path directory() {
        return root;
    }

    /**
     * Makes a helper's group.
     *
     * @param helper its pid
     * @return the file that a process enters it by, writing 0; empty if it can't be made
     */
    Optional<Path> make(long helper) {
        try {
            return Optional.of(Files.createDirectory(group(helper)).resolve(PROCESSES));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no control group for " + helper, e);
            return Optional.empty();
        }
    }

    private static Path label(Path group, JobId id) {
        return group.resolve(LABEL + id);
    }

    private Path group(long helper) {
        return root.resolve(Long.toString(helper));
    }

    /** Says whose job runs in a helper's group from now on. */
    void label(long helper, JobId id) {
        try {
            if (Files.isDirectory(group(helper))) {
                Files.createDirectory(label(group(helper), id));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "processes of " + id + " are found by other marks only", e);
        }
    }

    /** The job has no process left: its label goes, and groups that it may have made of its own. */
    void unlabel(long helper, JobId id) {
        Path group = group(helper);
        try {
            Files.deleteIfExists(label(group, id));
            if (!isEmpty(group)) {
                removeBelow(group);
            }
        } catch (IOException e) {
            removeBelow(group);
        }
    }

    /** By the links of a directory, two and one for each in it: to list it would show all its control files. */
    private static boolean isEmpty(Path group) throws IOException {
        return !Files.isDirectory(group)
                || Files.getAttribute(group, "unix:nlink").equals(2);
    }

    /** What is not empty stays, and is cleared away by a later start. */
    private static void removeAll(Path group) {
        removeBelow(group);
        try {
            Files.deleteIfExists(group);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "left behind: " + group, e);
        }
    }

    private static void removeBelow(Path group) {
        if (!Files.isDirectory(group)) {
            return;
        }
        try (DirectoryStream<Path> below = Files.newDirectoryStream(group, Files::isDirectory)) {
            below.forEach(ControlGroups::removeAll);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "left behind: " + group, e);
        }
    }

    @Override
    public void close() {
        removeAll(root);
    }
}
