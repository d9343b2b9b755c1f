package dev.tau.jobs.bench.result;

import static dev.tau.jobs.bench.result.Samples.QUIET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
    private static final Results RESULTS = Results.of(List.of(
            Samples.figure("create", 1, Direction.HIGHER, QUIET),
            Samples.figure("allocated", 1, Direction.LOWER, QUIET, null)));

    private static String json(Results results) throws IOException {
        return new String(ResultsFile.format(results), StandardCharsets.UTF_8);
    }

    private static Results parse(String json) throws IOException {
        return ResultsFile.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsReadAgain(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("results.json");
        ResultsFile.write(file, RESULTS);
        assertThat(ResultsFile.read(file)).isEqualTo(RESULTS);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Property(tries = 100)
    void anyTextAndAnyRoundsSurvive(
            @ForAll @StringLength(min = 1, max = 40) String id,
            @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0, max = 1e12) Double> rounds,
            @ForAll Direction direction)
            throws IOException {
        Results results = Results.of(List.of(Samples.figure(id, 1, direction, rounds)));
        assertThat(parse(json(results))).isEqualTo(results);
    }

    @Test
    void namesAreThoseOfTheDocumentation() throws IOException {
        assertThat(json(RESULTS))
                .contains("\"schema_version\" : 1", "\"direction\" : \"higher\"", "\"file_system\" : \"ext4\"")
                .contains("\"load_before\"", "\"ours\"", "\"floor\"", "\"ratios\"", "\"peers\"", "\"skipped\"")
                .doesNotContain("comparable");
    }

    @Test
    void fieldsOfLaterVersionsAreIgnored() throws IOException {
        assertThat(parse(json(RESULTS).replace("\"schema_version\"", "\"new\" : {\"a\": 1}, \"schema_version\"")))
                .isEqualTo(RESULTS);
    }

    @Test
    void whatIsNoUsableResultsFileIsRefused(@TempDir Path directory) throws IOException {
        String json = json(RESULTS);
        for (String broken : List.of(
                "",
                "[]",
                "{}",
                "not json",
                json.substring(0, json.length() / 2),
                json.replace("\"schema_version\" : 1", "\"schema_version\" : 2"),
                json.replace("\"ours\"", "\"theirs\""),
                json.replace("\"target\" : 1", "\"target\" : null"),
                json.replaceFirst("(?s)\"rounds\" : \\[.*?\\]", "\"rounds\" : []"),
                json.replace("\"allocated\"", "\"create\""))) {
            Path file = Files.writeString(directory.resolve("broken.json"), broken);
            assertThatThrownBy(() -> ResultsFile.read(file))
                    .as(broken.lines().findFirst().orElse(""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken.json");
        }
        assertThatThrownBy(() -> ResultsFile.read(directory.resolve("absent.json")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void aPartOfTheTargetsReplacesItsOwnFiguresAlone() {
        Figure kept = Samples.figure("list", 5, Direction.LOWER, QUIET);
        Figure gone = Samples.figure("create.large", 1, Direction.HIGHER, QUIET);
        Figure anew = Samples.figure("create.small", 1, Direction.HIGHER, QUIET);
        assertThat(Results.of(List.of(kept, gone))
                        .replacing(Set.of(1, 2), List.of(anew))
                        .figures())
                .containsExactly(anew, kept);
    }
}
