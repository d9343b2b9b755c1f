package dev.tau.jobs.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A shell of its own session that ends a runtime's jobs when the host is killed. It waits on a pipe that the system closes
 * with the host; while nothing happens it costs nothing. It finds the jobs by the runtime's mark in their environment, and by
 * the runtime's control groups; no later runtime's jobs carry the one or are in the others.
 */
final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());

    /**
     * $1: the mark, $2: seconds between the signals, $3: the jobs' control groups, or nothing; jobs may have made groups of their own
     * in these, and cgroup.kill (Linux 5.14) ends them all, however deep. A word on the pipe means that there is nothing to do.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            read -r word && exit 0
            for signal in TERM KILL; do
                [ -z "$3" ] || for group in "$3"/*/cgroup.procs "$3"/*/*/cgroup.procs "$3"/*/*/*/cgroup.procs; do
                    while read -r pid; do kill -s $signal "$pid"; done <"$group"
                done 2>/dev/null
                [ -z "$3" ] || [ $signal = TERM ] || echo 1 >"$3/cgroup.kill"
                found=$(grep -lszx -- "$1" /proc/[0-9]*/environ)
                for environ in $found; do
                    pid=${environ#/proc/}
                    pid=${pid%/environ}
                    kill -s $signal -- "-$pid" 2>/dev/null || kill -s $signal "$pid" 2>/dev/null
                done
                [ $signal = KILL ] || sleep "$2"
            done
            [ -z "$3" ] || { sleep 1; rmdir "$3"/*/* "$3"/* "$3"; }
            """;

    private final OutputStream pipe;

    private Watchdog(OutputStream pipe) {
        this.pipe = pipe;
    }

    /**
     * Starts one.
     *
     * @param setsid the program that gives it a session of its own, so that no terminal's signal meets it
     * @param mark what stands in the environment of the runtime's jobs, {@code NAME=VALUE}
     * @param groups the directory of their control groups, empty if there are none
     * @param grace between SIGTERM and SIGKILL
     * @throws IOException if it can't be started
     */
    static Watchdog start(String setsid, String mark, String groups, Duration grace) throws IOException {
        String seconds = Long.toString(Math.max(1, grace.plusMillis(999).toSeconds()));
        Process shell = new ProcessBuilder(
                        List.of(setsid, "--", "/bin/sh", "-c", SCRIPT, "tau-jobs-watchdog", mark, seconds, groups))
                // Its own directory must not keep a file system busy.
                .directory(new File("/"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Watchdog(shell.getOutputStream());
    }

    /** Sends it home: the jobs have ended. */
    @Override
    public void close() {
        try (pipe) {
            pipe.write("done\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the watchdog is gone already", e);
        }
    }
}
