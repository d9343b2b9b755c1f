package dev.tau.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedCommandsTest {
    @TempDir
    Path outer;

    private Path dir;
    private Path bin;

    @BeforeEach
    void programs() throws IOException {
        dir = outer.toRealPath();
        bin = Files.createDirectory(dir.resolve("bin"));
        program(bin.resolve("git"));
        Files.createDirectory(dir.resolve("evil"));
        program(dir.resolve("evil/git"));
        Files.createFile(bin.resolve("readme"));
    }

    private static void program(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private boolean allows(String patterns, String command) {
        return AllowedCommands.parse(patterns, "/nowhere:" + bin)
                .refusal(command, dir, Map.of())
                .isEmpty();
    }

    @Test
    void a_name_is_matched_by_a_pattern_without_a_slash_and_no_path_is() {
        assertThat(allows("git", "git")).isTrue();
        assertThat(allows("git", "gitk")).isFalse();
        assertThat(allows("g*\nmake", "make")).isTrue();
        assertThat(allows("g*", "gitk")).isTrue();
        assertThat(allows("git", "./evil/git")).isFalse();
        assertThat(allows("git", dir + "/evil/git")).isFalse();
        assertThat(allows("*", "./evil/git")).isFalse();
    }

    @Test
    void a_path_is_matched_where_it_leads() throws IOException {
        assertThat(allows(bin + "/*", bin + "/git")).isTrue();
        assertThat(allows(bin + "/*", "bin/git")).isTrue();
        assertThat(allows(bin + "/*", "git")).as("found by PATH").isTrue();
        assertThat(allows(bin + "/*", "readme")).as("no program").isFalse();
        assertThat(allows(bin + "/*", "evil/git")).isFalse();
        assertThat(allows(bin + "/*", bin + "/none/x")).isFalse();
        assertThat(allows(dir + "/**", dir + "/evil/git")).isTrue();
    }

    /** As /bin, which is a link to /usr/bin on many systems. */
    @Test
    void a_pattern_whose_directory_is_a_link_stands_for_where_it_leads() throws IOException {
        Path odd = Files.createDirectory(dir.resolve("odd*[x]{y"));
        program(odd.resolve("git"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), odd);
        assertThat(allows(link + "/git", link + "/git")).isTrue();
        assertThat(allows(link + "/g*", link + "/git")).isTrue();
        assertThat(allows(link + "/git", odd + "/git")).isTrue();
        assertThat(allows(link + "/git", "evil/git")).isFalse();
        assertThat(allows(dir + "/l*/git", link + "/git"))
                .as("a wildcard stands for no link")
                .isFalse();
        assertThat(allows(dir + "/none/git", dir + "/none/git")).isFalse();
    }

    @Test
    void links_and_dots_lead_nowhere_else() throws IOException {
        Files.createSymbolicLink(bin.resolve("way"), dir.resolve("evil"));
        assertThat(allows(bin + "/**", bin + "/way/git")).isFalse();
        // The kernel goes up from where the link leads: dir/git, not bin/git.
        program(dir.resolve("git"));
        assertThat(allows(bin + "/*", bin + "/way/../git")).isFalse();
        assertThat(allows(bin + "/*", bin + "/../evil/git")).isFalse();
        assertThat(allows(bin + "/*", bin + "/..")).isFalse();
    }

    @Test
    void a_name_can_not_be_given_another_meaning() {
        AllowedCommands git = AllowedCommands.parse("git", bin.toString());
        assertThat(git.refusal("git", dir, Map.of("PATH", dir + "/evil")))
                .hasValueSatisfying(why -> assertThat(why).contains("PATH", "--jobs-allow-command"));
        assertThat(AllowedCommands.any().refusal("git", dir, Map.of("PATH", "x")))
                .isEmpty();
    }

    @Test
    void the_directory_does_not_say_which_program_a_name_is() {
        for (String path : new String[] {".:" + bin, ":" + bin, "evil:" + bin, bin + "/none:."}) {
            assertThat(AllowedCommands.parse("git", path).refusal("git", dir, Map.of()))
                    .as(path)
                    .hasValueSatisfying(why -> assertThat(why).contains("PATH", "relative"));
        }
        assertThat(AllowedCommands.parse("git", bin + ":.").refusal("git", dir, Map.of()))
                .isEmpty();
    }

    /** Each shell searches places of its own then. */
    @Test
    void without_a_path_only_a_path_says_which_program_it_is() {
        AllowedCommands all = AllowedCommands.parse("*\n/**", null);
        assertThat(all.refusal("sh", dir, Map.of()))
                .hasValueSatisfying(why -> assertThat(why).contains("PATH", "--jobs-allow-command"));
        assertThat(all.refusal("/bin/sh", dir, Map.of())).isEmpty();
    }

    @Test
    void empty_lines_say_nothing() {
        assertThat(allows("\ngit\n\n", "git")).isTrue();
        assertThat(allows("\ngit\n\n", "make")).isFalse();
    }

    @Test
    void a_refusal_names_the_rule_and_what_is_allowed() {
        assertThat(AllowedCommands.parse("git\nmake", "/bin").refusal("rm", dir, Map.of()))
                .hasValue("command must be one that --jobs-allow-command allows (git, make), but is rm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n", "bin/git", "[", "{a"})
    void what_is_no_pattern_is_refused(String value) {
        assertThatThrownBy(() -> AllowedCommands.parse(value, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(AllowedCommands.RULE);
    }
}
