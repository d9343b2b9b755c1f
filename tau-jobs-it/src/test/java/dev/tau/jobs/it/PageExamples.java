package dev.tau.jobs.it;

import dev.tau.jobs.testing.MarkdownPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The blocks of README.md, CONTRIBUTING.md and docs/*.md, and who runs them. A block without a language is commands, one a line.
 */
final class PageExamples {
    static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    private static final String NEEDS_NPM = "needs npm and a network";
    private static final String TAKES_LONG = "takes 10 minutes and more";

    /** A command, or the first line of another block, that is shown and not run. */
    record NotRun(String page, String line, String why) {}

    static final List<NotRun> NOT_RUN = List.of(
            new NotRun("README.md", "mvn verify", "is what runs the tests"),
            new NotRun("CONTRIBUTING.md", "mvn verify", "is what runs the tests"),
            new NotRun("CONTRIBUTING.md", "mvn spotless:apply", "would change the sources that are tested"),
            new NotRun("CONTRIBUTING.md", "hosts/cli/src/test/browser/run", NEEDS_NPM),
            new NotRun("CONTRIBUTING.md", "hosts/cli/src/test/browser/run --pictures", NEEDS_NPM),
            new NotRun("docs/architecture.md", "flowchart LR", "a diagram"),
            new NotRun("docs/benchmarks.md", "git worktree add ../base origin/main", "the reader's own repository"),
            new NotRun("docs/mcp.md", "hosts/cli/src/test/mcp-clients/run", NEEDS_NPM),
            new NotRun("docs/mcp.md", "hosts/cli/src/test/mcp-clients/run server-sse-polling", NEEDS_NPM),
            new NotRun("docs/monitoring.md", "scrape_configs:", "is for a Prometheus"),
            new NotRun("docs/monitoring.md", "dev.tau.jobs.JobTransition {", "what jfr prints"),
            new NotRun("docs/mutation-testing.md", "mvn verify -Pdeep", TAKES_LONG),
            new NotRun(
                    "docs/mutation-testing.md",
                    "mvn verify -Pdeep -pl tau-jobs-plugin -am -Dmaven.test.skip.exec",
                    TAKES_LONG),
            new NotRun(
                    "docs/operations.md",
                    "./tau-jobs top --jobs-state-dir /tmp/tau-demo",
                    "needs a terminal; TopIT drives it"),
            new NotRun(
                    "docs/operations.md",
                    "./tau-jobs serve --jobs-state-dir /tmp/tau-demo",
                    "goes on until it is told to end; ServeIT drives it"),
            new NotRun(
                    "docs/operations.md",
                    "WARNING: state.json could not be written, and lags behind until it can be: No space left on device",
                    "a picture of a log"));

    private PageExamples() {}

    /** The pages by their names from the project's root. */
    static List<String> pages() {
        try (Stream<Path> docs = Files.list(HOME.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md"),
                            docs.map(page -> "docs/" + page.getFileName())
                                    .filter(page -> page.endsWith(".md"))
                                    .sorted())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<MarkdownPage.Block> blocks(String page) {
        return MarkdownPage.of(HOME.resolve(page)).blocks();
    }

    /** The commands of a block without a language, less what is said of them behind a #. */
    static List<String> commands(MarkdownPage.Block block) {
        return block.text()
                .lines()
                .map(line -> line.replaceFirst("\\s+# .*", ""))
                .toList();
    }

    static boolean isListed(String page, String line) {
        return NOT_RUN.stream()
                .anyMatch(one -> one.page().equals(page) && one.line().equals(line));
    }

    /** Commands that .ci/run runs, which starts the Mavens that a build can't have in it. */
    static boolean isForCi(String page, String command) {
        return page.startsWith("docs/") && command.startsWith("mvn -q ");
    }

    /** Commands that the benchmarks' own BenchCommandTest parses; .ci/run measures. */
    static boolean isBenchmark(String command) {
        return command.contains("/tau-jobs bench");
    }

    /** Whether {@link DocumentedExamplesIT} types it. */
    static boolean isTyped(String page, String command) {
        return !isListed(page, command) && !isForCi(page, command) && !isBenchmark(command);
    }
}
