package dev.tau.jobs.process;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a {@link ShellHelper} is told, as text of a POSIX shell: each word in single quotes, so that none is read as text. */
final class ShellScript {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** What shells set for themselves, or read at their start. */
    private static final Set<String> THEIR_OWN = Set.of(
            "IFS",
            "OPTIND",
            "OPTARG",
            "PPID",
            "UID",
            "EUID",
            "LINENO",
            "ENV",
            "SHELLOPTS",
            "RANDOM",
            "SRANDOM",
            "SECONDS",
            "GROUPS",
            "DIRSTACK",
            "FUNCNAME",
            "PIPESTATUS",
            "HISTCMD",
            "EPOCHSECONDS",
            "EPOCHREALTIME",
            "PS1",
            "PS2",
            "PS4");
    /** Stands for what the host's character set could not decode, and so can't be set again. */
    private static final char UNDECODED = '\uFFFD';
    /** Our own variables in the subshell, which are not exported. */
    private static final String OURS = "_tau_";
    /** What {@code cd} and some shells' start change. */
    private static final List<String> CHANGED = List.of("PWD", "OLDPWD", "SHLVL");

    /** No system refuses so little as too long (execve(2)); beyond, the system is to say so, not the shell. */
    private static final int MAX_LENGTH = 32 * 1024;

    private ShellScript() {}

    /** Whether a shell hands an environment on as it is: some drop variables whose names they could not use. */
    static boolean keeps(Map<String, String> environment) {
        return environment.keySet().stream()
                        .allMatch(name -> NAME.matcher(name).matches()
                                && !THEIR_OWN.contains(name)
                                && !name.startsWith("BASH")
                                && !name.startsWith(OURS))
                && CHANGED.stream()
                        .noneMatch(name -> environment.getOrDefault(name, "").indexOf(UNDECODED) >= 0);
    }

    /** Whether the shell starts it as the system would: a program's name is no option of {@code exec}. */
    static boolean keeps(LaunchSpec spec) {
        int length = spec.command().length();
        for (String word : spec.args()) {
            length += word.length();
        }
        for (Map.Entry<String, String> variable : spec.env().entrySet()) {
            length += variable.getKey().length() + variable.getValue().length();
        }
        // A shell may switch to a new locale itself, and complain of one that is not installed.
        boolean localeStays =
                spec.env().keySet().stream().noneMatch(name -> name.startsWith("LC_") || name.startsWith("LANG"));
        return length <= MAX_LENGTH && localeStays && !spec.command().startsWith("-");
    }

    /** A word that the shell takes as it is. */
    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** What the helper does once: a signal that a job sends to its whole process group must not end it. */
    static String prologue() {
        // signal(7): all that can be caught, but for those of the shell's own children, of a terminal, and of real time
        return "trap : HUP INT QUIT TRAP ABRT USR1 USR2 PIPE ALRM TERM XCPU XFSZ VTALRM PROF IO PWR SYS\n";
    }

    /** Enters a control group, if that can be done. */
    static String enter(Path processes) {
        return "{ echo 0 >" + quote(processes.toString()) + "; } 2>/dev/null\n";
    }

    /**
     * Starts a program in a subshell, which becomes it, and waits: {@code s <pid>} on the helper's output when all is ready
     * but the program itself, {@code e <exit code>} at its end. Not in the background, where a shell would have it ignore
     * interrupts.
     *
     * @param base what the helper has in its environment
     * @param changes what the program's environment has beyond or instead
     */
    static String run(LaunchSpec spec, Map<String, String> base, Map<String, String> changes, Streams streams) {
        StringBuilder script = begin(spec.directory(), base, changes).append("exec ");
        script.append(quote(spec.command()));
        spec.args().forEach(word -> script.append(' ').append(quote(word)));
        return end(script.append(" 3>&-"), streams);
    }

    /** Runs {@code env -0} in the same way, with its output before the {@code e}: what would a program see? */
    static String probe(Map<String, String> base, Map<String, String> changes) {
        StringBuilder script = begin(Path.of("/"), base, changes).append("exec env -0 >&3 3>&-");
        return end(script, Streams.NONE);
    }

    private static StringBuilder begin(Path directory, Map<String, String> base, Map<String, String> changes) {
        StringBuilder script = new StringBuilder(512)
                // A subshell can't ask for its pid; reading a file takes a call a byte.
                .append("(cd -P /proc/self && _tau_pid=${PWD##*/} && cd ")
                .append(quote(directory.toString()))
                .append(" && echo \"s $_tau_pid\" >&3 && ");
        Map<String, String> export = new LinkedHashMap<>(changes);
        for (String name : CHANGED) {
            if (!export.containsKey(name)) {
                if (base.containsKey(name)) {
                    export.put(name, base.get(name));
                } else {
                    script.append("unset ").append(name).append(" && ");
                }
            }
        }
        if (!export.isEmpty()) {
            script.append("export");
            export.forEach(
                    (name, value) -> script.append(' ').append(name).append('=').append(quote(value)));
            script.append(" && ");
        }
        return script;
    }

    private static String end(StringBuilder script, Streams streams) {
        return script.append(") 3>&1 <")
                .append(quote(streams.stdin().toString()))
                .append(" >>")
                .append(quote(streams.stdout().toString()))
                .append(" 2>>")
                .append(quote(streams.stderr().toString()))
                .append("; echo \"e $?\"\n")
                .toString();
    }
}
