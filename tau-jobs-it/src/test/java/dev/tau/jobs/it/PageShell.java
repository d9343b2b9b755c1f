package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A shell into which the commands of one page are typed, one after the other, so that its variables carry over. It is in a
 * directory that looks like the project's root. There is no Maven in it: the launcher must have no need of one.
 */
final class PageShell implements AutoCloseable {
    private static final List<String> LINKS = List.of("tau-jobs", "docs", "hosts");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final Process shell;
    private final Writer in;
    private final List<String> servers = new ArrayList<>();
    private int commands;

    /** What a command has printed, on both of its outputs, and its exit code. */
    record Ran(int code, String output) {}

    PageShell(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectory(directory.resolve("typed"));
        for (String name : LINKS) {
            Files.createSymbolicLink(directory.resolve(name), PageExamples.HOME.resolve(name));
        }
        Path maven = Files.createFile(
                Files.createDirectory(directory.resolve("bin")).resolve("mvn"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(maven, "#!/bin/sh\necho 'a page may not start Maven here: package first'\nexit 1\n");
        ProcessBuilder builder = new ProcessBuilder("sh")
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> name.startsWith("TAU_"));
        // The JDK's tools are those of the JDK that runs this.
        Path tools = Path.of(System.getProperty("java.home"), "bin");
        builder.environment().put("PATH", maven.getParent() + ":" + tools + ":" + System.getenv("PATH"));
        this.shell = builder.start();
        this.in = shell.outputWriter(StandardCharsets.UTF_8);
    }

    /** Types a command, and waits, at most a minute, for its end. */
    Ran run(String command) throws IOException {
        Path out = type(command, "; echo $?");
        return new Ran(Integer.parseInt(awaitNote(out)), Json.text(out));
    }

    /** Types a command that goes on until {@link #stopServers}, with {@code exec} in front, so that a signal meets it; returns its output. */
    Path start(String command) throws IOException {
        Path out = type("exec " + command, " & echo $!");
        servers.add(awaitNote(out));
        return out;
    }

    private Path type(String command, String behind) throws IOException {
        String name = "typed/" + ++commands;
        in.write("{ " + command + "\n} </dev/null >" + name + " 2>&1" + behind + " >" + name + ".tmp; mv " + name
                + ".tmp " + name + ".note\n");
        in.flush();
        return directory.resolve(name);
    }

    private String awaitNote(Path out) {
        Path note = out.resolveSibling(out.getFileName() + ".note");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> Files.exists(note) || !shell.isAlive());
        assertThat(note).as("the shell lives; it printed " + Json.text(out)).exists();
        return Json.text(note).strip();
    }

    /** Ends what was started, by SIGTERM; each must exit with 0. */
    void stopServers() throws IOException {
        for (String pid : List.copyOf(servers)) {
            servers.remove(pid);
            assertThat(run("kill -TERM " + pid + " && wait " + pid)).isEqualTo(new Ran(0, ""));
        }
    }

    @Override
    public void close() throws IOException {
        shell.descendants().forEach(ProcessHandle::destroy);
        in.close();
        try {
            if (!shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (String name : LINKS) {
            // JUnit warns of each that leads out of the directory.
            Files.delete(directory.resolve(name));
        }
    }
}
