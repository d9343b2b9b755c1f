package dev.tau.jobs.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboundTest {
    private final InboundParser parser = new InboundParser(new ObjectMapper());

    @Test
    void linesEndAtLineFeedsAlone() throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream("a\rb\n\nlast".getBytes(UTF_8)), 100);
        assertThat(text(reader)).isEqualTo("a\rb");
        assertThat(text(reader)).isEmpty();
        assertThat(text(reader)).isEqualTo("last");
        assertThat(reader.next()).isNull();
    }

    @Test
    void aLineOverTheLimitIsSkippedWhole() throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream("12345\n123456\nok".getBytes(UTF_8)), 5);
        assertThat(text(reader)).isEqualTo("12345");
        assertThat(Objects.requireNonNull(reader.next()).tooLong()).isTrue();
        assertThat(text(reader)).isEqualTo("ok");
    }

    private static String text(LineReader reader) throws IOException {
        return new String(Objects.requireNonNull(reader.next()).bytes(), UTF_8);
    }

    @Test
    void requestsKeepTheirId() {
        Inbound inbound = parser.parse("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}".getBytes(UTF_8));
        assertThat(inbound)
                .isInstanceOfSatisfying(
                        Inbound.Request.class,
                        request -> assertThat(request.message().id()).isEqualTo("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{nope; -32700",
                "[]; -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}; -32700",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}; -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}; -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}; -32700",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}; -32602"
            })
    void malformedLinesGetTheirCode(String line, int code) {
        assertThat(parser.parse(line.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Inbound.Invalid.class,
                        invalid -> assertThat(invalid.code()).isEqualTo(code));
    }

    @Test
    void answersAndBlankLinesAreIgnored() {
        assertThat(parser.parse("  ".getBytes(UTF_8))).isInstanceOf(Inbound.Ignored.class);
        assertThat(parser.parse("{\"id\":5,\"result\":{}}".getBytes(UTF_8))).isInstanceOf(Inbound.Ignored.class);
    }
}
