package dev.tau.jobs.process;

import dev.tau.jobs.process.ProcessLauncher.SpawnException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** What can be told to fail before a process is there, told as the system would tell it. */
final class StartChecks {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private StartChecks() {}

    static void check(LaunchSpec spec) throws SpawnException {
        if (!Files.isDirectory(spec.directory())) {
            throw new SpawnException("working directory " + spec.directory() + " is no directory");
        }
        checkEncodable(spec);
    }

    /** The JDK writes '?' for what the locale's charset does not have; a wrong argument is worse than none. */
    private static void checkEncodable(LaunchSpec spec) throws SpawnException {
        for (Charset charset : new LinkedHashSet<>(List.of(Charset.defaultCharset(), ofArguments()))) {
            List<String> all = new ArrayList<>(spec.args());
            all.add(spec.command());
            all.addAll(spec.env().keySet());
            all.addAll(spec.env().values());
            for (String text : all) {
                if (text.indexOf('\0') >= 0) {
                    throw new SpawnException("command, arguments and environment must not contain NUL");
                }
                if (!charset.newEncoder().canEncode(text)) {
                    throw new SpawnException("command, arguments or environment hold a character that the host's "
                            + "character set " + charset + " does not have"
                            + (charset.equals(StandardCharsets.UTF_8)
                                    ? " (half a surrogate pair)"
                                    : "; run the host in a UTF-8 locale"));
                }
            }
        }
    }

    /** {@return the character set in which the JDK hands arguments to the system} */
    static Charset ofArguments() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    /** With a program in front, its exit code 127 would be all that we hear of a command that is not there. */
    static void checkExecutable(LaunchSpec spec) throws SpawnException {
        String command = spec.command();
        List<Path> candidates = new ArrayList<>();
        try {
            if (command.contains("/")) {
                candidates.add(spec.directory().resolve(command));
            } else {
                String path = spec.env().getOrDefault("PATH", System.getenv().getOrDefault("PATH", DEFAULT_PATH));
                for (String directory : path.split(":", -1)) {
                    candidates.add(spec.directory().resolve(directory).resolve(command));
                }
            }
        } catch (InvalidPathException e) {
            throw new SpawnException("No such file or directory (os error 2)");
        }
        boolean found = false;
        for (Path candidate : candidates) {
            if (Files.isRegularFile(candidate)) {
                if (Files.isExecutable(candidate)) {
                    return;
                }
                found = true;
            } else if (command.contains("/") && Files.exists(candidate)) {
                found = true;
            }
        }
        throw new SpawnException(found ? "Permission denied (os error 13)" : "No such file or directory (os error 2)");
    }
}
