package dev.tau.jobs.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:8080"})
    void thisMachineInItsOwnNames(String authority) {
        assertThat(LoopbackNames.isHost(authority)).isTrue();
        assertThat(LoopbackNames.isOrigin("http://" + authority)).isTrue();
        assertThat(LoopbackNames.isOrigin("HTTPS://" + authority)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":80",
                "evil.example",
                "localhost.evil.example",
                "evil.example#localhost",
                "evil.example/localhost",
                "localhost/",
                "localhost@evil.example",
                "evil.example@localhost",
                "127.0.0.1.evil.example",
                "127.0.0.2",
                "0.0.0.0",
                "[::]",
                "::1",
                "localhost:x",
                "localhost, evil.example",
            })
    void whatIsElsewhereOrNoNameAtAll(String authority) {
        assertThat(LoopbackNames.isHost(authority)).isFalse();
        assertThat(LoopbackNames.isOrigin("http://" + authority)).isFalse();
    }

    @Test
    void aHostIsNeededAnOriginOnlyOfBrowsers() {
        assertThat(LoopbackNames.isHost(null)).isFalse();
        assertThat(LoopbackNames.isOrigin(null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "localhost", "file://", "://localhost", "chrome-extension://localhost"})
    void originsOfNoServerAreForeign(String origin) {
        assertThat(LoopbackNames.isOrigin(origin)).isFalse();
    }
}
