package dev.tau.jobs.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the host's variables a job sees: all, none, or those of some names and {@code NAME*} patterns. PATH, HOME, LANG
 * and TMPDIR always pass, a token of tau-jobs' own never.
 *
 * @param all whether there is no rule
 * @param patterns names, each of which may end in a star
 */
public record InheritedEnvironment(boolean all, List<String> patterns) {
    private static final Set<String> ALWAYS = Set.of("PATH", "HOME", "LANG", "TMPDIR");
    /** What lets in whoever has it, of tau-jobs' own hosts: a job that prints its environment would show it to the model. */
    private static final Set<String> NEVER = Set.of("TAU_JOBS_MCP_TOKEN", "TAU_JOBS_SERVE_TOKEN");

    static final String RULE = "must be all, none, or names and NAME* patterns, separated by commas";

    /** Copies the list. */
    public InheritedEnvironment {
        patterns = List.copyOf(patterns);
    }

    static InheritedEnvironment parse(String value) {
        String text = value.strip();
        if (text.equals("all")) {
            return new InheritedEnvironment(true, List.of());
        }
        if (text.equals("none")) {
            return new InheritedEnvironment(false, List.of());
        }
        List<String> patterns =
                List.of(text.split(",", -1)).stream().map(String::strip).toList();
        if (!patterns.stream().allMatch(pattern -> pattern.matches("[^=*]*\\*?") && !pattern.isEmpty())) {
            throw new IllegalArgumentException(RULE);
        }
        return new InheritedEnvironment(false, patterns);
    }

    /**
     * Takes away what a job must not see.
     *
     * @param environment the host's, changed in place
     */
    public void restrict(Map<String, String> environment) {
        environment.keySet().removeAll(NEVER);
        if (!all) {
            environment.keySet().removeIf(name -> !passes(name));
        }
    }

    private boolean passes(String name) {
        return ALWAYS.contains(name)
                || patterns.stream()
                        .anyMatch(pattern -> pattern.endsWith("*")
                                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                                : name.equals(pattern));
    }
}
