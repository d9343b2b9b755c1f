package dev.tau.jobs.bench;

import static dev.tau.jobs.bench.result.Samples.QUIET;
import static dev.tau.jobs.bench.result.Samples.times;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.bench.report.Target;
import dev.tau.jobs.bench.result.Direction;
import dev.tau.jobs.bench.result.Results;
import dev.tau.jobs.bench.result.ResultsFile;
import dev.tau.jobs.bench.result.Samples;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Exit codes and messages; nothing is measured here. */
class BenchCommandTest {
    private static final Path DOCS = Path.of("../docs");

    private static final Pattern DOCUMENTED = Pattern.compile(" {4}\\S*/tau-jobs bench(.*?)(\\s+#.*)?");

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String base = "";

    @BeforeEach
    void writeBase() throws IOException {
        base = file("base.json", QUIET).toString();
    }

    private Path file(String name, List<Double> create) throws IOException {
        Path file = directory.resolve(name);
        ResultsFile.write(
                file,
                Results.of(List.of(
                        Samples.figure("create.1-thread", 1, Direction.HIGHER, create),
                        Samples.figure("list.1000", 5, Direction.LOWER, QUIET))));
        return file;
    }

    private int run(String... arguments) {
        CommandLine commandLine = BenchCommand.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    void identicalFilesCompareAs0() {
        assertThat(run("compare", base, base)).isZero();
        assertThat(out.toString()).contains("create.1-thread", "list.1000", "no regression beyond 15 %");
    }

    @Test
    void aFigureSlowedBy40PercentComparesAs1AndIsNamed() throws IOException {
        String slow = file("slow.json", times(QUIET, 0.6)).toString();
        assertThat(run("compare", base, slow)).isEqualTo(1);
        assertThat(out.toString()).contains("-40 %", "REGRESSION", "regression beyond 15 %: create.1-thread");
        assertThat(run("compare", "--tolerance", "0.8", base, slow)).isZero();
    }

    @Test
    void aNoisyFigureComparesAs0AndIsMarked() throws IOException {
        String noisy =
                file("noisy.json", List.of(50.0, 60.0, 70.0, 110.0, 120.0)).toString();
        assertThat(run("compare", base, noisy)).isZero();
        assertThat(out.toString()).contains("within the noise");
    }

    @Test
    void anUnusableFileComparesAs2() throws IOException {
        Files.writeString(directory.resolve("broken.json"), "{");
        assertThat(run("compare", base, directory.resolve("broken.json").toString()))
                .isEqualTo(2);
        assertThat(run("compare", directory.resolve("absent.json").toString(), base))
                .isEqualTo(2);
        assertThat(err.toString()).contains("broken.json is no results file", "absent.json: no such file");
        ResultsFile.write(directory.resolve("empty.json"), Results.of(List.of()));
        assertThat(run("compare", base, directory.resolve("empty.json").toString()))
                .isEqualTo(2);
    }

    @Test
    void wrongUsageIs2() {
        assertThat(run("compare", base)).isEqualTo(2);
        assertThat(run("compare", "--tolerance", "-1", base, base)).isEqualTo(2);
        assertThat(run("compare", "--tolerance", "much", base, base)).isEqualTo(2);
        assertThat(run("--only", "12")).isEqualTo(2);
        assertThat(run("--only", "all")).isEqualTo(2);
        assertThat(run("--fast")).isEqualTo(2);
        assertThat(err.toString()).contains("--only 12: there are the targets [1, 2, 3");
    }

    @Test
    void aReportThatCannotBeAddedToIs125BeforeAnythingIsMeasured() throws IOException {
        Files.writeString(directory.resolve("results.json"), "{");
        assertThat(run("--quick", "--only", "1", "--out", directory.toString())).isEqualTo(125);
        assertThat(err.toString()).contains("results.json is no results file");
    }

    /** The commands of the documentation's blocks, without the {@code ./tau-jobs bench} in front and the comment behind. */
    private static List<List<String>> documented() throws IOException {
        try (Stream<Path> docs = Files.list(DOCS)) {
            List<List<String>> found = new ArrayList<>();
            for (Path page : Stream.concat(
                            Stream.of(Path.of("../README.md"), Path.of("../CONTRIBUTING.md")),
                            docs.filter(file -> file.toString().endsWith(".md")))
                    .toList()) {
                for (String line : Files.readAllLines(page)) {
                    Matcher command = DOCUMENTED.matcher(line);
                    if (command.matches()) {
                        found.add(Stream.of(command.group(1).split(" "))
                                .filter(argument -> !argument.isEmpty())
                                .toList());
                    }
                }
            }
            return found;
        }
    }

    @Test
    void whatIsDocumentedIsUnderstood() throws IOException {
        assertThat(documented()).hasSizeGreaterThan(5).allSatisfy(arguments -> {
            CommandLine.ParseResult parsed = BenchCommand.commandLine().parseArgs(arguments.toArray(String[]::new));
            List<Integer> only = parsed.matchedOptionValue("--only", List.of());
            assertThat(Target.numbers()).containsAll(only);
        });
    }

    /** A file that a reader has from a run of his own is here the committed one, too. */
    @Test
    void theDocumentedComparisonWithTheBaselineRuns() throws IOException {
        String baseline = DOCS.resolve("benchmarks/baseline-quick.json").toString();
        assertThat(documented().stream().filter(arguments -> arguments.contains("docs/benchmarks/baseline-quick.json")))
                .isNotEmpty()
                .allSatisfy(arguments -> assertThat(run(arguments.stream()
                                .map(one -> one.endsWith(".json") ? baseline : one)
                                .toArray(String[]::new)))
                        .isZero());
        assertThat(out.toString()).contains("create.1-thread", "no regression beyond 15 %");
    }

    @Test
    void theDocumentedDurationsAreThoseOfTheHelp() throws IOException {
        assertThat(run("--help")).isZero();
        assertThat(out.toString().replaceAll("\\s+", " ")).contains("5 to 10 minutes instead of about 40");
        assertThat(Files.readString(DOCS.resolve("benchmarks.md"))).contains("5 to 10 minutes", "about 40 minutes");
    }

    @Test
    void helpTeaches() {
        assertThat(run("--help")).isZero();
        assertThat(run("compare", "--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "--quick",
                        "--only",
                        "--out",
                        "--dir",
                        "compare",
                        "Exit codes",
                        "125",
                        "durable create, 1 thread")
                .contains("--tolerance", "A regression is a figure");
    }
}
