package dev.tau.jobs.bench.report;

import static dev.tau.jobs.bench.result.Samples.QUIET;
import static dev.tau.jobs.bench.result.Samples.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tau.jobs.bench.result.Direction;
import dev.tau.jobs.bench.result.Figure;
import dev.tau.jobs.bench.result.Results;
import dev.tau.jobs.bench.result.ResultsFile;
import dev.tau.jobs.bench.result.Samples;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.helpers.DefaultHandler;

class ReportTest {
    private static void assertWellFormed(String svg) {
        assertThatCode(() -> {
                    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
                    builder.setErrorHandler(new DefaultHandler());
                    builder.parse(new InputSource(new StringReader(svg)));
                })
                .as(svg)
                .doesNotThrowAnyException();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void writesAPageChartsAndResults(@TempDir Path directory) throws IOException {
        Results results = Results.of(List.of(
                Samples.figure("create.1-thread", 1, Direction.HIGHER, times(QUIET, 0.5)),
                Samples.figure("list.1000", 5, Direction.LOWER, List.of(0.0001, 10.0, 1000.0)),
                Samples.figure("list.100000", 5, Direction.LOWER, List.of(10.0, 10.0, 10.0)),
                Samples.figure("open.1000", 7, Direction.LOWER, QUIET)));
        Report.write(directory, results);
        assertThat(names(directory))
                .containsExactly(
                        "index.md",
                        "list-by-jobs.svg",
                        "open-by-jobs.svg",
                        "results.json",
                        "target-01.svg",
                        "target-05.svg",
                        "target-07.svg");
        for (String name : names(directory)) {
            if (name.endsWith(".svg")) {
                String svg = Files.readString(directory.resolve(name));
                assertWellFormed(svg);
                assertThat(svg).contains("2 cores", "ext4", "5 rounds", "2026-11-24T12:00:00Z");
            }
        }
        String page = Files.readString(directory.resolve("index.md"));
        assertThat(page)
                .contains(
                        "**missed**: Title of create.1-thread <&>: 0.5 x a \"floor\" & more, wanted at least 0.6; off by 1.2x")
                .contains(
                        "[below](#1-durable-create-1-thread-workers-busy)",
                        "## 1. durable create, 1 thread, workers busy\n\nTarget: at least 0.6 of append + force of one line."
                                + "\n\nTried: ")
                .contains("met: Title of list.100000 <&>: 10 µs, wanted at most 20")
                .contains("2 cores", "ext4", "5 rounds", "2026-11-24T12:00:00Z", "tsp: not on the PATH")
                .contains("not measured");
        assertThat(ResultsFile.read(directory.resolve(Report.RESULTS))).isEqualTo(results);
    }

    @Test
    void aRunOverwritesAndLeavesNothingOfTheLastOne(@TempDir Path directory) throws IOException {
        Report.write(directory, Results.of(List.of(Samples.figure("list.1000", 5, Direction.LOWER, QUIET))));
        Report.write(directory, Results.of(List.of(Samples.figure("create.1-thread", 1, Direction.HIGHER, QUIET))));
        assertThat(names(directory)).containsExactly("index.md", "results.json", "target-01.svg");
    }

    @Property(tries = 100)
    void chartsAreWellFormedWhateverTheyShow(
            @ForAll String title,
            @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = 0, max = 1e15) Double> rounds) {
        Figure figure = Samples.figure(title, 1, Direction.LOWER, rounds);
        String svg = BarChart.of(title, title, List.of(figure, figure));
        assertWellFormed(svg);
        assertThat(svg).doesNotContain("NaN", "Infinity");
        assertWellFormed(LineChart.of(
                title,
                title,
                title,
                List.of(new LineChart.Line(title, Svg.OURS, List.of(new LineChart.Point(1, 1 + rounds.get(0)))))));
    }

    @Test
    void quickFiguresStandInForThoseThatTheTargetNames() {
        Results quick = Results.of(List.of(Samples.figure("true.300", 3, Direction.HIGHER, times(QUIET, 1.4))));
        Check check = Target.all().get(2).checks().get(0);
        assertThat(check.outcome(quick)).get().extracting(Check.Outcome::met).isEqualTo(true);
        assertThat(check.outcome(Results.of(List.of()))).isEmpty();
    }

    @Test
    void flatMeansThatNoSizeIsMuchSlower() {
        Check flat = Check.flat(1.5, "list.1000", "list.10000");
        Figure small = Samples.figure("list.1000", 5, Direction.LOWER, QUIET);
        Figure large = Samples.figure("list.10000", 5, Direction.LOWER, times(QUIET, 2));
        assertThat(flat.outcome(Results.of(List.of(small, large))))
                .get()
                .extracting(Check.Outcome::met)
                .isEqualTo(false);
        assertThat(flat.outcome(Results.of(List.of(small)))).isEmpty();
    }

    @Test
    void numbersHaveThreeDigits() {
        assertThat(Stream.of(0.0, 0.000123, 0.01234, 1.0, 1.234, 12.34, 123.4, 12_345.0, 1e7, Double.POSITIVE_INFINITY)
                        .map(Numbers::format))
                .containsExactly("0", "0.000123", "0.0123", "1", "1.23", "12.3", "123", "12,300", "10,000,000", "∞");
    }
}
