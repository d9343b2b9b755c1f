package dev.tau.jobs.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A host in a JVM of its own, so that it can be killed as a machine or an operator would: with SIGKILL (on Windows:
 * TerminateProcess), no shutdown hook, no {@code finally}. Its standard error goes to the test's. Safe for several threads.
 *
 * <pre>{@code
 * try (KillableJvm host = KillableJvm.of(MyHost.class).argument(dir.toString()).start()) {
 *     host.awaitPoint("half-written");      // MyHost calls KillPoint.hold("half-written")
 *     host.kill();
 * }
 * }</pre>
 */
public final class KillableJvm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean outputEnded;

    private KillableJvm(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "killable-jvm-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Prepares a JVM that runs a class of the test's own class path.
     *
     * @param main a class with a {@code main} method
     * @return a builder
     */
    public static Builder of(Class<?> main) {
        return new Builder(main.getName());
    }

    /**
     * Prepares a JVM that runs a class which the test need not know.
     *
     * @param mainClass the name of a class with a {@code main} method
     * @return a builder
     */
    public static Builder of(String mainClass) {
        return new Builder(mainClass);
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // Killed while it wrote: what came until then is what there is.
        } finally {
            synchronized (lines) {
                outputEnded = true;
                lines.notifyAll();
            }
        }
    }

    /**
     * Waits, at most a minute, until the host has called {@link KillPoint} with this name; returns at once if it has
     * already.
     *
     * @param name the point's name
     * @throws AssertionError if the host ends, or the minute does, without having come there
     */
    public void awaitPoint(String name) {
        String wanted = KillPoint.PREFIX + name;
        await("point " + name, wanted::equals);
    }

    /**
     * Waits, at most a minute, for a line of the host's standard output that begins in a certain way.
     *
     * @param prefix how the line begins
     * @return the rest of the first such line
     * @throws AssertionError if the host ends, or the minute does, without having printed one
     */
    public String awaitLine(String prefix) {
        return await("a line that begins with " + prefix, line -> line.startsWith(prefix))
                .substring(prefix.length());
    }

    private String await(String what, Predicate<String> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (lines) {
            for (int next = 0; ; ) {
                for (; next < lines.size(); next++) {
                    if (wanted.test(lines.get(next))) {
                        return lines.get(next);
                    }
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (outputEnded || leftMs <= 0) {
                    throw new AssertionError("the host " + (outputEnded ? "ended" : "took too long") + " before " + what
                            + "; it printed " + lines);
                }
                try {
                    lines.wait(leftMs);
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
            }
        }
    }

    /** Kills the JVM where it stands, with SIGKILL, and waits until it is gone. What it started lives on. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(PATIENCE);
    }

    /**
     * Lets the JVM run for a while, then kills it: a moment that nobody chose.
     *
     * @param time how long it may run from now on, at most
     * @return whether it was alive until then
     */
    public boolean killAfter(Duration time) {
        try {
            boolean ended = process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
            kill();
            return !ended;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Waits until the JVM has ended.
     *
     * @param limit how long
     * @return its exit code; after a kill, 128 + 9 on Unix
     * @throws AssertionError if it takes longer
     */
    public int awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("the host did not end within " + limit + "; it printed " + lines());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting for the host", e);
    }

    /** Ends the host's standard input, which lets go of {@link KillPoint#hold}. */
    public void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what the host has printed until now} */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** {@return the JVM's process id} */
    public long pid() {
        return process.pid();
    }

    /** {@return whether the JVM runs} */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the JVM, if it still runs, and waits for its end. Calling it again does nothing. */
    @Override
    public void close() {
        kill();
    }

    /** Collects what a {@link KillableJvm} is started with. Not safe for use by several threads. */
    public static final class Builder {
        /** It is killed before a second compiler or a parallel collector pays. */
        private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

        private final String mainClass;
        private String classPath = System.getProperty("java.class.path", "");
        private final List<String> options = new ArrayList<>(QUICK_START);

        private final List<String> arguments = new ArrayList<>();

        private Builder(String mainClass) {
            this.mainClass = mainClass;
            options.add("-Xmx128m");
        }

        /**
         * Sets the class path; the default is the test's.
         *
         * @param value as for {@code java -cp}
         * @return this
         */
        public Builder classPath(String value) {
            this.classPath = value;
            return this;
        }

        /**
         * Leaves collector and compilers to the JVM, as a host has them that lives for long: for figures. Else it has the
         * serial collector and the first compiler alone, so that it starts quickly.
         *
         * @return this
         */
        public Builder withJvmDefaults() {
            options.removeAll(QUICK_START);
            return this;
        }

        /**
         * Adds an option of the JVM, such as {@code -Xmx64m}; without that one, it has 128 MiB of heap.
         *
         * @param value the option
         * @return this
         */
        public Builder option(String value) {
            options.add(value);
            return this;
        }

        /**
         * Adds an argument of the main class.
         *
         * @param value the argument
         * @return this
         */
        public Builder argument(String value) {
            arguments.add(value);
            return this;
        }

        /**
         * Starts the JVM, with the {@code java} that runs the test.
         *
         * @return the JVM, which has not come to any point yet
         * @throws UncheckedIOException if it can't be started
         */
        public KillableJvm start() {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of("-cp", classPath, mainClass));
            command.addAll(arguments);
            try {
                return new KillableJvm(new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
