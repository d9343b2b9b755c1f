package dev.tau.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorsTest {
    private final StringWriter said = new StringWriter();

    private int execute(String... arguments) {
        return TauJobs.commandLine().setErr(new PrintWriter(said, true)).execute(arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "list, --limit, at least 1",
        "events, --lines, at least 0",
        "health, --max-queue, at least 0",
        "serve, --port, 0 to 65535",
        "mcp, --http, 0 to 65535",
        "run, --timeout-ms, at least 1"
    })
    void a_number_that_is_none_is_told_with_the_rule(String command, String flag, String rule) {
        assertThat(execute(command, flag + "=x1")).isEqualTo(2);
        assertThat(said.toString().lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("tau-jobs: ")
                        .contains("'" + flag)
                        .endsWith(": must be a whole number, found: x1"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("  " + flag + ": ").containsIgnoringCase(rule))
                .contains("See tau-jobs " + command + " --help");
    }

    @Test
    void a_number_that_is_too_large_is_told_how_large_it_may_be() {
        assertThat(execute("list", "--limit", "99999999999")).isEqualTo(2);
        assertThat(said.toString()).contains("must be a whole number up to 2147483647, found: 99999999999");
        assertThat(execute("run", "--timeout-ms", "9".repeat(20), "true")).isEqualTo(2);
        assertThat(said.toString()).contains("must be a whole number up to 9223372036854775807, found: 999");
    }

    @Test
    void an_argument_that_there_is_not_is_told_without_all_the_others() {
        assertThat(execute("list", "--limi", "3")).isEqualTo(2);
        assertThat(said.toString()).contains("--limi").contains("See tau-jobs list --help");
        assertThat(said.toString().lines()).hasSizeLessThan(8);
        assertThat(execute("lst")).isEqualTo(2);
        assertThat(said.toString()).contains("lst").contains("list");
    }
}
