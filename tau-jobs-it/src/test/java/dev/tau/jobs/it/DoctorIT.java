package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorIT {
    @TempDir
    Path root;

    /** All files that a runtime leaves are known to be its own. */
    @Test
    void nothingIsFoundAfterAGracefulEnd() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            host.awaitEnd(host.shell("echo out"));
            host.awaitEnd(host.shell("exit 3"));
        }
        assertThat(doctor("--json")).as(output()).isZero();
        assertThat(Json.parse(output()).path("findings").size()).as(output()).isZero();
    }

    /** Somebody has mistyped the name of a directory. */
    @Test
    void whatIsNoStateDirIsLeftAsItIs() throws Exception {
        Path project = Files.createDirectories(root.resolve("project/jobs")).getParent();
        Path script = Files.writeString(project.resolve("build.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(run("doctor", "--repair", project.toString())).isEqualTo(1);
        assertThat(Json.text(root.resolve("err"))).contains(project + " is no state dir");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script)))
                .isEqualTo("rwxr-xr-x");
        try (Stream<Path> all = Files.list(project)) {
            assertThat(all).hasSize(2);
        }
    }

    @Test
    void aFullDiskIsSeen() throws Exception {
        Path at = Files.createDirectory(root.resolve("disk"));
        SmallDisk mounted = SmallDisk.mount(at, 32).orElse(null);
        assumeThat(mounted)
                .as("a tmpfs could be mounted, which takes root's rights")
                .isNotNull();
        try (SmallDisk disk = mounted;
                JobsHost host = JobsHost.open(disk.root(), "no-session", "true")) {
            host.awaitEnd(host.shell("exit 0"));
            String runs = host.shell("sleep 300");
            host.awaitStatus(runs, "running");
            String dir = JobsHost.stateDir(disk.root()).toString();
            assertThat(run("health", dir)).as(output()).isZero();
            assertThat(run("doctor", dir)).as(output()).isZero();

            disk.fill("filler");
            assertThat(run("health", dir)).isEqualTo(1);
            assertThat(output()).isEqualTo("unhealthy: the disk of " + dir + " has 0 B left (20 MB are wanted)\n");
            assertThat(run("doctor", dir)).isEqualTo(1);
            assertThat(output().lines()).anyMatch(line -> line.startsWith("low_disk_space  "));
            assertThat(run("cancel", runs, dir))
                    .as(Json.text(root.resolve("err")))
                    .isZero();
            host.awaitNoProcessOf(runs);
            disk.free("filler");
            assertThat(run("doctor", dir)).as(output()).isZero();
        }
    }

    @Test
    void whatAKillLeavesIsNamedAndMendedAndTheDirectoryWorksAgain() throws Exception {
        Process stray = null;
        try (KillableJvm child = HostMain.start(root)) {
            String id = HostMain.jobId(root, child);
            child.kill();
            // The watchdog ends what the host left; as if it had been killed, too, one process is there again.
            JobProcess.awaitNone(JobsHost.stateDir(root), id);
            stray = stray(id);
            Files.writeString(
                    JobsHost.stateDir(root).resolve("events.jsonl"), "{\"job_id\":\"to", StandardOpenOption.APPEND);
            Files.writeString(JobsHost.jobFile(root, "broken", ".json"), "{");
            // Of this one the journal has the manifest, whole.
            Files.writeString(JobsHost.jobFile(root, id, ".json"), "{");
            assertThat(run("status", id)).as(Json.text(root.resolve("err"))).isZero();
            assertThat(output()).containsPattern("status +running\n");

            assertThat(doctor()).isEqualTo(1);
            assertThat(output().lines().filter(line -> !line.startsWith("KIND")))
                    .anySatisfy(
                            line -> assertThat(line).startsWith("torn_line ").contains("events.jsonl"))
                    .anySatisfy(line ->
                            assertThat(line).startsWith("broken_manifest ").contains("jobs/broken.json"))
                    .anySatisfy(line -> assertThat(line).startsWith("lagging ").contains(id))
                    .anySatisfy(line -> assertThat(line).startsWith("stray ").contains(id));
            assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id))
                    .as("looking ends nothing")
                    .isNotEmpty();

            assertThat(doctor("--repair")).as(output()).isZero();
            JobProcess.awaitNone(JobsHost.stateDir(root), id);
            assertThat(JobsHost.stateDir(root).resolve("quarantine/broken.json"))
                    .exists();

            assertThat(doctor("--json")).as(output()).isZero();
            JsonNode report = Json.parse(output());
            assertThat(report.path("problems").asInt()).isZero();
            assertThat(report.path("owned").asBoolean()).isFalse();
            // The note about the quarantine.
            assertThat(report.path("findings").size()).isEqualTo(1);

            worksAgain(id);
        } finally {
            if (stray != null) {
                stray.destroyForcibly();
            }
        }
        assertThat(doctor()).as(output()).isZero();
    }

    private Process stray(String id) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "300");
        builder.environment().put("TAU_JOB_ID", id);
        builder.environment()
                .put("TAU_JOB_STATE_DIR", JobsHost.stateDir(root).toRealPath().toString());
        return builder.start();
    }

    private void worksAgain(String id) throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            host.awaitStatus(id, "running");
            assertThat(host.awaitEnd(host.shell("echo again"))
                            .path("stdout_preview")
                            .asString())
                    .isEqualTo("again\n");

            String pid = Long.toString(ProcessHandle.current().pid());
            assertThat(doctor()).as(output()).isZero();
            assertThat(output()).contains("owned by a live process (pid " + pid + ")");
            assertThat(doctor("--repair")).isEqualTo(1);
            assertThat(output()).contains("nothing was changed");
            host.cancel(id);
            host.awaitEnd(id);
        }
    }

    @Test
    void withoutADirectoryThereIsNothingToExamine() throws Exception {
        assertThat(doctor()).isEqualTo(1);
        assertThat(Json.text(root.resolve("err"))).contains("no state dir at ");
        assertThat(root.resolve(".tau")).doesNotExist();
        assertThat(doctor("--jobs-workers=none")).isEqualTo(2);
    }

    private String output() {
        return Json.text(root.resolve("out"));
    }

    private int doctor(String... options) throws Exception {
        return run("doctor", options);
    }

    private int run(String name, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Launcher.path(), name));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectOutput(root.resolve("out").toFile())
                .redirectError(root.resolve("err").toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
