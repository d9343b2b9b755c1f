package dev.tau.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.json.JsonLibrary;
import dev.tau.jobs.spi.ToolContext;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of settings of the wire format, and ours of docs/operations.md. */
class JobsConfigTest {
    private static final Path HERE = Path.of("/work");

    private static JobsConfig config(String... settings) {
        ToolContext.Builder context = ToolContext.builder().workingDirectory(HERE);
        for (int i = 0; i < settings.length; i += 2) {
            context.setting(settings[i], settings[i + 1]);
        }
        return JobsConfig.from(context.build());
    }

    @Test
    void the_defaults_are_those_of_the_wire_format() {
        JobsConfig config = config();
        assertThat(config.enabled()).isTrue();
        assertThat(config.stateDir()).isEqualTo(HERE.resolve(".tau/jobs"));
        assertThat(config.listDefaultLimit()).isEqualTo(20);
        assertThat(config.listMaxLimit()).isEqualTo(200);
        assertThat(config.defaultTimeoutMs()).isEqualTo(30_000);
        assertThat(config.maxTimeoutMs()).isEqualTo(900_000);
        assertThat(config.channelStoreRoot()).isEqualTo(HERE.resolve(".tau/channel-store"));
        assertThat(config.session()).isEqualTo(HERE.resolve(".tau/sessions/default.jsonl"));
    }

    @Test
    void our_own_defaults_are_those_of_the_guide() {
        JobsConfig config = config();
        assertThat(config.workers())
                .isEqualTo(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
        assertThat(config.maxQueued()).isEqualTo(10_000);
        assertThat(config.killGraceMs()).isEqualTo(2_000);
        assertThat(config.maxRecoveries()).isEqualTo(3);
        assertThat(config.maxOutputBytes()).isEqualTo(67_108_864);
        assertThat(config.retainCount()).isEqualTo(10_000);
        assertThat(config.retainMs()).isNull();
        assertThat(config.controlGroups()).isTrue();
        assertThat(config.logRotationMaxBytes()).isEqualTo(10_485_760);
        assertThat(config.logRotationMaxFiles()).isEqualTo(5);
        assertThat(config.json()).isEqualTo(JsonLibrary.AUTO);
        assertThat(config.maxPerMinute()).isNull();
    }

    @Test
    void a_highest_value_is_never_below_the_default_one() {
        assertThat(config("jobs-list-default-limit", "300").listMaxLimit()).isEqualTo(300);
        assertThat(config("jobs-list-max-limit", "5").listMaxLimit()).isEqualTo(20);
        assertThat(config("jobs-default-timeout-ms", "1000000").maxTimeoutMs()).isEqualTo(1_000_000);
        assertThat(config("jobs-max-timeout-ms", "5").maxTimeoutMs()).isEqualTo(30_000);
    }

    @Test
    void there_need_be_no_session() {
        assertThat(config("no-session", "true").session()).isNull();
        assertThat(config("session", "../s.jsonl").session()).isEqualTo(Path.of("/s.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "yes", "on", " TRUE "})
    void yes_has_several_names(String yes) {
        assertThat(config("jobs-control-groups", yes).controlGroups()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "0", "no", "off"})
    void so_has_no(String no) {
        assertThat(config("jobs-enabled", no).enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jobs-enabled               | maybe | must be true or false
                    jobs-state-dir             | ''    | must not be empty
                    jobs-list-default-limit    | 0     | must be an integer from 1 to 100000
                    jobs-list-max-limit        | 100001 | must be an integer from 1 to 100000
                    jobs-default-timeout-ms    | 0     | must be an integer from 1 to
                    jobs-max-timeout-ms        | 1.5   | must be an integer from 1 to
                    jobs-workers               | 10001 | must be an integer from 1 to 10000
                    jobs-max-queued            | -1    | must be an integer from 1 to 10000000
                    jobs-kill-grace-ms         | 600001 | must be an integer from 0 to 600000
                    jobs-max-recoveries        | 0     | must be an integer from 1 to 1000000
                    jobs-max-output-bytes      | 65535 | must be an integer from 65536 to
                    jobs-retain-count          | -1    | must be an integer from 0 to
                    jobs-retain-ms             | 0     | must be an integer from 1 to
                    jobs-max-per-minute        | 0     | must be an integer from 1 to
                    log-rotation-max-bytes     | 0     | must be an integer from 1 to
                    log-rotation-max-files     | 1001  | must be an integer from 1 to 1000
                    jobs-json                  | gson  | must be
                    """)
    void what_does_not_parse_is_refused_with_the_setting_the_rule_and_the_value(
            String setting, String value, String rule) {
        assertThatThrownBy(() -> config(setting, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(setting + " ", rule, "but is \"" + value + "\"");
    }

    @Test
    void a_mistyped_setting_is_not_taken_for_its_default() {
        assertThatThrownBy(() -> config("jobs-worker", "1")).hasMessage("setting jobs-worker is not known");
    }
}
