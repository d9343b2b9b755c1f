package dev.tau.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListCommandTest {
    @TempDir
    Path dir;

    /** This class path has none of JSON-B. */
    @Test
    void aJsonLibraryThatIsNotThereIsAnInvalidSetting() {
        assertThat(TauJobs.commandLine().execute("list", "--jobs-state-dir=" + dir, "--jobs-json=jsonb"))
                .isEqualTo(2);
    }

    /** Whatever the settings take: an environment's values may have blanks around them. */
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"5,0", " 5 ,0", "0,2", "five,2"})
    void theDefaultLimitIsReadAsTheSettingsReadIt(String limit, int exitCode) {
        assertThat(TauJobs.commandLine()
                        .execute("list", "--jobs-state-dir=" + dir, "--jobs-list-default-limit=" + limit))
                .isEqualTo(exitCode);
    }
}
