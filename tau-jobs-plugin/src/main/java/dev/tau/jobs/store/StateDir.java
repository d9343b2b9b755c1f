package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where each file of a state dir lies. */
record StateDir(Path root) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    Path jobs() {
        return root.resolve("jobs");
    }

    Path quarantine() {
        return root.resolve("quarantine");
    }

    Path manifest(JobId id) {
        return jobs().resolve(id + ".json");
    }

    Path stdout(JobId id) {
        return jobs().resolve(id + ".stdout.log");
    }

    Path stderr(JobId id) {
        return jobs().resolve(id + ".stderr.log");
    }

    Path events() {
        return root.resolve("events.jsonl");
    }

    Path snapshot() {
        return root.resolve("state.json");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path owner() {
        return root.resolve("owner.json");
    }

    /** Makes a directory that only its owner can enter, and what is missing above it. */
    static void createPrivate(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (exists(directory)) {
            throw new IOException("there is something in the way that is no directory: " + directory);
        }
        Files.createDirectories(directory, attributes(directory));
    }

    private static FileAttribute<?>[] attributes(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
