package dev.tau.jobs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {
    private final BearerToken token = BearerToken.of("secret-0123456789");

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret-0123456789", "bearer secret-0123456789", "BEARER  secret-0123456789 "})
    void theSchemeIsReadInAnyCaseTheTokenIsNot(String authorization) {
        assertThat(token.isShownBy(authorization)).isTrue();
        assertThat(token.isShownBy(authorization.replace("secret", "Secret"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer secret-",
                "Bearer secret-01234567892",
                "Basic secret-0123456789",
                "secret-0123456789"
            })
    void whatIsNotTheTokenIsNotShown(String authorization) {
        assertThat(token.isShownBy(authorization)).isFalse();
        assertThat(token.isShownBy(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "fifteen-letters",
                "two words of sixteen",
                "a new\nline of sixteen",
                "na\u00efve-and-longer-than-16",
                "\u007f-longer-than-sixteen"
            })
    void whatNoHeaderCarriesIsNoTokenAndIsNotRepeated(String value) {
        assertThatThrownBy(() -> BearerToken.of(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be visible ASCII characters without spaces, at least 16");
    }

    @Test
    void randomOnesAreLongAndNeverTheSame() {
        assertThat(BearerToken.random().reveal())
                .hasSize(43)
                .isNotEqualTo(BearerToken.random().reveal());
    }

    @Test
    void itsTextIsNotInItsDescription() {
        assertThat(token.toString()).doesNotContain("secret");
    }
}
