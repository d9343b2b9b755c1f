package dev.tau.jobs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {
    private final BearerToken token = BearerToken.of("secret-1");

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret-1", "bearer secret-1", "BEARER  secret-1 "})
    void theSchemeIsReadInAnyCaseTheTokenIsNot(String authorization) {
        assertThat(token.isShownBy(authorization)).isTrue();
        assertThat(token.isShownBy(authorization.replace("secret", "Secret"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Bearer secret-", "Bearer secret-12", "Basic secret-1", "secret-1"})
    void whatIsNotTheTokenIsNotShown(String authorization) {
        assertThat(token.isShownBy(authorization)).isFalse();
        assertThat(token.isShownBy(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "new\nline", "na\u00efve", "\u007f"})
    void whatNoHeaderCarriesIsNoTokenAndIsNotRepeated(String value) {
        assertThatThrownBy(() -> BearerToken.of(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be visible ASCII characters without spaces, at least one");
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
