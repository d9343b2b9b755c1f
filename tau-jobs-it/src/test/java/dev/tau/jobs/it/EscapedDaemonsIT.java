package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Daemons that have cleaned their environment, left their session and lost their parent: what is left of their origin? */
@EnabledOnOs(OS.LINUX)
class EscapedDaemonsIT {
    private static final String[] SETTINGS = {
        "no-session", "true", "jobs-workers", "1", "jobs-kill-grace-ms", "200", "jobs-max-recoveries", "9"
    };
    /** If groups can be made here at all; some of these names look like a job's. */
    private static final String ENTER_A_GROUP_OF_ITS_OWN = """
            own=$(sed -n 's/^0:://p' /proc/self/cgroup)
            case $own in */tau-jobs-*)
                group=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)$own
                for name in a build job-1-0001 z; do mkdir "$group/$name"; done
                echo 0 >"$group/build/cgroup.procs"
            esac
            """;

    private static final String NO_OUTPUTS = " </dev/null >/dev/null 2>&1";

    @TempDir
    Path root;

    private static String daemon(String duration, String redirections) {
        return "(env -i setsid sleep " + duration + redirections + " &)";
    }

    private static Processes.Found awaitEscaped(String duration) {
        // It is there before it has a session of its own.
        return await().until(() -> Processes.awaitOne(duration), daemon -> daemon.session() == daemon.pid());
    }

    /** Either of the two outputs tells. */
    @ParameterizedTest
    @ValueSource(strings = {"", " 2>/dev/null", " >/dev/null"})
    void oneThatWritesToTheJobsLogEndsWithTheJob(String redirections) {
        String duration = Processes.uniqueDuration();
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            String id = host.shell(daemon(duration, redirections) + "; echo up; sleep 300");
            host.awaitOutput(id, "up");
            awaitEscaped(duration);
            host.cancel(id);
            host.awaitEnd(id);
            assertThat(Processes.withArgument(duration)).isEmpty();
        }
    }

    /** The second one is in a group that the job has made of its own, in its own, as containers do. */
    @ParameterizedTest
    @ValueSource(strings = {"", ENTER_A_GROUP_OF_ITS_OWN})
    void oneWithoutOutputsEndsWithTheJobsControlGroup(String before) {
        String duration = Processes.uniqueDuration();
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            String id = host.shell(before + daemon(duration, NO_OUTPUTS) + "; echo up; sleep 300");
            host.awaitOutput(id, "up");
            Processes.Found daemon = awaitEscaped(duration);
            try {
                assumeThat(Json.text(Path.of("/proc", Long.toString(daemon.pid()), "cgroup")))
                        .as("control groups can be made here")
                        .contains("/tau-jobs-");
                host.cancel(id);
                host.awaitEnd(id);
                assertThat(Processes.withArgument(duration)).isEmpty();
            } finally {
                ProcessHandle.of(daemon.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void groupsCanBeSwitchedOff() {
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-control-groups", "false")) {
            String id = host.create(Map.of("command", "cat", "args", List.of("/proc/self/cgroup")));
            assertThat(host.awaitEnd(id).path("stdout_preview").asString())
                    .isNotEmpty()
                    .doesNotContain("tau-jobs-");
        }
    }

    /** The group is entered before the command begins, and neither this nor the shell that does it shows. */
    @Test
    void aJobSeesItsEnvironmentAsItIs() throws Exception {
        Map<String, String> odd =
                Map.of("PWD", "/not/here", "OLDPWD", "x", "_", "y", "SHLVL", "7", "A", " b\n'c'$d\\ ");
        Map<String, String> more = Map.of("A.B", "1", "IFS", "2", "PPID", "3", "a-b", "4");
        for (Map<String, String> env : List.of(odd, more)) {
            try (JobsHost host = JobsHost.open(root, SETTINGS)) {
                String id = host.create(Map.of("command", "env", "args", List.of("-0"), "env", env));
                host.awaitEnd(id);
                String shown = Json.text(JobsHost.jobFile(root, id, ".stdout.log"));
                Map<String, String> expected = new java.util.TreeMap<>(System.getenv());
                expected.putAll(env);
                for (Map.Entry<String, String> variable : expected.entrySet()) {
                    assertThat("\0" + shown).contains("\0" + variable.getKey() + "=" + variable.getValue() + "\0");
                }
                assertThat(shown.split("\0"))
                        .as("and TAU_JOB_ID, _STATE_DIR and _RUNTIME")
                        .hasSize(expected.size() + 3);
            }
        }
    }

    @Test
    void oneThatOutlivedItsHostEndsAtTheNextStart() {
        String duration = Processes.uniqueDuration();
        try (KillableJvm child = HostMain.start(root, "jobs-max-recoveries", "9")) {
            String id = HostMain.jobId(root, child);
            child.kill();
            JobProcess.awaitNone(JobsHost.stateDir(root), id);
            // As if the watchdog had been killed, too, and the job had left this behind.
            Path log = JobsHost.jobFile(root, id, ".stdout.log");
            Process shell = start(daemon(duration, " >>'" + log + "'"));
            assertThat(shell.onExit().join().exitValue()).isZero();
            awaitEscaped(duration);
            try (JobsHost host = JobsHost.open(root, SETTINGS)) {
                host.awaitStatus(id, "running");
                assertThat(Processes.withArgument(duration)).isEmpty();
                host.cancel(id);
                host.awaitEnd(id);
            }
        }
    }

    @Test
    void oneWhoseJobHasEndedIsFoundAndEndedByTheDoctor() throws Exception {
        String duration = Processes.uniqueDuration();
        String id;
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            id = host.create(Map.of("command", "true"));
            host.awaitEnd(id);
        }
        Path log = JobsHost.jobFile(root, id, ".stdout.log");
        assertThat(start(daemon(duration, " >>'" + log + "'")).onExit().join().exitValue())
                .isZero();
        awaitEscaped(duration);
        assertThat(doctor()).isEqualTo(1);
        assertThat(Processes.withArgument(duration)).hasSize(1);
        assertThat(doctor("--repair")).isZero();
        assertThat(Processes.withArgument(duration)).isEmpty();
    }

    private int doctor(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(Launcher.path(), "doctor"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectOutput(root.resolve("report").toFile())
                .start()
                .waitFor();
    }

    @Test
    void whoOnlyReadsAJobsLogIsLeftAlone() throws Exception {
        String duration = Processes.uniqueDuration();
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            String id = host.shell("echo up; sleep 300");
            host.awaitOutput(id, "up");
            Path log = JobsHost.jobFile(root, id, ".stdout.log");
            Process reader = new ProcessBuilder("sleep", duration)
                    .redirectInput(log.toFile())
                    .redirectOutput(
                            ProcessBuilder.Redirect.to(root.resolve("copy").toFile()))
                    .start();
            try {
                host.cancel(id);
                host.awaitEnd(id);
                assertThat(reader.isAlive()).isTrue();
            } finally {
                reader.destroyForcibly();
            }
        }
    }

    private Process start(String script) {
        try {
            return new ProcessBuilder("sh", "-c", script)
                    .directory(root.toFile())
                    .start();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
