package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tau.jobs.spi.Tool;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plain jars as modules: their descriptors say enough for a host that is none itself. */
class ModulePathIT {
    @TempDir
    Path root;

    private static String jarOf(Class<?> type) throws Exception {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(jar).isRegularFile();
        return jar.toString();
    }

    @Test
    void theToolsAreFoundAndRunAJob() throws Exception {
        List<String> jars = new ArrayList<>(List.of(jarOf(Tool.class)));
        jars.add(jarOf(ServiceLoader.load(Tool.class).iterator().next().getClass()));
        try {
            for (String name : List.of(
                    "com.fasterxml.jackson.databind.ObjectMapper",
                    "com.fasterxml.jackson.core.JsonFactory",
                    "com.fasterxml.jackson.annotation.JsonProperty")) {
                jars.add(jarOf(Class.forName(name)));
            }
        } catch (ClassNotFoundException e) {
            assumeThat(e).as("this run has JSON-B alone").isNull();
        }

        assertThat(JarHost.run(
                        root,
                        "--module-path",
                        String.join(File.pathSeparator, jars),
                        "--add-modules",
                        "dev.tau.jobs.plugin,com.fasterxml.jackson.databind",
                        "-cp",
                        JarHost.classes(root).toString()))
                .doesNotContain("WARNING")
                .contains("tools=[jobs_cancel, jobs_create, jobs_list, jobs_status][]\n")
                .contains("status=succeeded\nstdout=hi\n");
    }
}
