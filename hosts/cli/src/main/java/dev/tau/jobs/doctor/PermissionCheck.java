package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Directories 0700 and files 0600, where there are such permissions: manifests hold the environments of jobs. */
final class PermissionCheck implements Check {
    private static final Set<PosixFilePermission> OF_DIRECTORIES = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OF_FILES = PosixFilePermissions.fromString("rw-------");

    @Override
    public void run(Examined dir, Findings out) throws IOException {
        for (Path directory : List.of(
                dir.root(),
                dir.places().jobs(),
                dir.places().requests(),
                dir.places().journal(),
                dir.places().heard(),
                dir.places().quarantine())) {
            if (Examined.isDirectory(directory)) {
                checkDirectory(dir, directory, out);
            }
        }
    }

    private static void checkDirectory(Examined dir, Path directory, Findings out) throws IOException {
        Set<PosixFilePermission> found = permissions(directory);
        if (found != null && !found.equals(OF_DIRECTORIES)) {
            out.mendable(
                    Kind.PERMISSIONS,
                    dir.relative(directory),
                    "The directory has the permissions " + PosixFilePermissions.toString(found) + ".",
                    "--repair sets rwx------",
                    () -> {
                        set(directory, OF_DIRECTORIES);
                        return "set to rwx------";
                    });
        }
        // One line for all of them: a copied directory has thousands.
        List<Path> open = new ArrayList<>();
        for (Path file : dir.list(directory)) {
            Set<PosixFilePermission> permissions = Examined.isRegular(file) ? permissions(file) : null;
            if (permissions != null && !permissions.equals(OF_FILES)) {
                open.add(file);
            }
        }
        if (!open.isEmpty()) {
            out.mendable(
                    Kind.PERMISSIONS,
                    dir.relative(open.get(0)),
                    open.size() == 1
                            ? "The file does not have the permissions rw-------."
                            : "This and " + (open.size() - 1)
                                    + " more beside it do not have the permissions rw-------.",
                    "--repair sets rw-------",
                    () -> {
                        for (Path file : open) {
                            set(file, OF_FILES);
                        }
                        return "set to rw-------";
                    });
        }
    }

    private static @Nullable Set<PosixFilePermission> permissions(Path file) throws IOException {
        PosixFileAttributeView view = view(file);
        try {
            return view == null ? null : view.readAttributes().permissions();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void set(Path file, Set<PosixFilePermission> permissions) throws IOException {
        PosixFileAttributeView view = view(file);
        if (view != null) {
            view.setPermissions(permissions);
        }
    }

    private static @Nullable PosixFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
