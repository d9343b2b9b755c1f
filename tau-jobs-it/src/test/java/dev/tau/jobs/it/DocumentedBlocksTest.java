package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.MarkdownPage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every block of every page is run by somebody, or is on the list of those that are not. */
class DocumentedBlocksTest {
    private static final String OURS = "tau-jobs-it/src/test/java/dev/tau/jobs/it/";

    /** What compiles and runs the Java, properties and XML of a page: a test of the module that has the classes. */
    private static final Map<String, String> TESTS = Map.of(
            "README.md",
            OURS + "ReadmePageTest.java",
            "docs/testing.md",
            OURS + "TestingPageTest.java",
            "docs/jakarta-ee.md",
            OURS + "JakartaPageTest.java",
            "docs/monitoring.md",
            "hosts/opentelemetry/src/test/java/dev/tau/jobs/opentelemetry/SpanTraceSinkTest.java",
            "docs/langchain4j.md",
            "hosts/langchain4j/src/test/java/dev/tau/jobs/langchain4j/TauJobsExamplesTest.java",
            "docs/spring-ai.md",
            "hosts/spring-ai/src/test/java/dev/tau/jobs/springai/TauJobsExamplesTest.java",
            "docs/google-adk.md",
            "hosts/google-adk/src/test/java/dev/tau/jobs/adk/TauJobsExamplesTest.java");

    @Test
    void eachBlockIsRunOrListed() {
        List<String> found = PageExamples.pages().stream()
                .flatMap(page -> PageExamples.blocks(page).stream()
                        .filter(block -> !isRunOrListed(page, block))
                        .map(block -> page + ":" + block.line()))
                .toList();
        assertThat(found).as("blocks that nobody runs, and that are not listed").isEmpty();
    }

    private static boolean isRunOrListed(String page, MarkdownPage.Block block) {
        return switch (block.language()) {
            // DocumentedExamplesIT types what nobody else runs, and uses the configurations.
            case "", "json", "text" -> true;
            case MarkdownPage.JAVA -> isIn(page, "assertJavaIsIn(") || isIn(page, "blocks(MarkdownPage.JAVA)");
            case "properties", "xml" -> isIn(page, "blocks(\"" + block.language() + "\")");
            default ->
                PageExamples.isListed(page, block.text().lines().findFirst().orElse(""));
        };
    }

    private static boolean isIn(String page, String use) {
        String test = TESTS.get(page);
        if (test == null) {
            return false;
        }
        String source = Json.text(PageExamples.HOME.resolve(test));
        return source.contains("/" + page + "\"") && source.contains(use);
    }

    @Test
    void whatIsListedIsThere() {
        assertThat(PageExamples.NOT_RUN)
                .allSatisfy(one -> assertThat(PageExamples.blocks(one.page()).stream()
                                .flatMap(block -> PageExamples.commands(block).stream()))
                        .as("%s shows it", one.page())
                        .contains(one.line()));
    }

    @Test
    void othersRunWhatIsLeftToThem() {
        for (String page : PageExamples.pages()) {
            assertThat(PageExamples.blocks(page).stream()
                            .flatMap(block -> PageExamples.commands(block).stream())
                            .filter(command ->
                                    PageExamples.isForCi(page, command) || PageExamples.isBenchmark(command)))
                    .allSatisfy(command -> assertThat(Json.text(PageExamples.HOME.resolve(page)))
                            .as("indented, as the two below look for it")
                            .contains("\n    " + command));
        }
        assertThat(Json.text(PageExamples.HOME.resolve(".ci/run")))
                .as("it takes these commands from the pages")
                .contains("grep -h '^    mvn -q ' docs/*.md");
        assertThat(Json.text(PageExamples.HOME.resolve(
                        "tau-jobs-bench/src/test/java/dev/tau/jobs/bench/BenchCommandTest.java")))
                .as("it takes these commands from the pages")
                .contains("/tau-jobs bench");
    }
}
