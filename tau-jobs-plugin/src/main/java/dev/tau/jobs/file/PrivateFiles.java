package dev.tau.jobs.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes files 0600 and directories 0700, where the file system has such permissions. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    /**
     * Opens a file, readable by its owner alone if it is new, not following a link in its last part.
     *
     * @param path the file
     * @param options how to open it
     * @return the open file
     * @throws IOException if it can't be opened, or is a link
     */
    public static FileChannel open(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(List.of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(path, all, attributes(path, "rw-------"));
    }

    /**
     * Makes a directory that only its owner can enter, and what is missing above it.
     *
     * @param directory the directory; one that is there stays as it is
     * @throws IOException if it can't be made
     */
    public static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("there is something in the way that is no directory: " + directory);
        }
        Files.createDirectories(directory, attributes(directory, "rwx------"));
    }

    /**
     * Takes a directory from everybody but its owner.
     *
     * @param directory exists
     * @throws IOException if others could go on reading it
     */
    public static void tighten(Path directory) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        if (view != null && !OWNER_ALONE.containsAll(view.readAttributes().permissions())) {
            view.setPermissions(OWNER_ALONE);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
