package dev.tau.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
    @TempDir
    Path root;

    /** Outside of a completion, bash says on stderr that there is none. */
    @ParameterizedTest
    @CsvSource({"he,health", "health --max-q,--max-queue", "list --si,--since"})
    void bash_completes_commands_and_flags(String typed, String completed) throws Exception {
        StringWriter script = new StringWriter();
        assertThat(TauJobs.commandLine().setOut(new PrintWriter(script)).execute("generate-completion"))
                .isZero();
        Path file = Files.writeString(root.resolve("completion"), script.toString());
        Process bash = bash("source '" + file + "'; COMP_WORDS=(tau-jobs " + typed
                + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_tau-jobs; echo \"${COMPREPLY[*]}\"");
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said.strip().split(" ", -1)).contains(completed);
    }

    private static Process bash(String command) {
        try {
            return new ProcessBuilder("bash", "-c", command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "SKIPPED: there is no bash");
            throw new IllegalStateException(e);
        }
    }
}
