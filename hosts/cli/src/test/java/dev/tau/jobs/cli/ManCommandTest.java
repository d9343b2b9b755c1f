package dev.tau.jobs.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ManCommandTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream before = System.out;

    @TempDir
    Path dir;

    @BeforeEach
    void catchOutput() {
        System.setOut(new PrintStream(shown, true, UTF_8));
    }

    @AfterEach
    void giveItBack() {
        System.setOut(before);
    }

    @Test
    void the_page_of_a_command_says_what_its_help_says() {
        assertThat(TauJobs.commandLine().execute("man", "logs")).isZero();
        assertThat(shown.toString(UTF_8).lines())
                .startsWith(".TH \"TAU\\-JOBS\\-LOGS\" 1 \"\" \"tau\\-jobs development\" \"User Commands\"")
                .containsSubsequence(
                        ".SH \"NAME\"",
                        "tau\\-jobs\\-logs \\- Prints what a job wrote",
                        ".SH \"SYNOPSIS\"",
                        ".SH \"ARGUMENTS\"",
                        "\\fIID\\fR",
                        ".SH \"OPTIONS\"",
                        "\\fB\\-f\\fR, \\fB\\-\\-follow\\fR",
                        ".SH \"SEE ALSO\"",
                        "\\fBtau\\-jobs\\fR(1)")
                .contains("\\fB\\-\\-jobs\\-state\\-dir\\fR\\fI=DIR\\fR");
    }

    @Test
    void a_command_that_there_is_not_is_told() {
        assertThat(TauJobs.commandLine().execute("man", "nothing")).isEqualTo(2);
        assertThat(shown.size()).isZero();
    }

    @Test
    void all_pages_are_written_and_the_first_names_the_others() throws IOException {
        assertThat(TauJobs.commandLine()
                        .execute("man", "--out", dir.resolve("man1").toString()))
                .isZero();
        String first = Files.readString(dir.resolve("man1/tau-jobs.1"));
        try (Stream<Path> files = Files.list(dir.resolve("man1"))) {
            List<String> pages =
                    files.map(file -> file.getFileName().toString()).toList();
            assertThat(shown).hasToString(pages.size() + " pages in " + dir.resolve("man1") + System.lineSeparator());
            assertThat(pages).contains("tau-jobs-run.1", "tau-jobs-top.1").hasSizeGreaterThan(10);
            assertThat(pages)
                    .filteredOn(page -> !page.equals("tau-jobs.1"))
                    .allSatisfy(page -> assertThat(first)
                            .contains("\\fB"
                                    + page.substring(0, page.length() - 2).replace("-", "\\-") + "\\fR(1)"));
        }
    }

    @Command(name = "odd", description = ".so /etc/passwd \\n \"quoted\"", mixinStandardHelpOptions = true)
    private static final class Odd {
        @Option(names = "--odd", description = "'quoted. A \\fBtrap")
        private boolean unused;
    }

    /** Words of ours, but whoever writes a description should not have to know roff. */
    @Test
    void what_looks_like_a_request_stays_text() {
        String page = ManPage.of(new CommandLine(new Odd()).getCommandSpec());
        assertThat(page.lines())
                .contains("\\&.so /etc/passwd \\en \"quoted\"", "\\&'quoted. A \\efBtrap")
                .noneMatch(line -> line.startsWith(".so") || line.startsWith("'"));
    }
}
