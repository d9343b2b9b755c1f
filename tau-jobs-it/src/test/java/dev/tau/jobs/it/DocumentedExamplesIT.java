package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tau.jobs.testing.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types the commands of README.md, CONTRIBUTING.md and docs/*.md into a shell, one for each page, in the page's order and words.
 * Replaced are only the state directory {@code /tmp/tau-demo}, by one of the test's; the port 8931, by a free one; and in
 * configurations {@code /path/to/tau-jobs}, {@code /path/to/project} and {@code THE-TOKEN}, which each reader has to replace.
 * What is left to others, or to nobody: {@link PageExamples}.
 */
class DocumentedExamplesIT {
    private static final String SERVER = "./tau-jobs mcp --http";
    /** From this command of the operations guide on there is an agent on the state directory, */
    private static final String FIRST_WITH_HOST = "cat /tmp/tau-demo/owner.json";
    /** and after this one there is none again. */
    private static final String LAST_WITH_HOST = "find /sys/fs/cgroup -type d -name 'tau-jobs-*'";

    private static final Expected OTHERS = expected("", "\\S");

    /** What the one command with a certain part prints, as a pattern, and with which of these codes it exits. */
    private record Expected(String part, String prints, List<Integer> codes) {}

    private static Expected expected(String part, String prints, Integer... codes) {
        return new Expected(part, prints, codes.length == 0 ? List.of(0) : List.of(codes));
    }

    private static final List<Expected> EXPECTED = List.of(
            expected("-- sh -c 'echo one; sleep 1; echo two >&2; exit 3'", "one\n(.*\n)*two\n", 3),
            expected("-- sh -c 'echo one; echo two >&2; exit 3'", "one\n", 3),
            expected("--status terminal --limit 5 --json", "job_non_zero_exit"),
            expected("id=$(", "^$"),
            expected("./tau-jobs status ", "job_non_zero_exit"),
            expected("./tau-jobs logs --jobs-state-dir", "^one\n$"),
            expected("./tau-jobs logs --stderr", "^two\n$"),
            expected("./tau-jobs cancel ", "job_non_zero_exit"),
            expected("generate-completion", "^$"),
            expected("--since 2h", "job_non_zero_exit"),
            expected("-n 20", "job_non_zero_exit"),
            expected("/tmp/tau-demo --json", "job_non_zero_exit"),
            expected("--max-age-ms 60000", "^unhealthy: no live agent owns ", 1),
            expected("--max-age-ms 30000", "^healthy: "),
            expected("--since 1h", "running .*sleep 300"),
            expected("--limit 50 --json", "sleep 300"),
            expected("--max-queue 50", "^unhealthy: no live agent owns ", 1),
            expected("TAU_JOBS_SERVE_TOKEN=$(", "^$"),
            expected("export TAU_JOBS_SERVE_TOKEN", "^$"),
            expected("./tau-jobs serve --port", ""),
            expected("curl -s --retry", "tau_jobs_up\\{"),
            expected("kill $!", "^$"),
            expected("jfr print", "dev\\.tau\\.jobs\\.JobTransition[\\s\\S]*\"succeeded\""),
            expected("--timeout-ms 500 -- sleep 5", "job_timeout", 124),
            expected("-- no-such-program", "job_spawn_failed", 127),
            expected("-- sh -c 'kill -9 $$'", "^$", 137),
            expected(FIRST_WITH_HOST, "\"pid\""),
            expected("--status queued", "\n.* queued "),
            expected("ls /tmp/tau-demo/quarantine", "broken\\.json"),
            expected("grep background_job_", "background_job_quarantined"),
            expected("--status running", "\n.* running .*sleep 300"),
            expected("grep trace_error", "is no session"),
            expected("-- sh -c 'env | grep TAU_JOB'", "TAU_JOB_ID="),
            // Where processes are somebody else's, or end meanwhile, grep has not seen them all.
            expected("grep -lsz", "/proc/\\d+/environ", 0, 2),
            // Where the host may make no groups there is nothing to be found.
            expected(LAST_WITH_HOST, "", 0, 1),
            expected(
                    "env LC_ALL=C ",
                    "the host's character set US-ASCII does not have; run the host in a UTF-8 locale",
                    127),
            expected("env LC_ALL=C.UTF-8 ", "\u00e4"),
            expected("\"method\":\"tools/list\"", "jobs_cancel"),
            expected("export TAU_JOBS_MCP_TOKEN=", "^$"),
            expected("curl -i ", "HTTP/1.1 200 [\\s\\S]*\"serverInfo\""));

    @TempDir
    Path directory;

    private final List<PageReader> readers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (PageReader reader : readers) {
            reader.close();
        }
    }

    @TestFactory
    List<DynamicContainer> eachExampleDoesWhatItsPageSays() throws IOException {
        List<DynamicContainer> pages = new ArrayList<>();
        for (String page : PageExamples.pages()) {
            Path root = Files.createDirectories(directory.toRealPath().resolve(page));
            PageReader reader = new PageReader(root);
            readers.add(reader);
            List<DynamicTest> tests = new ArrayList<>();
            PageExamples.blocks(page).forEach(block -> tests.addAll(examples(reader, page, block)));
            if (!tests.isEmpty()) {
                tests.add(DynamicTest.dynamicTest(page + " ends", reader::finish));
                pages.add(DynamicContainer.dynamicContainer(page, tests));
            }
        }
        return pages;
    }

    private static List<DynamicTest> examples(PageReader reader, String page, MarkdownPage.Block block) {
        String name = page + ":" + block.line() + " ";
        return switch (block.language()) {
            case "" ->
                PageExamples.commands(block).stream()
                        .filter(command -> PageExamples.isTyped(page, command))
                        .map(command -> DynamicTest.dynamicTest(name + command, () -> type(reader, name, command)))
                        .toList();
            case "json" ->
                List.of(DynamicTest.dynamicTest(
                        name + "the configuration",
                        () -> assertThat(reader.configure(block.text()))
                                .as("tools by %sthe configuration", name)
                                .containsExactlyInAnyOrder("jobs_create", "jobs_list", "jobs_status", "jobs_cancel")));
            case "text" ->
                List.of(DynamicTest.dynamicTest(name + "what the server says", () -> reader.hear(block.text())));
            default -> List.of();
        };
    }

    private static void type(PageReader reader, String name, String command) throws IOException {
        if (command.startsWith(SERVER)) {
            reader.serve(command);
            return;
        }
        if (command.startsWith("curl ")) {
            assumeTrue(reader.type("command -v curl").code() == 0, "there is a curl");
        }
        if (command.equals(FIRST_WITH_HOST)) {
            reader.openHost();
        }
        PageShell.Ran ran = reader.type(command);
        Expected expected = EXPECTED.stream()
                .filter(one -> command.contains(one.part()))
                .findFirst()
                .orElse(OTHERS);
        assertThat(ran.code())
                .as("exit code of %s%s, which has printed:%n%s", name, command, ran.output())
                .isIn(expected.codes());
        assertThat(ran.output()).as("what %s%s prints", name, command).containsPattern(expected.prints());
        if (command.equals(LAST_WITH_HOST)) {
            assertThat(ran.output().contains("/tau-jobs-")).isEqualTo(reader.hasGroups());
            reader.closeHost();
        }
    }

    @Test
    void whatIsExpectedIsOfOneCommand() {
        List<String> commands = PageExamples.pages().stream()
                .flatMap(page -> PageExamples.blocks(page).stream()
                        .filter(block -> block.language().isEmpty())
                        .flatMap(block -> PageExamples.commands(block).stream())
                        .filter(command -> PageExamples.isTyped(page, command)))
                .toList();
        assertThat(EXPECTED)
                .allSatisfy(one -> assertThat(commands.stream().filter(command -> command.contains(one.part())))
                        .as(one.part())
                        .hasSize(1));
    }
}
