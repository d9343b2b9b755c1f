package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link AllJarMain} in a JVM of its own, with the jars that a test gives it and nothing else of this module. */
final class JarHost {
    private JarHost() {}

    /** A directory that holds the host's class alone. */
    static Path classes(Path root) throws IOException {
        String name = AllJarMain.class.getName().replace('.', '/') + ".class";
        Path target = root.resolve("classes").resolve(name);
        Files.createDirectories(target.getParent());
        try (InputStream compiled = AllJarMain.class.getClassLoader().getResourceAsStream(name)) {
            Files.copy(compiled, target);
        }
        return root.resolve("classes");
    }

    /** Runs it to its good end, and returns what it printed, warnings too. */
    static String run(Path root, String... options) throws IOException, InterruptedException {
        Path out = root.resolve("out");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        command.addAll(List.of(options));
        command.add(AllJarMain.class.getName());
        command.add(root.toString());
        Process host = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(host.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            host.destroyForcibly();
        }
        String printed = Json.text(out);
        assertThat(host.exitValue()).as(printed).isZero();
        return printed;
    }
}
