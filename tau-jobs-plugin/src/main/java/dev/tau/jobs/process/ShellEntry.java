package dev.tau.jobs.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A shell in front of a command that enters the job's control group and becomes the command: entered from outside, after the
 * start, the command may have started others already.
 */
final class ShellEntry {
    private static final String SHELL = "/bin/sh";
    /** $1: the group's file, $2: empty if there is no PWD, $3: PWD. A shell sets and exports it anew. */
    private static final String SCRIPT = "{ echo 0 >\"$1\"; } 2>/dev/null; "
            + "if [ -n \"$2\" ]; then PWD=$3; else unset PWD; fi; shift 3; exec \"$@\"";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** What shells set for themselves, or read at their start. */
    private static final Set<String> THEIR_OWN = Set.of(
            "IFS",
            "OPTIND",
            "OPTARG",
            "PPID",
            "LINENO",
            "ENV",
            "BASH_ENV",
            "SHELLOPTS",
            "BASHOPTS",
            "PS1",
            "PS2",
            "PS4");

    private ShellEntry() {}

    static boolean isAvailable() {
        return Files.isExecutable(Path.of(SHELL));
    }

    /** Whether a shell hands an environment on as it is: some drop variables whose names they could not use. */
    static boolean keeps(Map<String, String> environment) {
        return environment.keySet().stream()
                .allMatch(name -> NAME.matcher(name).matches() && !THEIR_OWN.contains(name));
    }

    /** The words to put in front of the command. */
    static List<String> words(Path group, Map<String, String> environment) {
        String directory = environment.get("PWD");
        return List.of(
                SHELL,
                "-c",
                SCRIPT,
                "tau-jobs",
                group.toString(),
                directory == null ? "" : "PWD",
                directory == null ? "" : directory);
    }
}
