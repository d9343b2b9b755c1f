package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that the README tells people to drop on their class path, with nothing else there. */
class AllJarIT {
    private static final Path JAR = Path.of(System.getProperty("all.jar"));

    @TempDir
    Path root;

    /** A directory that holds the host's class and nothing else of this module. */
    private Path hostClasses() throws IOException {
        String name = AllJarMain.class.getName().replace('.', '/') + ".class";
        Path target = root.resolve("classes").resolve(name);
        Files.createDirectories(target.getParent());
        try (InputStream compiled = AllJarMain.class.getClassLoader().getResourceAsStream(name)) {
            Files.copy(compiled, target);
        }
        return root.resolve("classes");
    }

    @Test
    void theJarAloneRunsAJob() throws Exception {
        assertThat(JAR).isRegularFile();
        Path out = root.resolve("out");
        Process host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        JAR + File.pathSeparator + hostClasses(),
                        AllJarMain.class.getName(),
                        root.toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(host.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            host.destroyForcibly();
        }

        assertThat(Json.text(out))
                .contains("jackson=false,false\n")
                .contains("tools=[jobs_cancel, jobs_create, jobs_list, jobs_status][]\n")
                .contains("status=succeeded\nstdout=hi\n");
        assertThat(host.exitValue()).isZero();
    }
}
