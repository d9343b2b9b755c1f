package dev.tau.jobs.process;

import dev.tau.jobs.process.ProcessLauncher.SpawnException;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts a process by {@link ProcessBuilder}, with the {@code setsid} program in front where there is one: it gives the job a
 * session of its own and replaces itself by the command, with the arguments as they are.
 */
final class DirectStart {
    private static final System.Logger LOG = System.getLogger(DirectStart.class.getName());

    static final File NULL_DEVICE =
            new File(System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");
    /** It does nothing but wait. */
    private static final int EXIT_STACK_BYTES = 64 * 1024;
    /** The two forms in which JDKs tell the system's error. */
    private static final Pattern SYSTEM_ERROR = Pattern.compile("error[=:] ?(\\d+)(?:, ([^\\n]+)| \\(([^\\n)]+)\\))");

    private final Optional<String> setsid;

    DirectStart(Optional<String> setsid) {
        this.setsid = setsid;
    }

    /**
     * Starts it.
     *
     * @param spec what
     * @param environment makes of the host's environment its own
     * @param streams its standard streams
     * @throws SpawnException if it can't be started
     */
    Started start(LaunchSpec spec, Consumer<Map<String, String>> environment, Streams streams) throws SpawnException {
        List<String> words = new ArrayList<>();
        setsid.ifPresent(program -> words.addAll(List.of(program, "--")));
        words.add(spec.command());
        words.addAll(spec.args());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(spec.directory().toFile())
                .redirectInput(streams.stdin().toFile())
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(streams.stdout().toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(streams.stderr().toFile()));
        try {
            environment.accept(builder.environment());
            Process process = builder.start();
            return new Started(process.pid(), process.pid(), exitOf(process));
        } catch (IOException e) {
            throw new SpawnException(systemError(e));
        } catch (IllegalArgumentException e) {
            // A manifest that others wrote may hold a variable's name that no system takes.
            throw new SpawnException("the environment is not valid");
        }
    }

    /**
     * Not by {@link Process#onExit}: that one completes on the common pool, where from JDK 25 on a host's own tasks can keep
     * the only thread for as long as they like.
     */
    private static CompletableFuture<Integer> exitOf(Process process) {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Runnable watch = () -> {
            while (!exit.isDone()) {
                try {
                    exit.complete(process.waitFor());
                } catch (InterruptedException e) {
                    // Nobody of ours does that; the process lives on all the same.
                    LOG.log(System.Logger.Level.DEBUG, "was interrupted, and goes on", e);
                }
            }
        };
        Thread thread = new Thread(null, watch, "tau-jobs-exit-" + process.pid(), EXIT_STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return exit;
    }

    /** As the original words it: {@code No such file or directory (os error 2)}. */
    private static String systemError(IOException e) {
        String message = String.valueOf(e.getMessage());
        Matcher matcher = SYSTEM_ERROR.matcher(message);
        if (!matcher.find()) {
            return message;
        }
        String text = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
        return text + " (os error " + matcher.group(1) + ")";
    }
}
