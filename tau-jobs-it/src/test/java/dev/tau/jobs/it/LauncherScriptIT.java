package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./tau-jobs} packages when it has to. A copy of it, in a tree of its own, with a Maven and a Java that say what they are told. */
@Timeout(120)
class LauncherScriptIT {
    @TempDir
    Path temporary;

    private Path home;
    private Path jar;
    private Path built;

    @BeforeEach
    void makeTree() throws Exception {
        home = Files.createDirectory(temporary.toRealPath().resolve("a tree"));
        Files.copy(Path.of(Launcher.path()), home.resolve("tau-jobs"));
        write("pom.xml", "");
        for (String module : List.of("tau-jobs-spi", "tau-jobs-plugin", "hosts/cli")) {
            write(module + "/pom.xml", "");
            write(module + "/src/main/A.java", "");
        }
        jar = home.resolve("hosts/cli/target/tau-jobs.jar");
        built = temporary.resolve("built");
        program(
                "mvn",
                "echo \"$*\" >>'" + built + "'; until [ ! -e '" + temporary.resolve("slow")
                        + "' ]; do sleep 0.05; done; [ ! -e '" + temporary.resolve("broken")
                        + "' ] || { echo 'no such thing'; exit 1; }; mkdir -p hosts/cli/target; echo jar >hosts/cli/target/tau-jobs.jar");
        program("java", "echo \"java $*\"");
    }

    private void write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        age(file);
        for (Path dir = file.getParent(); !dir.equals(home); dir = dir.getParent()) {
            age(dir);
        }
    }

    /** Older than whatever is built from now on. */
    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3_600)));
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.createDirectories(temporary.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(String name) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("tau-jobs").toString(), "list", "a b")
                .directory(temporary.toFile())
                .redirectOutput(temporary.resolve(name + ".out").toFile())
                .redirectError(temporary.resolve(name + ".err").toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().merge("PATH", temporary.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        return builder.start();
    }

    private void assertRuns(Process process, String name) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(err(name)).isZero();
        assertThat(Json.text(temporary.resolve(name + ".out")))
                .startsWith("java ")
                .endsWith("-jar " + jar + " list a b\n");
    }

    private void assertRuns() throws Exception {
        assertRuns(start("one"), "one");
    }

    private String err(String name) {
        return Json.text(temporary.resolve(name + ".err"));
    }

    private long builds() throws IOException {
        if (!Files.exists(built)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(built)) {
            return lines.count();
        }
    }

    @Test
    void itPackagesOnceAndAgainWhenASourceIsNewer() throws Exception {
        assertRuns();
        assertThat(builds()).isOne();
        assertThat(Json.text(built)).contains("-DskipTests", "-pl hosts/cli", "-am", "package");
        assertThat(err("one")).startsWith("tau-jobs: packaging, ");
        assertRuns();
        assertThat(builds()).isOne();
        assertThat(err("one")).isEmpty();

        age(jar);
        age(jar.getParent());
        write("tau-jobs-plugin/src/main/B.java", "");
        Files.setLastModifiedTime(home.resolve("tau-jobs-plugin/src/main/B.java"), FileTime.from(Instant.now()));
        assertRuns();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoAtOncePackageOnce() throws Exception {
        Path slow = Files.createFile(temporary.resolve("slow"));
        Process first = start("first");
        await().until(() -> builds() == 1);
        Process second = start("second");
        await().until(() -> err("second").startsWith("tau-jobs: waits for the packaging of another"));
        Files.delete(slow);
        assertRuns(first, "first");
        assertRuns(second, "second");
        assertThat(builds()).isOne();
    }

    @Test
    void theLockOfOneThatWasKilledDoesNotKeepItWaiting() throws Exception {
        Process killed = new ProcessBuilder("true").start();
        killed.waitFor();
        write("hosts/cli/target/.build-lock/pid", killed.pid() + "\n");
        assertRuns();
        assertThat(builds()).isOne();
        assertThat(home.resolve("hosts/cli/target/.build-lock")).doesNotExist();
    }

    @Test
    void whatMavenSaysIsShownIfItFailsAndTheNextOneTriesAgain() throws Exception {
        Path broken = Files.createFile(temporary.resolve("broken"));
        Process process = start("one");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(125);
        assertThat(err("one")).contains("packaging failed", "see above");
        assertThat(temporary.resolve("one.out")).isEmptyFile();
        Files.delete(broken);
        assertRuns();
        assertThat(builds()).isEqualTo(2);
    }
}
