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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A control group (version 2, cgroups(7)) for each job of a runtime, below the one that the host is in: whatever a process
 * does to its environment, session, parent and outputs, it and its children stay in the job's group. It can be had where the
 * host may make groups: as root, or where a service manager has delegated them. Safe for several threads.
 */
final class ControlGroups implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlGroups.class.getName());
    private static final String PREFIX = "tau-jobs-";
    private static final String PROCESSES = "cgroup.procs";

    private final Path root;
    /** Jobs that have ended, and whose groups are still there. */
    private final Set<JobId> left = ConcurrentHashMap.newKeySet();

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
                    .filter(line -> line.startsWith("0::/"))
                    .map(line -> line.substring("0::/".length()))
                    .findFirst()
                    .orElse("..");
            if (path.startsWith("..")) {
                return Optional.empty(); // outside of what this container may see
            }
            // "36 35 98:0 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw": proc_pid_mountinfo(5)
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .filter(line -> line.contains(" - cgroup2 "))
                    .map(line -> line.split(" ", 6))
                    .filter(fields -> fields[3].equals("/"))
                    .map(fields -> Path.of(fields[4]).resolve(path))
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
     * @param cgroup the content of {@code /proc/PID/cgroup}
     * @param stateDir of which state dir
     * @return the job; empty if the group is no job's of that state dir
     */
    static Optional<JobId> jobOf(String cgroup, String stateDir) {
        if (!cgroup.contains("/" + PREFIX)) {
            return Optional.empty();
        }
        String prefix = prefix(stateDir);
        String[] parts = cgroup.split("[/\n]", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            if (parts[i].startsWith(prefix)) {
                return JobId.parse(parts[i + 1]);
            }
        }
        return Optional.empty();
    }

    /** {@return the directory that holds the jobs' groups} */
    Path directory() {
        return root;
    }

    /**
     * Makes a job's group.
     *
     * @return the file that a process enters it by, writing 0; empty if it can't be made
     */
    Optional<Path> make(JobId id) {
        Path group = root.resolve(id.value());
        try {
            if (!Files.isDirectory(group)) {
                Files.createDirectory(group);
            }
            return Optional.of(group.resolve(PROCESSES));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no control group for " + id, e);
            return Optional.empty();
        }
    }

    /** Takes a job's group away, when no process is in it any more; later, if one has not been buried yet. */
    void remove(JobId id) {
        left.add(id);
        left.removeIf(ended -> {
            Path group = root.resolve(ended.value());
            removeAll(group);
            return !Files.isDirectory(group);
        });
    }

    /** A job may have made groups of its own below. What is not empty stays, and is cleared away by a later start. */
    private static void removeAll(Path group) {
        if (!Files.isDirectory(group)) {
            return;
        }
        try {
            try (DirectoryStream<Path> below = Files.newDirectoryStream(group, Files::isDirectory)) {
                below.forEach(ControlGroups::removeAll);
            }
            Files.delete(group);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "left behind: " + group, e);
        }
    }

    @Override
    public void close() {
        removeAll(root);
    }
}
