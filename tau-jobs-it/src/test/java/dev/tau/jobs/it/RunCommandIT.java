package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tau.jobs.testing.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandIT {
    @TempDir
    Path root;

    @Test
    void runShowsOutputAndExitsLikeTheJob() throws Exception {
        Path out = root.resolve("out");
        Path err = root.resolve("err");
        assertThat(run(out, err, "run", "--", "sh", "-c", "echo one; echo two >&2; exit 3"))
                .isEqualTo(3);
        assertThat(Json.text(out) + Json.text(err)).contains("one\n").contains("two\n");

        Path list = root.resolve("list");
        assertThat(run(list, err, "list", "--json")).isZero();
        List<JsonNode> codes = Json.parse(Json.text(list)).findValues("reason_code");
        assertThat(codes.stream().map(JsonNode::asText)).contains("job_non_zero_exit");
    }

    /** Shutdown hooks race: the runtime's own must not close it before the job is cancelled. */
    @Test
    void ctrlCCancelsTheJobAndExits130() throws Exception {
        Path out = root.resolve("out");
        Process process = new ProcessBuilder(Launcher.path(), "run", "--", "sh", "-c", "echo go; sleep 300")
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(root.resolve("err").toFile())
                .start();
        await().until(() -> Json.text(out).contains("go"));

        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        Path list = root.resolve("list");
        assertThat(run(list, root.resolve("err"), "list", "--json")).isZero();
        assertThat(Json.parse(Json.text(list)).findValues("reason_code").stream()
                        .map(JsonNode::asText))
                .containsExactly("job_cancelled_during_run");
    }

    private int run(Path out, Path err, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Launcher.path()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
