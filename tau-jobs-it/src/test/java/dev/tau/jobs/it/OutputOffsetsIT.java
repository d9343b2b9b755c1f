package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.TauJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Output read part by part: nothing twice, nothing missed, and by calls that wait for it. */
@Timeout(60)
@TauJobs
class OutputOffsetsIT {
    private static final int WAIT_MS = 20_000;

    private static JsonNode status(JobsHost host, String id, Object... arguments) {
        Map<String, Object> map = new HashMap<>(Map.of("job_id", id));
        for (int i = 0; i < arguments.length; i += 2) {
            map.put((String) arguments[i], arguments[i + 1]);
        }
        ToolResult result = host.call("jobs_status", map);
        assertThat(result.reasonCode()).as(result.json()).isEqualTo("jobs_status_ok");
        return host.content(result);
    }

    /** A job that writes a line when a file is there, and ends when another one is. */
    private static String talker(JobsHost host) {
        return host.shell("echo one; until [ -e more ]; do sleep 0.02; done; echo two; echo err >&2;"
                + " until [ -e end ]; do sleep 0.02; done; printf three");
    }

    private static void touch(JobsHost host, String name) throws Exception {
        Files.createFile(host.root().resolve(name));
    }

    @Test
    void aWaitForOutputEndsWithItAndTheNextOneGoesOnBehindIt(JobsHost host) throws Exception {
        String id = talker(host);
        JsonNode first = status(host, id, "stdout_offset", 0, "wait_for", "output", "wait_ms", WAIT_MS);
        assertThat(first.path("stdout").asString()).isEqualTo("one\n");
        assertThat(first.path("stdout_next_offset").asInt()).isEqualTo(4);
        assertThat(first.path("stdout_preview").asString()).isEmpty();
        assertThat(first.has("stderr")).isFalse();
        assertThat(first.has("stdout_dropped_bytes")).isFalse();

        touch(host, "more");
        JsonNode second =
                status(host, id, "stdout_offset", 4, "stderr_offset", 0, "wait_for", "output", "wait_ms", WAIT_MS);
        // The wait may end between the two lines.
        assertThat(second.path("stdout").asString() + second.path("stderr").asString())
                .isIn("two\n", "two\nerr\n");
        assertThat(second.path("job").path("status").asString()).isEqualTo("running");

        touch(host, "end");
        host.awaitEnd(id);
        JsonNode last = status(host, id, "stdout_offset", 8, "stderr_offset", 0);
        assertThat(last.path("stdout").asString()).isEqualTo("three");
        assertThat(last.path("stderr").asString()).isEqualTo("err\n");
        assertThat(last.path("stdout_next_offset").asInt()).isEqualTo(13);
        JsonNode nothing = status(host, id, "stdout_offset", 13, "wait_for", "output", "wait_ms", WAIT_MS);
        assertThat(nothing.path("stdout").asString()).isEmpty();
        assertThat(nothing.path("stdout_next_offset").asInt()).isEqualTo(13);
    }

    @Test
    void withoutOffsetsAWaitForOutputMeansNewOutput(JobsHost host) throws Exception {
        String id = talker(host);
        host.awaitOutput(id, "one");
        JsonNode unchanged = status(host, id, "wait_for", "output", "wait_ms", 200);
        assertThat(unchanged.path("stdout_preview").asString()).isEqualTo("one\n");
        touch(host, "more");
        JsonNode more = status(host, id, "wait_for", "output", "wait_ms", WAIT_MS);
        assertThat(more.path("stdout_preview").asString()
                        + more.path("stderr_preview").asString())
                .contains("two");
        touch(host, "end");
    }

    @Test
    void aLongOutputIsReadInPartsOfThePreviewsLength(JobsHost host) {
        String id = host.shell("i=0; while [ $i -lt 2000 ]; do echo line-$i; i=$((i+1)); done");
        host.awaitEnd(id);
        StringBuilder all = new StringBuilder();
        long offset = 0;
        for (int calls = 0; calls < 100; calls++) {
            JsonNode part = status(host, id, "stdout_offset", offset, "output_preview_bytes", 1_000);
            assertThat(part.path("stdout").asString()).hasSizeLessThanOrEqualTo(1_000);
            all.append(part.path("stdout").asString());
            offset = part.path("stdout_next_offset").asLong();
        }
        assertThat(all.toString().lines()).hasSize(2_000).endsWith("line-1999").startsWith("line-0");
        assertThat(offset)
                .isEqualTo(status(host, id).path("job").path("stdout_bytes").asLong());
    }

    @Test
    void whatWasDroppedIsCounted(@org.junit.jupiter.api.io.TempDir Path root) {
        int cap = 65_536;
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-max-output-bytes", "" + cap)) {
            String id = host.shell("head -c 1000000 /dev/zero | tr '\\0' x; echo end");
            host.awaitEnd(id);
            JsonNode part = status(host, id, "stdout_offset", 10, "output_preview_bytes", 5);
            long dropped = part.path("stdout_dropped_bytes").asLong();
            assertThat(dropped).isBetween(1_000_000L - cap - 10, 1_000_000L - cap - 10 + 4_200);
            assertThat(part.path("stdout").asString()).isEqualTo("xxxxx");
            assertThat(part.path("stdout_next_offset").asLong()).isEqualTo(10 + dropped + 5);
        }
    }

    /** The hole is found whatever cap the reader has. */
    @Test
    void whoHasAnotherCapSeesTheSameGap(@org.junit.jupiter.api.io.TempDir Path root) {
        String id;
        long dropped;
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-max-output-bytes", "65536")) {
            id = host.shell("seq 100000");
            host.awaitEnd(id);
            dropped = status(host, id, "stdout_offset", 0)
                    .path("stdout_dropped_bytes")
                    .asLong();
            assertThat(dropped).isPositive();
        }
        try (JobsHost host = JobsHost.open(root, "no-session", "true")) {
            JsonNode part = status(host, id, "stdout_offset", 0);
            assertThat(part.path("stdout_dropped_bytes").asLong()).isEqualTo(dropped);
            assertThat(part.path("stdout").asString()).doesNotContain("u0000").matches("(?s)[0-9\n]+");
        }
    }

    /** Its files are empty then, and what it writes is not behind what was read, but new. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void whatARunAfterARestartWritesIsNotMissed(int retries, @org.junit.jupiter.api.io.TempDir Path root)
            throws Exception {
        String[] settings = {"no-session", "true", "jobs-workers", "1", "jobs-kill-grace-ms", "100"};
        String script = "[ $0 = 0 ] || [ -e tried ] || { touch tried; printf first; exit 1; };"
                + " if [ -e again ]; then echo second; until [ -e end ]; do sleep 0.02; done; echo third;"
                + " else touch again; head -c 1000 /dev/zero | tr '\\0' x; sleep 300; fi";
        int before = retries == 0 ? 0 : 5;
        String id;
        try (JobsHost host = JobsHost.open(root, settings)) {
            id = host.create(Map.of(
                    "command", "sh", "args", List.of("-c", script, Integer.toString(retries)), "retries", retries));
            await().until(() -> status(host, id, "stdout_offset", 0)
                            .path("stdout_next_offset")
                            .asInt()
                    == 1000 + before);
        }
        try (JobsHost host = JobsHost.open(root, settings)) {
            JsonNode second =
                    status(host, id, "stdout_offset", 1000 + before, "wait_for", "output", "wait_ms", WAIT_MS);
            assertThat(second.path("job").path("status").asString()).isEqualTo("running");
            assertThat(second.path("stdout").asString()).isEqualTo("second\n");
            assertThat(second.path("job").path("recoveries").asInt()).isEqualTo(1);
            int next = second.path("stdout_next_offset").asInt();
            assertThat(next).isEqualTo(1007 + before);
            assertThat(second.has("stdout_dropped_bytes")).isFalse();
            if (retries > 0) {
                JsonNode kept = status(host, id, "stdout_offset", 0);
                assertThat(kept.path("stdout").asString()).isEqualTo("first");
                assertThat(kept.path("stdout_next_offset").asInt()).isEqualTo(before);
                assertThat(kept.has("stdout_dropped_bytes")).isFalse();
            }
            JsonNode rest = status(host, id, "stdout_offset", before);
            assertThat(rest.path("stdout").asString()).isEqualTo("second\n");
            assertThat(rest.path("stdout_dropped_bytes").asInt()).isEqualTo(1000);
            JsonNode within = status(host, id, "stdout_offset", before + 3);
            assertThat(within.path("stdout").asString()).isEqualTo("second\n");
            assertThat(within.path("stdout_dropped_bytes").asInt()).isEqualTo(997);
            touch(host, "end");
            JsonNode third = status(host, id, "stdout_offset", next, "wait_ms", WAIT_MS);
            assertThat(third.path("stdout").asString()).isEqualTo("third\n");
            for (JsonNode attempt : third.path("job").path("attempts")) {
                assertThat(attempt.path("stdout_end").asInt())
                        .as("the offset at which it ends")
                        .isEqualTo(before);
            }
            assertThat(third.path("job").path("attempts").size()).isEqualTo(retries == 0 ? 0 : 1);
        }
    }

    /** What is in its files goes with the start of the next one, and would have the offsets of that one's output. */
    @Test
    void ofARunThatIsToComeNothingIsToldYet(@org.junit.jupiter.api.io.TempDir Path root) {
        String[] two = {"no-session", "true", "jobs-workers", "2", "jobs-kill-grace-ms", "100"};
        String[] one = {"no-session", "true", "jobs-workers", "1", "jobs-kill-grace-ms", "100"};
        String holds;
        String waits;
        try (JobsHost host = JobsHost.open(root, two)) {
            holds = host.shell("sleep 300");
            host.awaitStatus(holds, "running");
            waits = host.shell("echo first; sleep 300");
            await().until(() -> status(host, waits, "stdout_offset", 0)
                            .path("stdout_next_offset")
                            .asInt()
                    == 6);
        }
        try (JobsHost host = JobsHost.open(root, one)) {
            host.awaitStatus(holds, "running");
            assertThat(host.job(waits).path("reason_code").asString()).isEqualTo("job_recovered_after_restart");
            for (int offset : new int[] {0, 3, 6}) {
                JsonNode answer = status(host, waits, "stdout_offset", offset, "wait_for", "output", "wait_ms", 100);
                assertThat(answer.path("stdout").asString()).isEmpty();
                assertThat(answer.path("stdout_next_offset").asInt()).isEqualTo(offset);
            }
        }
    }

    /** It never had new files: what was read stays what it was. */
    @Test
    void whatAJobHasWrittenThatEndsBeforeItsRerunIsNotReadTwice(@org.junit.jupiter.api.io.TempDir Path root)
            throws Exception {
        String[] settings = {"no-session", "true", "jobs-workers", "1", "jobs-kill-grace-ms", "100"};
        String id;
        try (JobsHost host = JobsHost.open(root, settings)) {
            id = host.shell("echo first; sleep 300");
            await().until(() -> status(host, id, "stdout_offset", 0)
                            .path("stdout_next_offset")
                            .asInt()
                    == 6);
        }
        // As tau-jobs cancel asks where no agent is there.
        Files.createFile(JobsHost.stateDir(root).resolve("requests/" + id + ".cancel"));
        try (JobsHost host = JobsHost.open(root, settings)) {
            assertThat(host.awaitEnd(id).path("job").path("reason_code").asString())
                    .isEqualTo("job_cancelled_before_start");
            JsonNode ended = status(host, id, "stdout_offset", 6);
            assertThat(ended.path("stdout").asString()).isEmpty();
            assertThat(ended.path("stdout_next_offset").asInt()).isEqualTo(6);
            JsonNode all = status(host, id, "stdout_offset", 0);
            assertThat(all.path("stdout").asString()).isEqualTo("first\n");
            assertThat(all.has("stdout_dropped_bytes")).isFalse();
        }
    }

    /** An output that ends in the beginning of a secret has nothing to return yet. */
    @Test
    void aWaitForOutputDoesNotEndWithoutAny(JobsHost host) throws Exception {
        String id = host.create(Map.of(
                "command",
                "printf 'go on? [y/s'; until [ -e more ]; do sleep 0.02; done; printf 'ure]'",
                "shell",
                true,
                "env",
                Map.of("MY_TOKEN", "sk-123")));
        JsonNode first = status(host, id, "stdout_offset", 0, "wait_for", "output", "wait_ms", WAIT_MS);
        assertThat(first.path("stdout").asString()).isEqualTo("go on? [y/");
        long offset = first.path("stdout_next_offset").asLong();
        long begin = System.nanoTime();
        JsonNode nothing = status(host, id, "stdout_offset", offset, "wait_for", "output", "wait_ms", 300);
        assertThat(nothing.path("stdout").asString()).isEmpty();
        assertThat(System.nanoTime() - begin).as("it has waited").isGreaterThan(250_000_000L);
        touch(host, "more");
        JsonNode rest = status(host, id, "stdout_offset", offset, "wait_for", "output", "wait_ms", WAIT_MS);
        assertThat(rest.path("stdout").asString()).isEqualTo("sure]");
    }

    @Test
    void argumentsThatMakeNoSenseAreRefused(JobsHost host) {
        String id = host.create(Map.of("command", "true"));
        assertThat(host.call("jobs_status", Map.of("job_id", id, "stdout_offset", -1))
                        .json())
                .contains("jobs_invalid_arguments", "stdout_offset");
        assertThat(host.call("jobs_status", Map.of("job_id", id, "wait_for", "rain"))
                        .json())
                .contains("jobs_invalid_arguments", "wait_for must be one of end, output");
    }
}
