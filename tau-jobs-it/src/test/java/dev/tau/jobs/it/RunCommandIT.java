package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
