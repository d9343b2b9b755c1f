package dev.tau.jobs.config;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which programs a host allows, by patterns as of {@link java.nio.file.FileSystem#getPathMatcher} ({@code glob}). One without a
 * slash stands for programs that are called by that name and found in the host's PATH; one with a slash for programs of that
 * absolute path, links in the directory followed, also in what stands before the first wildcard of the pattern. It says what is started, not what that starts: whoever allows {@code sh}
 * allows all.
 */
public final class AllowedCommands {
    static final String RULE = "must be glob patterns of programs' names or absolute paths, one a line";

    /** What has a meaning in a pattern. */
    private static final String WILDCARDS = "*?[]{}\\";

    private record Pattern(String text, PathMatcher matcher, boolean isPath) {}

    private final List<Pattern> patterns;
    private final String searchPath;

    private AllowedCommands(List<Pattern> patterns, String searchPath) {
        this.patterns = List.copyOf(patterns);
        this.searchPath = searchPath;
    }

    /**
     * Reads patterns.
     *
     * @param value one a line
     * @throws IllegalArgumentException if one is not valid; the message is the rule
     */
    static AllowedCommands parse(String value) {
        return parse(value, System.getenv("PATH"));
    }

    /**
     * Reads patterns.
     *
     * @param value one a line
     * @param searchPath the host's PATH, null if it has none
     * @throws IllegalArgumentException if one is not valid; the message is the rule
     */
    static AllowedCommands parse(String value, @Nullable String searchPath) {
        List<Pattern> patterns = new ArrayList<>();
        value.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> patterns.add(pattern(line)));
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException(RULE);
        }
        // Without a PATH each shell and system searches places of its own: no name says what is started then.
        return new AllowedCommands(patterns, searchPath == null ? "" : searchPath);
    }

    /** {@return no rule} */
    static AllowedCommands any() {
        return new AllowedCommands(List.of(), "");
    }

    private static Pattern pattern(String text) {
        boolean isPath = text.indexOf('/') >= 0;
        if (text.isEmpty()
                || (isPath && !Path.of(text.replace('*', 'x').replace('?', 'x')).isAbsolute())) {
            throw new IllegalArgumentException(RULE);
        }
        try {
            return new Pattern(text, matcher(text), isPath);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(RULE, e);
        }
    }

    private static PathMatcher matcher(String pattern) {
        return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    }

    /** As programs are: /bin/sh is that of /usr/bin where /bin is a link. What is not there yet stays as it is. */
    private static String resolved(String pattern) {
        int wildcard = 0;
        while (wildcard < pattern.length() && WILDCARDS.indexOf(pattern.charAt(wildcard)) < 0) {
            wildcard++;
        }
        int end = pattern.lastIndexOf('/', wildcard == pattern.length() ? wildcard : wildcard - 1);
        try {
            String directory =
                    Path.of(pattern.substring(0, end + 1)).toRealPath().toString();
            StringBuilder quoted = new StringBuilder();
            directory.codePoints().forEach(c -> {
                if (WILDCARDS.indexOf(c) >= 0) {
                    quoted.append('\\');
                }
                quoted.appendCodePoint(c);
            });
            return (directory.endsWith("/") ? quoted.substring(0, quoted.length() - 1) : quoted)
                    + pattern.substring(end);
        } catch (IOException | InvalidPathException e) {
            return pattern;
        }
    }

    /**
     * Why a program must not be started.
     *
     * @param command its name, or its path
     * @param directory where it is to be started, absolute
     * @param env the variables that are added to the host's environment
     * @return a sentence that names the rule; empty if it may be started
     */
    public Optional<String> refusal(String command, Path directory, Map<String, String> env) {
        if (patterns.isEmpty()) {
            return Optional.empty();
        }
        boolean isName = command.indexOf('/') < 0;
        if (isName && env.containsKey("PATH")) {
            return Optional.of("env must not set PATH, by which " + command
                    + " may be another program, as --jobs-allow-command is given");
        }
        if (isName && search(command) == null && isRelative()) {
            return Optional.of(
                    "command must be found in the host's PATH before any of its relative entries, by which the"
                            + " directory would say which program it is, as --jobs-allow-command is given; but is "
                            + command);
        }
        if (patterns.stream().anyMatch(pattern -> matches(pattern, command, isName, directory))) {
            return Optional.empty();
        }
        return Optional.of("command must be one that --jobs-allow-command allows ("
                + String.join(", ", patterns.stream().map(Pattern::text).toList()) + "), but is " + command);
    }

    private boolean matches(Pattern pattern, String command, boolean isName, Path directory) {
        try {
            if (!pattern.isPath()) {
                return isName && pattern.matcher().matches(Path.of(command));
            }
            Path found = isName ? search(command) : directory.resolve(command);
            // At each check: what a link leads to changes when something new is installed.
            return found != null && matcher(resolved(pattern.text())).matches(resolved(found));
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    /** As execvp(3) does, up to the first entry that is relative to the job's directory. */
    private @Nullable Path search(String name) {
        try {
            return searchPlaces(name);
        } catch (InvalidPathException e) {
            // A character that the host's character set does not have: no program is called so.
            return null;
        }
    }

    private @Nullable Path searchPlaces(String name) {
        for (String place : searchPath.split(java.io.File.pathSeparator, -1)) {
            Path directory = Path.of(place);
            if (!directory.isAbsolute()) {
                return null;
            }
            Path candidate = directory.resolve(name);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private boolean isRelative() {
        return Stream.of(searchPath.split(java.io.File.pathSeparator, -1))
                .anyMatch(place -> !Path.of(place).isAbsolute());
    }

    /** The last name stays: who may put a link into an allowed directory may put a program there. */
    private static Path resolved(Path path) throws IOException {
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null || name == null || name.toString().equals("..")) {
            throw new IOException("no program: " + path);
        }
        return parent.toRealPath().resolve(name);
    }

    /** {@return the patterns} */
    @Override
    public String toString() {
        return patterns.stream().map(Pattern::text).toList().toString();
    }
}
