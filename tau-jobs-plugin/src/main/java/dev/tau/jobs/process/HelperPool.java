package dev.tau.jobs.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The helpers of a runtime: as many as jobs have run at a time. A job has one for itself until no process of it is left, so
 * that whatever runs in the helper's session or control group is the job's. Safe for several threads.
 */
final class HelperPool implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HelperPool.class.getName());
    /** All that a shell might read, to be handed on as it is. */
    private static final Map<String, String> AWKWARD = Map.of("TAU_JOBS_PROBE", " 'a'\"b\\\n$c`d`\t ");

    /** For how long a helper may still have to say that. */
    private static final long LATE_NANOS = 1_000_000_000L;

    private final String setsid;
    private final Consumer<Map<String, String>> environment;
    /** What that makes of the host's. */
    private final Map<String, String> variables;

    private final ProcessTable table;
    private final @Nullable ControlGroups groups;
    private final Deque<ShellHelper> idle = new ArrayDeque<>();
    /** Given back while they still had to say how their job ended. */
    private final Map<ShellHelper, Long> late = new HashMap<>();

    private boolean probed;
    private boolean usable;
    private boolean closed;

    /**
     * A pool without helpers.
     *
     * @param setsid the program that gives each its session
     * @param environment makes of the host's environment that of all helpers
     * @param table tells whether a process lives
     * @param groups gives each its control group, if there are any
     */
    HelperPool(
            String setsid,
            Consumer<Map<String, String>> environment,
            ProcessTable table,
            @Nullable ControlGroups groups) {
        this.setsid = setsid;
        this.environment = environment;
        this.table = table;
        this.groups = groups;
        Map<String, String> all = new ProcessBuilder().environment();
        environment.accept(all);
        this.variables = Map.copyOf(all);
        this.usable = ShellScript.keeps(variables);
    }

    /** {@return the variables of all helpers} */
    Map<String, String> variables() {
        return variables;
    }

    /** A helper for one job, to be given back; empty if this machine's shell does not do. */
    Optional<ShellHelper> take() {
        synchronized (this) {
            late.entrySet().removeIf(helper -> isSettled(helper.getKey(), helper.getValue()));
            while (usable && !idle.isEmpty()) {
                ShellHelper helper = idle.removeLast();
                if (helper.isFree()) {
                    return Optional.of(helper);
                }
                helper.close();
            }
            if (!usable || closed) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(start());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no helper", e);
            return Optional.empty();
        }
    }

    /** Free again, gone, or to be let go: one that was stopped never says how its job has ended. */
    private boolean isSettled(ShellHelper helper, long sinceNanos) {
        if (helper.isFree()) {
            return idle.add(helper);
        }
        boolean over = helper.hasEnded() || System.nanoTime() - sinceNanos > LATE_NANOS;
        if (over) {
            helper.close();
        }
        return over;
    }

    private ShellHelper start() throws IOException {
        ShellHelper helper = ShellHelper.start(setsid, environment, table);
        try {
            if (groups != null) {
                groups.make(helper.pid()).ifPresent(file -> enter(helper, file));
            }
            synchronized (this) {
                if (!probed) {
                    probed = true;
                    probe(helper);
                }
                if (!usable) {
                    throw new IOException("the shell of this machine does not do");
                }
            }
            return helper;
        } catch (IOException e) {
            helper.close();
            throw e;
        }
    }

    private static void enter(ShellHelper helper, Path processes) {
        try {
            helper.tell(ShellScript.enter(processes));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the next order says so, too", e);
        }
    }

    /** Shells differ; one that changes what it hands on is not for us. */
    private void probe(ShellHelper helper) throws IOException {
        usable = false;
        Map<String, String> seen = new HashMap<>();
        for (String variable : helper.probe(ShellScript.probe(variables, AWKWARD))) {
            int equals = variable.indexOf('=');
            seen.put(variable.substring(0, Math.max(0, equals)), variable.substring(equals + 1));
        }
        Map<String, String> expected = new HashMap<>(variables);
        expected.putAll(AWKWARD);
        // bash sets these for whatever it starts
        for (String name : List.of("_", "SHLVL")) {
            seen.remove(name);
            expected.remove(name);
        }
        if (!seen.equals(expected)) {
            throw new IOException("the shell changes the environment");
        }
        usable = true;
    }

    /** Takes a helper back whose job has no process left. */
    synchronized void giveBack(ShellHelper helper) {
        if (closed || helper.hasEnded()) {
            helper.close();
        } else if (helper.isFree()) {
            idle.add(helper);
        } else {
            late.put(helper, System.nanoTime());
        }
    }

    @Override
    public void close() {
        List<ShellHelper> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(idle);
            all.addAll(late.keySet());
            idle.clear();
            late.clear();
        }
        all.forEach(ShellHelper::close);
        all.forEach(ShellHelper::awaitEnd);
    }
}
