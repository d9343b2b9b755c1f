package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What somebody learns of a state dir from outside: events and health. */
class WatchingIT {
    @TempDir
    Path root;

    private final List<String> errors = new ArrayList<>();

    private Process start(Path out, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Launcher.path()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(root.resolve("err").toFile())
                .start();
    }

    private String run(int code, String... arguments) throws Exception {
        Path out = root.resolve("out");
        Process process = start(out, arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        errors.add(Json.text(root.resolve("err")));
        assertThat(process.exitValue()).as(Json.text(root.resolve("err"))).isEqualTo(code);
        return Json.text(out);
    }

    @Test
    void eventsAreThoseOfTheLog() throws Exception {
        String first;
        String second;
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            first = host.shell("exit 3");
            host.awaitEnd(first);
            second = host.shell("exit 0");
            host.awaitEnd(second);
        }
        List<String> lines = run(0, "events").lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).contains("  created ", first, "  job_queued  ");
        assertThat(lines.get(2)).contains("  failed ", first, "  job_non_zero_exit  ");
        assertThat(lines.get(5)).contains("  succeeded ", second);
        assertThat(run(0, "events", second).lines()).hasSize(3).allMatch(line -> line.contains(second));
        assertThat(run(0, "events", "-n", "1").lines()).containsExactly(lines.get(5));
        assertThat(run(0, "events", "--since", "1h", "-n", "0")).isEmpty();
        List<JsonNode> json =
                run(0, "events", "--json").lines().map(Json::parse).toList();
        assertThat(json).isEqualTo(Json.lines(JobsHost.stateDir(root).resolve("events.jsonl")));
    }

    @Test
    void eventsAreFollowed() throws Exception {
        Path out = root.resolve("followed");
        Process follow = start(out, "events", "-f");
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = host.shell("exit 0");
            await().until(() -> Json.text(out).contains("succeeded"));
            assertThat(Json.text(out).lines()).hasSize(3).allMatch(line -> line.contains(id));
        } finally {
            follow.destroy();
        }
        assertThat(follow.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDirectoryThatCantBeReadForAMomentKeepsNobodyFromTheOthers() throws Exception {
        Path other = Files.createDirectories(root.resolve("other"));
        Path dir = JobsHost.stateDir(other);
        try (JobsHost host = JobsHost.open(other, "no-session", "true")) {
            host.awaitEnd(host.shell("exit 0"));
        }
        Path out = root.resolve("followed");
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            host.awaitEnd(host.shell("exit 0"));
            Process follow = start(
                    out, "events", "-f", dir.toString(), JobsHost.stateDir(root).toString());
            try {
                await().until(() -> Json.text(out).lines().count() == 6);
                Files.move(dir, root.resolve("aside"));
                // A circle of links: what a file in its place is to Java has changed from 17 to 25.
                Files.createSymbolicLink(dir, dir);
                await().until(() -> Json.text(root.resolve("err")).contains(dir + " can't be read: "));
                host.awaitEnd(host.shell("exit 0"));
                await().until(() -> Json.text(out).lines().count() == 9);
                Files.delete(dir);
                Files.move(root.resolve("aside"), dir);
                try (JobsHost again = JobsHost.open(other, "no-session", "true")) {
                    again.awaitEnd(again.shell("exit 0"));
                }
                await().until(() -> Json.text(out).lines().count() == 12);
            } finally {
                follow.destroy();
            }
            assertThat(follow.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatIsNoAgeIsRefusedByTheRule() throws Exception {
        run(2, "events", "--since", "1h2d");
        assertThat(errors.get(errors.size() - 1)).contains("--since", "such as 90s, 2h or 1d12h, found: 1h2d");
        run(2, "events", "-n", "-1");
        assertThat(errors.get(errors.size() - 1)).contains("--lines must be at least 0, found: -1");
    }

    @Test
    void healthIsThatOfTheAgent() throws Exception {
        assertThat(run(1, "health")).contains("unhealthy: there is no state dir at ");
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "1")) {
            assertThat(run(0, "health")).startsWith("healthy: owner_pid=");
            String running = host.create(Map.of("command", "sleep", "args", List.of("300"), "timeout_ms", 300_000));
            host.awaitStatus(running, "running");
            String waiting = host.shell("exit 0");
            host.create(Map.of("command", "true", "delay_ms", 3_600_000));
            host.create(Map.of("command", "true", "after", List.of(running)));
            await().until(() -> host.stateJson().path("queue_depth").asInt() == 3);
            assertThat(run(0, "health", "--max-queue", "3", "--max-age-ms", "3600000"))
                    .contains("queue_depth=3 running_jobs=1");
            assertThat(run(1, "health", "--max-queue", "2")).isEqualTo("unhealthy: 3 jobs wait (--max-queue 2)\n");
            assertThat(run(1, "health", "--max-age-ms", "0"))
                    .contains("unhealthy: " + waiting + " has waited for a worker for ")
                    .hasLineCount(1);
            JsonNode json = Json.parse(run(1, "health", "--json", "--max-queue", "0"));
            assertThat(json.path("healthy").asBoolean()).isFalse();
            assertThat(json.path("problems").size()).isEqualTo(1);
            assertThat(json.path("queue_depth").asInt()).isEqualTo(3);
            assertThat(json.path("disk_available_bytes").asLong()).isPositive();
            String owned = JobsHost.stateDir(root).toString();
            String unowned = Files.createDirectory(root.resolve("unowned")).toString();
            assertThat(run(1, "health", owned, unowned).lines())
                    .anyMatch(line -> line.startsWith(owned + ": healthy: owner_pid="))
                    .anyMatch(line -> line.equals(unowned + ": unhealthy: no live agent owns " + unowned));
            assertThat(run(1, "health", root.resolve("none").toString(), owned).lines())
                    .hasSize(2)
                    .anyMatch(line -> line.endsWith("unhealthy: there is no state dir at " + root.resolve("none")))
                    .anyMatch(line -> line.startsWith(owned + ": healthy: "));
            assertThat(run(0, "status", waiting, root.resolve("none").toString(), owned))
                    .contains("status ");
            assertThat(errors.get(errors.size() - 1)).contains("there is no state dir at " + root.resolve("none"));
            for (String command : List.of("doctor", "list", "events")) {
                assertThat(run(1, command, root.resolve("none").toString(), owned))
                        .as(command)
                        .isNotEmpty();
                assertThat(errors.get(errors.size() - 1)).contains("there is no state dir at " + root.resolve("none"));
            }
            assertThat(Json.parse(run(1, "health", "--json", owned, unowned)).path("directories"))
                    .extracting(dir -> dir.path("directory").asString()
                            + dir.path("healthy").asBoolean())
                    .containsExactly(owned + true, unowned + false);
        }
        assertThat(run(1, "health")).contains("unhealthy: no live agent owns ");
        Files.writeString(JobsHost.stateDir(root).resolve("state.json"), "nonsense");
        assertThat(run(1, "health")).contains("unhealthy: state.json ").hasLineCount(2);
        run(2, "health", "--max-queue", "-1");
        assertThat(errors.get(errors.size() - 1)).contains("--max-queue must be at least 0, found: -1");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anAgentThatIsStoppedIsNotHealthy() throws Exception {
        try (KillableJvm agent = HostMain.start(root)) {
            run(0, "health");
            Processes.stop(agent.pid());
            String stopped = "unhealthy: the agent is stopped, by a signal or a debugger: kill -CONT " + agent.pid();
            Path request = JobsHost.stateDir(root).resolve("requests/job-0-0001.cancel");
            Files.createFile(request);
            Path owner = JobsHost.stateDir(root).resolve("owner.json");
            // It was there before the agent, which has just begun, however long health takes to start.
            Files.setLastModifiedTime(request, FileTime.from(Instant.now().minusSeconds(70)));
            Files.setLastModifiedTime(owner, FileTime.from(Instant.now().plusSeconds(60)));
            assertThat(run(1, "health")).startsWith(stopped).hasLineCount(1);
            Files.setLastModifiedTime(owner, FileTime.from(Instant.now().minusSeconds(80)));
            assertThat(run(1, "health"))
                    .startsWith(stopped)
                    .contains("unhealthy: the agent does not take what it is asked: a request has waited for 1m")
                    .hasLineCount(2);
            // One of a newer version is for a newer agent, and so is its cancel.
            Files.writeString(request.resolveSibling("job-0-0001.json"), "{\"schema_version\": 99}");
            assertThat(run(1, "health")).startsWith(stopped).hasLineCount(1);
            Processes.goOn(agent.pid());
            run(0, "health");
        }
    }

    @Test
    void whatCantBeSaidIsSaidByTheExitCode() throws Exception {
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            for (String command : List.of("serve", "run --no-session --detach -- true", "health", "list")) {
                Process process = new ProcessBuilder("sh", "-c", Launcher.path() + " " + command + " >/dev/full")
                        .directory(root.toFile())
                        .redirectError(root.resolve("err").toFile())
                        .start();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command).isTrue();
                assertThat(process.exitValue()).as(command).isEqualTo(command.startsWith("run") ? 125 : 1);
                assertThat(Json.text(root.resolve("err"))).as(command).contains("stdout is closed or can't be written");
            }
            assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(1);
        }
    }

    @Test
    void severalDirectoriesAreOneList() throws Exception {
        Path other = Files.createDirectories(root.resolve("other"));
        String first;
        String second;
        try (JobsHost host = JobsHost.open(root, "no-session", "true");
                JobsHost otherHost = JobsHost.open(other, "no-session", "true")) {
            first = host.shell("exit 0");
            host.awaitEnd(first);
            long created = host.job(first).path("created_unix_ms").asLong();
            await().until(() -> System.currentTimeMillis() > created);
            second = otherHost.shell("exit 3");
            otherHost.awaitEnd(second);
        }
        String[] dirs = {
            JobsHost.stateDir(root).toString(), JobsHost.stateDir(other).toString()
        };
        List<String> lines =
                run(0, "list", dirs[0], dirs[1], "--since", "1h").lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("DIR ").contains(" ID ");
        assertThat(lines.get(1)).startsWith(dirs[1] + " ").contains(second, "failed");
        assertThat(lines.get(2))
                .startsWith(dirs[0] + " ")
                .contains(first, "succeeded")
                .doesNotContain("\u001b");
        JsonNode json = Json.parse(run(0, "list", dirs[0], dirs[1], "--json", "--limit", "1"));
        assertThat(json.path("count").asInt()).isEqualTo(1);
        assertThat(json.path("jobs").path(0).path("state_dir").asString()).isEqualTo(dirs[1]);
        assertThat(run(0, "list", dirs[0], "--since", "0s").lines()).hasSize(1);
        run(1, "list", root.resolve("none").toString());
        assertThat(errors.get(errors.size() - 1)).contains("there is no state dir at " + root.resolve("none"));
        String file = Files.writeString(root.resolve("file"), "none").toString();
        for (String command : List.of("list", "events")) {
            // The same columns whichever of them can be read.
            assertThat(run(1, command, dirs[0], file)).contains(dirs[0], first);
            assertThat(errors.get(errors.size() - 1)).contains(file + " can't be read");
        }
        run(2, "list", dirs[0], "");
        assertThat(errors.get(errors.size() - 1)).contains("DIR must not be empty");
        run(2, "cancel", "", dirs[0]);
        assertThat(errors.get(errors.size() - 1)).contains("ID must not be empty");
        run(1, "cancel", first, second);
        assertThat(errors.get(errors.size() - 1)).contains("(only the first word is a job's ID)");

        List<String> events = run(0, "events", dirs[1], dirs[0]).lines().toList();
        assertThat(events).hasSize(6).isSorted();
        assertThat(events.get(0)).contains("  " + dirs[0] + "  created ", first);
        assertThat(events.get(5)).contains("  " + dirs[1] + "  failed ", second);
        assertThat(run(0, "events", "--json", dirs[0], dirs[1]).lines().map(Json::parse))
                .extracting(event -> event.path("state_dir").asString())
                .containsOnly(dirs);
        assertThat(run(0, "events", second, dirs[0], dirs[1]).lines())
                .hasSize(3)
                .allMatch(line -> line.contains(second) && !line.contains(dirs[1]));
        assertThat(run(0, "events", "--json", second, dirs[0], dirs[1]).lines().map(Json::parse))
                .extracting(event -> event.path("state_dir").asString())
                .containsOnly(dirs[1]);
        assertThat(run(0, "status", second, dirs[0], dirs[1]).lines())
                .contains("status                  failed")
                .anyMatch(line -> line.matches("effective_timeout_ms +30000 +\\(30\\.0s\\)"));
        run(2, "status", "job-", dirs[0], dirs[1]);
        assertThat(errors.get(errors.size() - 1)).contains(first + " in " + dirs[0], second + " in " + dirs[1]);
        run(1, "logs", "job-0-0000", dirs[0], dirs[1]);
        assertThat(errors.get(errors.size() - 1))
                .contains("there is no job job-0-0000 in " + dirs[0] + ", nor in " + dirs[1]);

        assertThat(run(0, "doctor", dirs[0], dirs[1]).lines())
                .hasSize(2)
                .allMatch(line -> line.endsWith(": nothing wrong"));
        Files.writeString(Path.of(dirs[1], "jobs", second + ".json"), "{");
        assertThat(run(1, "doctor", dirs[0], dirs[1]).lines())
                .anyMatch(line -> line.startsWith("broken_manifest "))
                .anyMatch(line -> line.endsWith(dirs[1] + ": 1 wrong"));
        assertThat(Json.parse(run(1, "doctor", "--json", dirs[0], dirs[1]))
                        .path("directories")
                        .findValuesAsString("problems"))
                .containsExactly("0", "1");
        run(1, "events", "-f", "job-0-0000", dirs[0]);
        assertThat(errors.get(errors.size() - 1)).contains("there is no job job-0-0000");
        assertThat(run(0, "events", second, dirs[1], "--since", "0s")).isEmpty();
        // What happened to it is told all the same.
        assertThat(run(0, "events", second, dirs[0], dirs[1]).lines()).hasSize(3);
    }

    @Test
    void anIdMayBeShortened() throws Exception {
        String first;
        String second;
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            first = host.create(Map.of("command", "echo", "args", List.of("hi"), "idempotency_key", "a"));
            second = host.create(Map.of("command", "true", "idempotency_key", "b"));
            host.awaitEnd(first);
            host.awaitEnd(second);
        }
        int same = 0;
        while (first.charAt(same) == second.charAt(same)) {
            same++;
        }
        String enough = first.substring(0, same + 1);
        assertThat(run(0, "logs", enough)).isEqualTo("hi\n");
        assertThat(run(0, "events", enough).lines()).hasSize(3).allMatch(line -> line.contains(first));
        run(2, "status", first.substring(0, same));
        assertThat(errors.get(errors.size() - 1)).contains("ID must be one job's", first, second);
        run(1, "status", first + "x");
        assertThat(errors.get(errors.size() - 1)).contains("there is no job " + first + "x");
    }

    @Test
    void aDetachedJobRunsInTheAgent() throws Exception {
        run(125, "run", "--detach", "--", "true");
        assertThat(errors.get(errors.size() - 1)).contains("no live agent owns ");
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            String id = run(0, "run", "--no-session", "--detach", "--", "sh", "-c", "exit 3")
                    .strip();
            assertThat(host.awaitEnd(id).path("job").path("exit_code").asInt()).isEqualTo(3);
            run(2, "run", "--no-session", "--detach", "--timeout-ms", "0", "--", "true");
            assertThat(errors.get(errors.size() - 1)).contains("--timeout-ms");
        }
    }
}
