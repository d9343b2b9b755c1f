package dev.tau.jobs.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolContextTest {

    @Test
    void a_flag_beats_the_environment_and_each_knows_where_it_came_from() {
        ToolContext context = ToolContext.fromEnvironment(
                Map.of("TAU_JOBS_WORKERS", "2", "TAU_SESSION", "s.jsonl", "HOME", "/x"),
                "--jobs-workers=4",
                "--no-session",
                "--jobs-state-dir",
                "/d");

        assertThat(context.settings())
                .containsOnly(
                        Map.entry("jobs-workers", "4"),
                        Map.entry("session", "s.jsonl"),
                        Map.entry("no-session", "true"),
                        Map.entry("jobs-state-dir", "/d"));
        assertThat(context.origin("jobs-workers")).isEqualTo("--jobs-workers");
        assertThat(context.origin("session")).isEqualTo("TAU_SESSION");
    }

    @Test
    void what_is_no_flag_is_refused_by_name() {
        assertThatThrownBy(() -> ToolContext.fromEnvironment(Map.of(), "jobs-workers"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jobs-workers");
    }

    @Test
    void the_working_directory_is_the_allowed_root_until_one_is_given() {
        Path here = Path.of("").toAbsolutePath();

        assertThat(ToolContext.builder().build().allowedRoots()).containsExactly(here);
        assertThat(ToolContext.builder().allowedRoot(Path.of("/a")).build().allowedRoots())
                .containsExactly(Path.of("/a"));
    }
}
