package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The disk is full for real, and has room again: nothing that was acknowledged is lost, and everything goes on. */
@Timeout(120)
class FullDiskIT {
    private static final String[] SETTINGS = {
        "no-session", "true", "jobs-workers", "4", "jobs-kill-grace-ms", "300", "jobs-list-max-limit", "1000"
    };
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");
    /** A few of it are more than the room that the journal makes ahead. */
    private static final String LONG = "x".repeat(30_000);

    private static final int ROUNDS = Boolean.getBoolean("tau.jobs.deep") ? 50 : 5;
    /** What the disk keeps of all rounds must not fill it. */
    private static final int ROUNDS_WITH_LONG_ONES = 5;

    @TempDir
    Path temporary;

    private SmallDisk disk;
    private JobsHost host;
    private Path go;
    private final List<String> acknowledged = new ArrayList<>();

    @BeforeEach
    void mount() throws Exception {
        Path at = Files.createDirectory(temporary.resolve("disk"));
        disk = SmallDisk.mount(at, 16).orElse(null);
        assumeThat(disk)
                .as("a tmpfs could be mounted, which takes root's rights")
                .isNotNull();
        go = temporary.toRealPath().resolve("go");
    }

    @AfterEach
    void unmount() throws Exception {
        try (SmallDisk last = disk) {
            if (host != null) {
                host.close();
            }
            acknowledged.forEach(id -> host.awaitNoProcessOf(id));
        }
    }

    private void open() {
        host = JobsHost.open(disk.root(), SETTINGS);
    }

    private String shell(String script) {
        String id = host.shell(script);
        acknowledged.add(id);
        return id;
    }

    /** Returns whether it was taken. */
    private boolean tryToCreate(String argument) {
        ToolResult result = host.call("jobs_create", Map.of("command", "true", "args", List.of(argument)));
        if (!result.isError()) {
            acknowledged.add(host.content(result).path("job").path("job_id").asString());
            return true;
        }
        assertThat(result.reasonCode()).isEqualTo("jobs_runtime_error");
        assertThat(host.content(result).path("error").asString()).contains("No space left");
        return false;
    }

    /** The journal has made room ahead for some. */
    private void createUntilRefused() {
        for (int taken = 0; tryToCreate(LONG); taken++) {
            assertThat(taken).as("creates that a full disk has taken").isLessThan(20);
        }
    }

    private List<JsonNode> jobs() {
        JsonNode answer = host.list(Map.of("limit", 1_000));
        assertThat(answer.path("reason_code").asString()).isEqualTo("jobs_list_ok");
        List<JsonNode> jobs = new ArrayList<>();
        answer.path("jobs").forEach(jobs::add);
        return jobs;
    }

    private JsonNode health() {
        return host.list(Map.of()).path("health");
    }

    @Test
    void aJobThatFillsTheDiskHarmsNobodyElse() throws Exception {
        open();
        disk.reserve("filler", 2 << 20);
        String runs = shell("until test -e " + go + "; do sleep 0.02; done; echo done");
        String victim = shell("echo begun; sleep 300");
        host.awaitOutput(victim, "begun");
        host.awaitStatus(runs, "running");
        String fills = shell("cat /dev/zero");

        JsonNode end = host.awaitEnd(fills);
        assertThat(end.path("job").path("reason_code").asString()).isEqualTo("job_non_zero_exit");
        createUntilRefused();
        assertThat(host.job(runs).path("status").asString()).isEqualTo("running");
        assertThat(host.status(victim).path("stdout_preview").asString()).isEqualTo("begun\n");
        assertThat(jobs().stream().map(job -> job.path("job_id").asString()))
                .containsExactlyInAnyOrderElementsOf(acknowledged);
        endWithoutRoom(victim);

        disk.free("filler");
        assertThat(tryToCreate("short")).as("taken when there is room again").isTrue();
        Files.createFile(go);
        JsonNode ended = host.awaitEnd(runs);
        assertThat(ended.path("job").path("status").asString()).isEqualTo("succeeded");
        assertThat(ended.path("stdout_preview").asString()).isEqualTo("done\n");
        assertThat(host.job(victim).path("status").asString()).isEqualTo("cancelled");
        assertAllIsAccountedFor();
    }

    /** The processes of a cancelled job end, whether the disk takes the cancel or not. */
    private void endWithoutRoom(String id) {
        JsonNode answer = host.cancel(id);
        assertThat(answer.path("reason_code").asString()).isIn("jobs_cancel_ok", "jobs_runtime_error");
        if (answer.path("reason_code").asString().equals("jobs_runtime_error")) {
            assertThat(answer.path("error").asString()).contains("No space left");
        }
        host.awaitNoProcessOf(id);
        assertThat(host.awaitEnd(id).path("job").path("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void aCancelOfManyEndsAllOfThem() throws Exception {
        open();
        for (int i = 0; i < 4; i++) {
            host.awaitOutput(shell("echo begun; sleep 300"), "begun");
        }
        List<String> sleeps = List.copyOf(acknowledged);
        disk.fill("filler");
        createUntilRefused();
        // Nor is there room for what is as short as a cancel.
        for (int taken = 0; tryToCreate("short"); taken++) {
            assertThat(taken).isLessThan(100);
        }
        JsonNode answer = host.content(host.call("jobs_cancel", Map.of("job_ids", sleeps)));
        List<String> told = new ArrayList<>(answer.path("statuses").propertyNames());
        for (Map.Entry<String, JsonNode> failed : answer.path("failed").properties()) {
            assertThat(failed.getValue().asString()).contains("No space left");
            told.add(failed.getKey());
        }
        assertThat(told).as(answer.toString()).containsExactlyInAnyOrderElementsOf(sleeps);
        assertThat(answer.path("reason_code").asString()).isEqualTo("jobs_runtime_error");
        assertThat(answer.path("failed")).isNotEmpty();
        for (String id : sleeps) {
            host.awaitNoProcessOf(id);
            assertThat(host.awaitEnd(id).path("job").path("status").asString()).isEqualTo("cancelled");
        }
        disk.free("filler");
        assertAllIsAccountedFor();
    }

    @Test
    void jobsRunIntoTheFullDiskAndOutOfItAgain() throws Exception {
        open();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 5; i++) {
                assertThat(tryToCreate("short"))
                        .as("there is room in round " + round)
                        .isTrue();
            }
            String sleeps = shell("echo begun; sleep 300");
            host.awaitOutput(sleeps, "begun");
            disk.fill("filler");
            for (int i = 0; i < 10; i++) {
                tryToCreate("short");
            }
            if (round < ROUNDS_WITH_LONG_ONES) {
                createUntilRefused();
            }
            assertThat(jobs()).hasSameSizeAs(acknowledged);
            endWithoutRoom(sleeps);
            disk.free("filler");
        }
        assertThat(tryToCreate("short")).isTrue();
        assertAllIsAccountedFor();
    }

    @Test
    void aJobWhoseTurnComesWhileTheDiskIsFullWaitsForRoom() throws Exception {
        open();
        for (int i = 0; i < 4; i++) {
            shell("until test -e '" + go + "'; do sleep 0.02; done");
        }
        for (int i = 0; i < 3; i++) {
            assertThat(tryToCreate(LONG)).isTrue();
        }
        List<String> waiting = List.copyOf(acknowledged.subList(4, 7));
        disk.fill("filler");
        createUntilRefused();
        Files.createFile(go);
        await().untilAsserted(() ->
                assertThat(health().path("diagnostics").toString()).contains("background_job_start_delayed"));
        assertThat(waiting)
                .extracting(id -> host.job(id).path("status").asString())
                .containsOnly("queued");
        disk.free("filler");
        assertThat(waiting)
                .extracting(
                        id -> host.awaitEnd(id).path("job").path("reason_code").asString())
                .containsOnly("job_succeeded");
        assertAllIsAccountedFor();
    }

    @Test
    void aStateDirOnAFullDiskIsOpenedWhenThereIsRoomAgain() throws Exception {
        open();
        String runs = shell("until test -e " + go + "; do sleep 0.02; done; echo done");
        host.awaitStatus(runs, "running");
        disk.fill("filler");
        host.close();
        host.awaitNoProcessOf(runs);
        Files.createFile(go);

        open();
        JsonNode answer = host.list(Map.of());
        if (!answer.path("reason_code").asString().equals("jobs_list_ok")) {
            assertThat(answer.path("reason_code").asString()).isEqualTo("jobs_runtime_unavailable");
            assertThat(answer.path("error").asString()).contains("No space left");
        }
        disk.free("filler");
        assertThat(jobs()).hasSize(1);
        assertThat(host.awaitEnd(runs).path("stdout_preview").asString()).isEqualTo("done\n");
        assertThat(tryToCreate("short")).isTrue();
        assertAllIsAccountedFor();
    }

    /** Each acknowledged job has one end, in memory, on disk, and after another start. */
    private void assertAllIsAccountedFor() throws IOException {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(health().path("queue_depth").asInt()).isZero();
            assertThat(health().path("running_jobs").asInt()).isZero();
        });
        List<JsonNode> before = jobs();
        assertThat(before.stream().map(job -> job.path("job_id").asString()))
                .containsExactlyInAnyOrderElementsOf(acknowledged);
        assertCounters(health());
        host.close();
        assertFilesParse();
        assertCounters(Json.file(JobsHost.stateDir(disk.root()).resolve("state.json")));

        open();
        assertThat(jobs()).isEqualTo(before);
        assertCounters(health());
    }

    private void assertCounters(JsonNode state) {
        int ended = 0;
        for (String status : ENDED) {
            ended += state.path(status + "_total").asInt();
        }
        assertThat(ended).as(state.toString()).isEqualTo(acknowledged.size());
        assertThat(state.path("created_total").asInt()).as(state.toString()).isEqualTo(acknowledged.size());
    }

    private void assertFilesParse() throws IOException {
        Path stateDir = JobsHost.stateDir(disk.root());
        try (Stream<Path> files = Files.walk(stateDir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".tmp") || name.equals("quarantine"));
        }
        for (String id : acknowledged) {
            assertThat(Json.file(JobsHost.jobFile(disk.root(), id, ".json"))
                            .path("status")
                            .asString())
                    .isIn(ENDED);
            // None if the log met the full disk: the manifest is the truth.
            assertThat(JobsHost.events(disk.root(), id).stream()
                            .map(event -> event.substring(0, event.indexOf('/')))
                            .filter(ENDED::contains)
                            .count())
                    .as("ends of " + id)
                    .isLessThanOrEqualTo(1);
        }
        assertThat(Json.lines(stateDir.resolve("events.jsonl"))).allMatch(JsonNode::isObject);
    }

    @Test
    void aFullDiskOfTheTracesCostsNoJob() throws Exception {
        Path channels = disk.root().resolve("channels-here");
        Path session = disk.root().resolve("session.jsonl");
        host = JobsHost.open(
                temporary.toRealPath(), "channel-store-root", channels.toString(), "session", session.toString());
        disk.fill("filler");
        String id = traced();

        assertThat(host.awaitEnd(id).path("job").path("status").asString()).isEqualTo("succeeded");
        await().untilAsserted(() ->
                assertThat(host.events(id)).contains("succeeded/job_succeeded", "trace_error/job_trace_write_failed"));
        String detail = Json.lines(JobsHost.stateDir(host.root()).resolve("events.jsonl")).stream()
                .filter(event -> event.path("event").asString().equals("trace_error"))
                .map(event -> event.path("detail").asString())
                .findFirst()
                .orElseThrow();
        assertThat(detail).contains("No space left").contains(" | ");

        disk.free("filler");
        String next = traced();
        host.awaitEnd(next);
        host.close();
        assertThat(JobsHost.events(host.root(), next)).doesNotContain("trace_error/job_trace_write_failed");
        Path channel = channels.resolve("channels/slack/C1");
        assertThat(Json.lines(channel.resolve("log.jsonl")).stream()
                        .filter(line ->
                                line.path("payload").path("job_id").asString().equals(next))
                        .map(line -> line.path("payload").path("event").asString()))
                .containsExactly("created", "started", "succeeded");
        assertThat(Json.file(channel.resolve("schema.json")).path("channel_id").asString())
                .isEqualTo("C1");
        List<JsonNode> told = Json.lines(session);
        assertThat(told.get(0).path("record_type").asString()).isEqualTo("meta");
        assertThat(told.stream().filter(line -> line.toString().contains(next))).hasSize(3);
    }

    private String traced() {
        String id = host.create(Map.of("command", "true", "channel_transport", "slack", "channel_id", "C1"));
        acknowledged.add(id);
        return id;
    }
}
