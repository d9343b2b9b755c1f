package dev.tau.jobs.bench.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of ours that prints what it measured, a line {@code name value} each, and waits for its input to end. */
final class Child implements AutoCloseable {
    private static final long PATIENCE_S = 900;

    private final Process process;
    private final Path log;
    private final BufferedReader output;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.output = process.inputReader();
    }

    /** Starts a main class of this class path in a JVM of its own. */
    static Child start(Workspace workspace, List<String> flags, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-Djava.io.tmpdir=" + workspace.fresh());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        return start(workspace, command, main.getSimpleName());
    }

    /** Starts any program that speaks as our main classes do. */
    static Child start(Workspace workspace, List<String> command, String name) throws IOException {
        Path log = workspace.log(name);
        return new Child(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    /** Starts it, and waits for its end and for what it measured. */
    static Map<String, Double> run(Workspace workspace, List<String> flags, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        try (Child child = start(workspace, flags, main, arguments)) {
            return child.finish();
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for a line that says that it is ready to be looked at. */
    void awaitReady() throws IOException, InterruptedException {
        for (String line = output.readLine(); !"ready".equals(line); line = output.readLine()) {
            if (line == null) {
                throw failed("ended before it was ready");
            }
        }
    }

    /** Ends its input and waits for what it measured. */
    Map<String, Double> finish() throws IOException, InterruptedException {
        process.getOutputStream().close();
        Map<String, Double> values = new HashMap<>();
        try {
            output.lines().forEach(line -> {
                int space = line.indexOf(' ');
                if (space > 0) {
                    values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
                }
            });
        } catch (UncheckedIOException | NumberFormatException e) {
            throw new IOException("can't be understood: " + e.getMessage(), e);
        }
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw failed("failed");
        }
        return values;
    }

    private IOException failed(String what) throws IOException, InterruptedException {
        String code = process.waitFor(1, TimeUnit.SECONDS) ? "exit code " + process.exitValue() : "still running";
        return new IOException(
                what + " (" + code + "): " + Files.readString(log).strip());
    }

    @Override
    public void close() {
        // A host that is ended at once leaves its jobs to its watchdog.
        process.destroyForcibly();
    }
}
