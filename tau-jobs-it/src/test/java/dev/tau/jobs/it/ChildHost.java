package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The JVM of {@link HostMain}, seen from the test. */
final class ChildHost implements AutoCloseable {
    static final String TREE = "sleep 300 & setsid sleep 300 & wait";

    private final Process process;
    private final String jobId;

    private ChildHost(Process process, String jobId) {
        this.process = process;
        this.jobId = jobId;
    }

    /** Starts the JVM and waits until the three processes of its new job are there; settings as in JobsHost. */
    static ChildHost start(Path root, String... settings) throws IOException {
        return start(root, HostMain.NEW_JOB, settings);
    }

    /** The same over a state dir in which this job was running, and which must run it again. */
    static ChildHost restart(Path root, String jobId, String... settings) throws IOException {
        return start(root, jobId, settings);
    }

    private static ChildHost start(Path root, String job, String[] settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                HostMain.class.getName(),
                root.toString(),
                job));
        command.addAll(List.of(settings));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith("id=")) {
            line = out.readLine();
        }
        if (line == null) {
            process.destroyForcibly();
            throw new AssertionError("the child host printed no job id");
        }
        String id = line.substring("id=".length());
        JobsHost.awaitProcesses(id, 3);
        return new ChildHost(process, id);
    }

    String jobId() {
        return jobId;
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
