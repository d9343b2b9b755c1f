package dev.tau.jobs.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A shell that lives as long as the runtime and starts one program after the other, in a session of its own and, where there
 * is one, a control group: a small process forks quickly, and neither the session nor the group is entered anew for each
 * program. It ends with the pipe that it reads from, and so with the host.
 */
final class ShellHelper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ShellHelper.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int KILLED = 128 + 9;
    /** "s 4711" and "e 0", see {@link ShellScript#run}. */
    private static final Pattern LINE = Pattern.compile("[se] [0-9]{1,10}");

    private final Process shell;
    private final OutputStream commands;
    private final Charset charset = StartChecks.ofArguments();
    private final ProcessTable table;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile @Nullable Run run;

    /** A program may run, or may yet begin to: it must not be started in another way. */
    static final class UncertainStartException extends IOException {
        private static final long serialVersionUID = 1L;

        UncertainStartException(Throwable cause) {
            super("a helper does not answer, and what it has started can't be ended", cause);
        }
    }

    /** A program from the order to its end. */
    private static final class Run {
        /** Its pid; null if the shell could not get as far as that. */
        private final CompletableFuture<@Nullable Long> started = new CompletableFuture<>();

        private final CompletableFuture<Integer> exit = new CompletableFuture<>();
        private final List<String> said = new ArrayList<>();
    }

    private ShellHelper(Process shell, ProcessTable table) {
        this.shell = shell;
        this.commands = shell.getOutputStream();
        this.table = table;
        Thread reader = new Thread(this::read, "tau-jobs-helper-" + shell.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one.
     *
     * @param setsid the program that gives it its session
     * @param environment makes of the host's environment its own, and that of what it starts
     * @param table tells whether a process lives
     * @throws IOException if it can't be started
     */
    static ShellHelper start(String setsid, Consumer<Map<String, String>> environment, ProcessTable table)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(setsid, "--", "/bin/sh", "-s")
                // Its own directory must not keep a file system busy.
                .directory(new File("/"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        environment.accept(builder.environment());
        ShellHelper helper = new ShellHelper(builder.start(), table);
        helper.tell(ShellScript.prologue());
        return helper;
    }

    /** {@return its process, which leads the session of all that it starts} */
    long pid() {
        return shell.pid();
    }

    /** Tells it to do something that has no answer. */
    void tell(String script) throws IOException {
        commands.write(script.getBytes(charset));
        commands.flush();
    }

    /**
     * Runs a script of {@link ShellScript#run}; one at a time.
     *
     * @return the program that runs
     * @throws UncertainStartException if it can't be told whether it runs
     * @throws IOException if it could not be started; it has not run then, and will not
     */
    Started run(String script) throws IOException {
        Run begun;
        Long pid;
        try {
            begun = begin(script);
            pid = await(begun.started);
        } catch (IOException e) {
            // It may have got as far as a process that has not said so yet.
            endSession(e);
            throw e;
        }
        if (pid == null) {
            throw new IOException("the shell could not start it");
        }
        return new Started(pid, shell.pid(), begun.exit);
    }

    /**
     * Runs a script of {@link ShellScript#probe}.
     *
     * @return the variables that a program sees
     * @throws IOException if it does not work
     */
    List<String> probe(String script) throws IOException {
        Run begun = begin(script);
        if (await(begun.exit) != 0) {
            throw new IOException("no env");
        }
        return begun.said;
    }

    private Run begin(String script) throws IOException {
        Run begun = new Run();
        run = begun;
        tell(script);
        // Who reads has heard all that it will ever say by then: a program that has begun, and has ended the helper,
        // was told of.
        IOException gone = new IOException("the helper has ended");
        if (end.isDone() && begun.started.completeExceptionally(gone)) {
            throw gone;
        }
        return begun;
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the helper does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Kills the helper and whatever is in its session. */
    private void endSession(IOException why) throws IOException {
        shell.destroyForcibly();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<ProcessTable.Entry> left = table.snapshot().stream()
                    .filter(entry -> entry.session() == shell.pid())
                    .toList();
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new UncertainStartException(why);
            }
            for (ProcessTable.Entry entry : left) {
                ProcessHandle.of(entry.pid())
                        .filter(handle -> table.identify(entry.pid()).start().equals(entry.start()))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void read() {
        try (InputStream in = new BufferedInputStream(shell.getInputStream(), 256)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                Run now = run;
                if (next == 0 && now != null) {
                    now.said.add(line.toString(charset));
                    line.reset();
                } else if (next != '\n' || !hear(now, line.toString(StandardCharsets.ISO_8859_1))) {
                    line.write(next);
                } else {
                    line.reset();
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "helper " + shell.pid(), e);
        }
        ended();
    }

    /** Returns whether that was a line of the protocol; in a variable's value there may be line breaks. */
    private static boolean hear(@Nullable Run now, String line) {
        if (now == null || !LINE.matcher(line).matches()) {
            return false;
        }
        long number = Long.parseLong(line.substring(2));
        if (line.charAt(0) == 's') {
            now.started.complete(number);
        } else {
            now.exit.complete((int) number);
            now.started.complete(null);
        }
        return true;
    }

    /** By a job that sends SIGKILL to its whole process group, or by somebody who means this very process. */
    private void ended() {
        end.complete(null);
        Run last = run;
        if (last == null) {
            return;
        }
        Long pid = last.started.getNow(null);
        if (pid != null && !last.exit.isDone() && isGoneSoon(pid)) {
            last.exit.complete(KILLED);
        }
        IOException why = new IOException("the helper that waits for it was killed");
        last.exit.completeExceptionally(why);
        last.started.completeExceptionally(why);
    }

    private boolean isGoneSoon(long pid) {
        for (int i = 0; i < 50; i++) {
            if (table.identify(pid).start().isEmpty()) {
                return true;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return false;
    }

    /** Whether it can take the next program. */
    boolean isFree() {
        Run last = run;
        return !end.isDone() && (last == null || last.exit.isDone());
    }

    /** Whether it is gone, by whatever hand. */
    boolean hasEnded() {
        return end.isDone();
    }

    /** Lets it go; a program that it waits for is not ended by that. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "helper " + shell.pid() + " is gone already", e);
        }
        if (!isFree()) {
            shell.destroyForcibly();
        }
    }

    /** After {@link #close}: waits until it is gone. */
    void awaitEnd() {
        try {
            if (!shell.waitFor(1, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
