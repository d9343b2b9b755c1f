package dev.tau.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class AgeTest {
    @ParameterizedTest
    @CsvSource({"90s,PT90S", "2h,PT2H", "1d12h,P1DT12H", "1D2H3M4S,P1DT2H3M4S", "0s,PT0S", "7d,P7D"})
    void an_age_is_days_hours_minutes_and_seconds(String text, Duration age) {
        assertThat(new Age().convert(text)).isEqualTo(age);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2",
                "h",
                "-1h",
                "1h2d",
                "1.5h",
                " 1h",
                "99999999999999999999d",
                "100000000000000d",
                "36526d",
                "yesterday"
            })
    void what_is_none_is_refused_by_the_rule(String text) {
        assertThatThrownBy(() -> new Age().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("90s, 2h or 1d12h, found: " + text);
    }
}
