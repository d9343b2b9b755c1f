package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that the README tells people to drop on their class path, with nothing else there. */
class AllJarIT {
    private static final Path JAR = Path.of(System.getProperty("all.jar"));

    @TempDir
    Path root;

    @Test
    void theJarAloneRunsAJob() throws Exception {
        assertThat(JAR).isRegularFile();

        assertThat(JarHost.run(root, "-cp", JAR + File.pathSeparator + JarHost.classes(root)))
                .contains("jackson=false,false\n")
                .contains("tools=[jobs_cancel, jobs_create, jobs_list, jobs_status][]\n")
                .contains("status=succeeded\nstdout=hi\n");
    }

    /** A JDK may have been made without flight recordings, without JMX, and without much else. */
    @Test
    void aJdkOfOneModuleWillDo() throws Exception {
        assertThat(JarHost.run(
                        root, "--limit-modules", "java.base", "-cp", JAR + File.pathSeparator + JarHost.classes(root)))
                .contains("status=succeeded\nstdout=hi\n");
    }
}
