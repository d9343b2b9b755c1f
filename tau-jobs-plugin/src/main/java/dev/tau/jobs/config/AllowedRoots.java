package dev.tau.jobs.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Keeps a model's paths inside the directories that the host allows, symbolic links followed. */
public final class AllowedRoots {
    private final Path workingDirectory;
    private final List<Path> roots;

    /**
     * The rule of a host.
     *
     * @param workingDirectory where relative paths start
     * @param roots where paths may lie
     */
    public AllowedRoots(Path workingDirectory, List<Path> roots) {
        this.workingDirectory = workingDirectory;
        this.roots = List.copyOf(roots);
    }

    /**
     * The real path of an existing directory inside a root.
     *
     * @param argument the argument's name, for messages
     * @param value what the model gave
     * @return absolute, without symbolic links
     * @throws IllegalArgumentException if it is no directory, or outside
     */
    public Path directory(String argument, String value) {
        Path path = parse(argument, value);
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException(argument + " must be an existing directory, but is " + value);
        }
        return inside(argument, value, path);
    }

    /**
     * The real path of a file inside a root that may not exist yet, nor its directories.
     *
     * @param argument the argument's name, for messages
     * @param value what the model gave
     * @return absolute; links in the part that exists are resolved
     * @throws IllegalArgumentException if it is outside
     */
    public Path file(String argument, String value) {
        return inside(argument, value, parse(argument, value));
    }

    /**
     * Whether a path that was resolved earlier may still be used: no part of it has been replaced by a link since, or the
     * link leads into a root.
     *
     * @param path absolute
     * @param real where it leads now
     * @return false also if a root can't be resolved
     */
    public boolean stillHolds(Path path, Path real) {
        try {
            return real.equals(path) || isInside(real);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isInside(Path real) throws IOException {
        for (Path root : roots) {
            if (real.startsWith(realPath(root))) {
                return true;
            }
        }
        return false;
    }

    private Path parse(String argument, String value) {
        try {
            return workingDirectory.resolve(value).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(argument + " must be a path: " + e.getReason());
        }
    }

    private Path inside(String argument, String value, Path path) {
        try {
            Path real = realPath(path);
            if (isInside(real)) {
                return real;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(argument + " can't be resolved: " + value);
        }
        throw new IllegalArgumentException(
                argument + " must lie inside an allowed root (" + roots + "), but is " + value);
    }

    /** Resolves what exists; of the rest, ".." is refused, since it could climb out of a link made later. */
    private static Path realPath(Path path) throws IOException {
        Path existing = path;
        while (existing != null && !Files.exists(existing, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            throw new IOException("no part of the path exists");
        }
        Path real = existing.toRealPath();
        for (Path name : existing.relativize(path)) {
            if (name.toString().equals("..")) {
                throw new IOException("\"..\" below a directory that does not exist");
            }
            if (!name.toString().isEmpty()) {
                real = real.resolve(name);
            }
        }
        return real;
    }
}
