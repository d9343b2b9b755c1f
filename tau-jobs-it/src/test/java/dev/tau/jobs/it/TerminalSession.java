package dev.tau.jobs.it;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jline.utils.ScreenTerminal;

/** A shell's script on a terminal of its own, which script(1) makes, and what a person would see there. */
final class TerminalSession implements AutoCloseable {
    private final Process process;
    private final Writer keys;
    private final ScreenTerminal screen;
    private final StringWriter sent = new StringWriter();

    private TerminalSession(Process process, int columns, int rows) {
        this.process = process;
        this.keys = process.outputWriter(StandardCharsets.UTF_8);
        this.screen = new ScreenTerminal(columns, rows);
        Thread reader = new Thread(this::read, "screen");
        reader.setDaemon(true);
        reader.start();
    }

    /** Whether there is a script(1) that can do that. */
    static boolean isAvailable() throws IOException, InterruptedException {
        try {
            return new ProcessBuilder("script", "-qfec", "true", "/dev/null")
                            .redirectInput(new java.io.File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    static TerminalSession start(Path directory, int columns, int rows, Map<String, String> env, String script)
            throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                "script", "-qfec", "stty rows " + rows + " cols " + columns + "; " + script, "/dev/null");
        command.directory(directory.toFile()).redirectErrorStream(true);
        command.environment().put("TERM", "xterm-256color");
        command.environment().put("SHELL", "/bin/sh");
        command.environment().put("LC_ALL", "C.UTF-8");
        command.environment().remove("NO_COLOR");
        command.environment().putAll(env);
        return new TerminalSession(command.start(), columns, rows);
    }

    private void read() {
        char[] block = new char[4096];
        try (Reader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (int read = out.read(block); read > 0; read = out.read(block)) {
                String some = new String(block, 0, read);
                sent.append(some);
                screen.write(some);
            }
        } catch (IOException e) {
            // The terminal is gone: what it showed last stays.
        }
    }

    /** All that the terminal was sent, with what drives it. */
    String sent() {
        return sent.toString();
    }

    void type(String text) throws IOException {
        keys.write(text);
        keys.flush();
    }

    List<String> lines() {
        int columns = screen.getColumns();
        int rows = screen.getRows();
        long[] cells = new long[columns * rows];
        screen.dump(cells, new int[2]);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                line.appendCodePoint(ScreenTerminal.cellCodePoint(cells[row * columns + column]));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    String text() {
        return String.join("\n", lines());
    }

    /** The JVM that the script has started. */
    ProcessHandle java() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
    }

    /** The exit code of the script. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end:\n" + text());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
